/** `debug ir`: the IR of a file's functions, as text or as a graph. Broken invariants follow as comments. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { UserError } from '../errors.ts';
import { toDot, toMermaid } from '../ir/graph.ts';
import type { IrFunction } from '../ir/ir.ts';
import { printFunction } from '../ir/print.ts';
import { verifyFunction } from '../ir/verify.ts';
import { frontendFor } from '../languages/registry.ts';
import { loadModels } from '../models/load.ts';
import { readSourceText } from '../project/source-text.ts';
import type { DebugDump } from './debug-dump.ts';

export const irDump: DebugDump = {
  name: 'ir',
  description: 'the intermediate representation of a file',
  argument: 'file',
  options: [
    new Option('--fn <name>', 'only functions of this name, with their closures'),
    new Option('--format <format>', 'how to print').choices(['text', 'mermaid', 'dot']).default('text'),
  ],
  async print(target, flags, terminal) {
    const functions = await lowerFile(target, flags.fn ?? null, terminal.cwd);
    const print = printers[flags.format ?? 'text'] ?? printText;
    return functions.map(print).join('\n');
  },
};

const printers: Readonly<Record<string, (fn: IrFunction) => string>> = {
  text: printText,
  mermaid: toMermaid,
  dot: toDot,
};

function printText(fn: IrFunction): string {
  const problems = verifyFunction(fn).map((problem) => `// broken: ${problem}\n`);
  return printFunction(fn) + problems.join('');
}

async function lowerFile(target: string, name: string | null, cwd: string): Promise<IrFunction[]> {
  const frontend = frontendFor(target);
  if (frontend === null) throw new UserError(`${target}: no language has files of this name`);
  const source = readSourceText(resolve(cwd, target));
  if ('problem' in source) throw new UserError(`${target} ${source.problem}`);
  await frontend.load();
  const { conventions } = loadModels(frontend.id);
  const file = frontend.parse(target, source.text);
  const wanted = frontend
    .index(file, conventions)
    .declarations.filter((declaration) => declaration.hasBody && (name === null || declaration.name === name));
  if (wanted.length === 0)
    throw new UserError(`${target}: ${name === null ? 'no function' : `no function named ${name}`}`);
  return wanted.flatMap((declaration) => [...frontend.lower(file, declaration, conventions)]);
}
