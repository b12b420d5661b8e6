/** What the suites of all frontends ask of lowering, and their fixtures: sources with the printed IR beside them. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Instruction, IrFunction } from '../src/ir/ir.ts';
import { printFunction } from '../src/ir/print.ts';
import { verifyFunction } from '../src/ir/verify.ts';
import type { LanguageFrontend } from '../src/languages/language.ts';
import { loadModels } from '../src/models/load.ts';
import type { Conventions } from '../src/models/conventions.ts';

export interface Lowering {
  readonly conventions: Conventions;
  /** Names of fixtures. */
  readonly fixtures: readonly string[];
  readonly textOf: (fixture: string) => string;
  /** All functions of a text. */
  readonly lowerAll: (text: string, path?: string) => IrFunction[];
}

/** Gets the parser ready before the tests of the suite. */
export function loweringOf(frontend: LanguageFrontend, usualPath: string): Lowering {
  const { conventions } = loadModels(frontend.id);
  const folder = fixturesOf(frontend);
  beforeAll(() => frontend.load());
  return {
    conventions,
    fixtures: readdirSync(folder).filter((name) => !name.endsWith('.ir')),
    textOf: (fixture) => readFileSync(folder + fixture, 'utf8'),
    lowerAll: (text, path = usualPath) => {
      const file = frontend.parse(path, text);
      const { declarations } = frontend.index(file, conventions);
      return declarations.flatMap((declaration) => [...frontend.lower(file, declaration, conventions)]);
    },
  };
}

/** `fixtures/<language>/lowering/<Construct>.<extension>` against the IR beside it; `UPDATE=1` rewrites that. */
export function describeFixtures(frontend: LanguageFrontend, { fixtures, textOf, lowerAll }: Lowering): void {
  const folder = fixturesOf(frontend);
  describe('fixtures', () => {
    it.each(fixtures)('%s', (name) => {
      // Only an extension that is one of several says anything.
      const functions = frontend.extensions.length === 1 ? lowerAll(textOf(name)) : lowerAll(textOf(name), name);
      expect(functions.flatMap(verifyFunction)).toEqual([]);
      const printed = functions.map(printFunction).join('\n');
      const golden = folder + name.replace(/\.\w+$/, '.ir');
      if (process.env.UPDATE === '1') writeFileSync(golden, printed);
      expect(printed).toBe(readFileSync(golden, 'utf8'));
    });
  });
}

/** Of a text with one function; closures in it come behind. */
export function firstOf([fn]: readonly IrFunction[]): IrFunction {
  if (fn === undefined) throw new Error('nothing was lowered');
  return fn;
}

export function instructionsOf(fn: IrFunction): Instruction[] {
  return fn.blocks.flatMap((block) => [...block.instructions]);
}

export function opaqueReasons(fn: IrFunction): string[] {
  return instructionsOf(fn).flatMap((instruction) => (instruction.op === 'opaque' ? [instruction.why] : []));
}

function fixturesOf({ id }: LanguageFrontend): string {
  return fileURLToPath(new URL(`../fixtures/${id}/lowering/`, import.meta.url));
}
