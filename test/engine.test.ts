/**
 * Every function under `fixtures/engine/` must end as the comments on its lines say, and in no other way. What its calls
 * do, `engine-model.ts` says. A line says everything that ends there:
 *
 *     in%0 = function open ()      // open overwritten       the last reference to it is lost here
 *     method use on in%0 () …      // open throw likely      a call that fails leaves the function with it open
 *     return ()                    // open return declared   it is open, on a path that such a call failed on before
 *     method close on in%0 ()      // released               so for `returned`, `transferred to …`, `escaped`, `halted`
 *     return ()                    // missed: open return (why)     wrong: open return (why)
 *
 * Behind `function "…"` it says which bounds are reached: `limit replays`. Several are separated by `;`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { entryFacts } from '../src/engine/entry-facts.ts';
import { functionFacts } from '../src/engine/function-facts.ts';
import { anyResource } from '../src/engine/machine.ts';
import { mayBeReleased } from '../src/engine/outlook.ts';
import { simulate, type Simulation } from '../src/engine/simulate.ts';
import { slotPlaces } from '../src/engine/slots.ts';
import type { SettledExit } from '../src/engine/state.ts';
import { lineMap, type LineMap } from '../src/findings/line-map.ts';
import type { BlockId, IrFunction, Span } from '../src/ir/ir.ts';
import { parseFunction, parseFunctions } from '../src/ir/parse-text.ts';
import { printFunction } from '../src/ir/print.ts';
import { verifyFunction } from '../src/ir/verify.ts';
import { contextOf, modelOf } from './engine-model.ts';

const fixtures = join(import.meta.dirname, '../fixtures/engine');

for (const topic of readdirSync(fixtures).sort()) {
  describe(`engine/${topic}`, () => {
    for (const file of readdirSync(join(fixtures, topic)).sort()) {
      const text = readFileSync(join(fixtures, topic, file), 'utf8');
      describe(file, () => {
        test.each(parseFunctions(text).map((fn) => [fn.name, fn] as const))('%s', (_, fn) => {
          expect(verifyFunction(fn)).toEqual([]);
          expect(parseFunction(printFunction(fn))).toEqual(fn);
          checkEnds(text, fn);
        });
      });
    }
  });
}

test('a function too big to walk is given up', () => {
  const blocks = Array.from({ length: 40_000 }, (_, id) => `b${String(id + 1)}:\n  jump b${String(id + 2)}`);
  const fn = parseFunction(
    `function big\n  place %0 local in\nb0:\n  in%0 = function open ()\n  jump b1\n${blocks.join('\n')}\nb40001:\n  return ()`,
  );
  const limits = new Set<string>();
  expect(followed(fn, limits)).toEqual([{ open: [], settled: [], limit: 'blocks' }]);
  expect([...limits]).toEqual(['facts at entry', 'blocks']);
});

function checkEnds(text: string, fn: IrFunction): void {
  const map = lineMap(text);
  const limits = new Set<string>();
  const simulations = followed(fn, limits);
  expect(simulations, 'calls that acquire').not.toEqual([]);
  const ends = new Set<string>();
  const note = (span: Span, end: string): void => {
    ends.add(`${String(map.position(span.start).line)}: ${end}`);
  };
  for (const { open, settled } of simulations) {
    for (const { kind, span, state, fields } of open)
      note(
        span,
        ['open', kind, ...(state.weakest === null ? [] : [state.weakest]), ...fields.map((one) => `in ${one}`)].join(
          ' ',
        ),
      );
    for (const exit of settled) note(endOf(fn, exit), toldOf(exit));
  }
  for (const limit of limits) note(fn.span, `limit ${limit}`);
  const expected = expectedEnds(fn, map);
  const found = expected.missed.filter((one) => ends.has(one));
  expect(found, 'now found: take `missed:` away').toEqual([]);
  expect([...ends].sort()).toEqual(expected.ends);
}

/** What becomes of each thing that the function acquires. */
function followed(fn: IrFunction, limits: Set<string>): Simulation[] {
  const context = contextOf(fn, limits);
  return fn.blocks.flatMap(({ id: block, instructions }) =>
    instructions.flatMap((call, index) => {
      const acquires = call.op === 'call' ? modelOf(call).acquires : undefined;
      if (call.op !== 'call' || acquires === undefined) return [];
      const facts = functionFacts(fn);
      const places = slotPlaces(facts, call, acquires.slot);
      const seed = {
        tracked: { ...anyResource, resource: 'resource', hasSiblingRelease: mayBeReleased(context, places) },
        block,
        index: index + 1,
        places,
        holders: acquires.heldBy === undefined ? [] : slotPlaces(facts, call, acquires.heldBy),
        isState: acquires.isState === true,
        facts: entryFacts(fn, context).before(block, index),
        span: call.span,
        label: 'open',
      };
      return [simulate(fn, context, seed)];
    }),
  );
}

function toldOf({ settlement }: SettledExit): string {
  return settlement.kind === 'transferred' ? `transferred to ${settlement.to}` : settlement.kind;
}

/** Where only the block is known, it is the end of that. */
function endOf(fn: IrFunction, { by, state }: SettledExit): Span {
  if (by !== null) return by.span;
  const last = state.path?.block ?? (0 as BlockId); // a path has at least the block it starts in
  return fn.blocks[last]?.terminator.span ?? fn.span;
}

const expectation =
  /^(?:(missed|wrong): )?(open (?:return|throw|overwritten|dropped)(?: (?:possible|likely|declared|explicit))?(?: in \w+)?|released|returned|transferred to \w+|escaped|halted|limit [a-z ]+)(?: \(.*\))?$/;

/** What the comments behind the lines of a function say. */
function expectedEnds(fn: IrFunction, map: LineMap): { ends: string[]; missed: string[] } {
  const [ends, missed]: [string[], string[]] = [[], []];
  const [start, end] = [map.position(fn.span.start).line, map.position(fn.span.end).line];
  for (let line = start; line <= end; line++) {
    const [code, comment] = map.line(line).split(/ *\/\/ /);
    if (code === '' || comment === undefined) continue;
    for (const part of comment.split('; ')) {
      const [, mark, what = ''] = expectation.exec(part) ?? [];
      if (what === '') throw new Error(`line ${String(line)}: cannot read '${part}'`);
      (mark === 'missed' ? missed : ends).push(`${String(line)}: ${what}`);
    }
  }
  return { ends: ends.sort(), missed };
}
