/** `debug summary` and `debug states`: what the analysis knows, and how it walks. */
import { Option } from 'commander';
import { UserError } from '../errors.ts';
import type { KnownStates } from '../inspect.ts';
import type { DebugDump } from './debug-dump.ts';
import { parseFileLine } from './file-line.ts';
import { functionText } from './known-text.ts';

export const summaryDump: DebugDump = {
  name: 'summary',
  description: 'what the functions of a file do to what they are given, and what they return fresh',
  argument: 'file',
  options: [new Option('--fn <name>', 'only functions of this name')],
  async print(target, { fn: name }, open) {
    const functions = (await open(target)).functions(name ?? null);
    if (functions.length === 0) throw new UserError(`${target}: no such function`);
    return functions.map(functionText).join('\n');
  },
};

export const statesDump: DebugDump = {
  name: 'states',
  description: 'how the engine walks with what is acquired on a line (blocks as in debug ir)',
  argument: 'file:line',
  options: [],
  async print(target, _flags, open) {
    const { file, line } = parseFileLine(target);
    const walks = (await open(file)).states(line);
    if (walks.length === 0) throw new UserError(`${target}: nothing is acquired on this line`);
    return walks.map(walkText).join('\n');
  },
};

function walkText({ acquisition, visits, exits }: KnownStates): string {
  const steps = visits.map(({ block, facts, throws }) => {
    const surely = throws === 'none' ? '' : ` after an exception (${throws})`;
    return `  block ${String(block)}${surely}: ${facts.length > 0 ? facts.join(', ') : 'nothing known'}`;
  });
  const ends = exits.map(({ kind, line }) => `  open at ${kind}, line ${String(line)}`);
  return [acquisition, ...steps, ...(ends.length > 0 ? ends : ['  open nowhere'])].map((line) => `${line}\n`).join('');
}
