/** `debug ir`: the IR of a file's functions, as text or as a graph. Broken invariants follow as comments. */
import { Option } from 'commander';
import { UserError } from '../errors.ts';
import { toDot, toMermaid } from '../ir/graph.ts';
import type { IrFunction } from '../ir/ir.ts';
import { printFunction } from '../ir/print.ts';
import { verifyFunction } from '../ir/verify.ts';
import type { DebugDump } from './debug-dump.ts';

export const irDump: DebugDump = {
  name: 'ir',
  description: 'the intermediate representation of a file',
  argument: 'file',
  options: [
    new Option('--fn <name>', 'only functions of this name, with their closures'),
    new Option('--format <format>', 'how to print').choices(['text', 'mermaid', 'dot']).default('text'),
  ],
  async print(target, { fn: name, format }, open) {
    const functions = (await open(target)).ir(name ?? null);
    if (functions.length === 0)
      throw new UserError(`${target}: ${name === undefined ? 'no function' : `no function named ${name}`}`);
    const print = printers[format ?? 'text'] ?? printText;
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
