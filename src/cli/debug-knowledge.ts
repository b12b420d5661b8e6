/** `debug model`, `debug summary` and `debug states`: what the analysis knows, and how it walks. */
import { Option } from 'commander';
import { UserError } from '../errors.ts';
import { inspect, type KnownCall, type KnownFunction, type KnownStates } from '../inspect.ts';
import type { DebugDump } from './debug-dump.ts';

export const modelDump: DebugDump = {
  name: 'model',
  description: 'which rule, function or signature each call of a line means, and what it does',
  argument: 'file:line',
  options: [],
  async print(target, _flags, { cwd }) {
    const { file, line } = place(target);
    const calls = (await inspect(file, cwd)).calls(line);
    if (calls.length === 0) throw new UserError(`${target}: no call begins on this line`);
    return calls.map(printCall).join('\n');
  },
};

export const summaryDump: DebugDump = {
  name: 'summary',
  description: 'what the functions of a file do to what they are given, and what they return fresh',
  argument: 'file',
  options: [new Option('--fn <name>', 'only functions of this name')],
  async print(target, flags, { cwd }) {
    const functions = (await inspect(target, cwd)).functions(flags.fn ?? null);
    if (functions.length === 0) throw new UserError(`${target}: no such function`);
    return functions.map(printFunction).join('\n');
  },
};

export const statesDump: DebugDump = {
  name: 'states',
  description: 'how the engine walks with what is acquired on a line (blocks as in debug ir)',
  argument: 'file:line',
  options: [],
  async print(target, _flags, { cwd }) {
    const { file, line } = place(target);
    const walks = (await inspect(file, cwd)).states(line);
    if (walks.length === 0) throw new UserError(`${target}: nothing is acquired on this line`);
    return walks.map(printWalk).join('\n');
  },
};

function place(target: string): { file: string; line: number } {
  const match = /^(.+):(\d+)$/.exec(target);
  if (match === null) throw new UserError(`${target}: expected FILE:LINE`);
  return { file: match[1] ?? '', line: Number(match[2]) };
}

function printCall({ callee, source, type, throws, acquires, effects }: KnownCall): string {
  const on = type === null ? '' : ` of ${type}`;
  return [`${callee}${on}: ${source}`, `  throws: ${throws}`, ...lines('acquires', acquires), ...lines('', effects)]
    .map((line) => `${line}\n`)
    .join('');
}

function printFunction({ symbol, acquires, effects }: KnownFunction): string {
  const all = [...lines('acquires', acquires), ...lines('', effects)];
  return [symbol, ...(all.length > 0 ? all : ['  nothing'])].map((line) => `${line}\n`).join('');
}

function printWalk({ acquisition, visits, exits }: KnownStates): string {
  const steps = visits.map(({ block, facts, throws }) => {
    const surely = throws === 'none' ? '' : ` after an exception (${throws})`;
    return `  block ${String(block)}${surely}: ${facts.length > 0 ? facts.join(', ') : 'nothing known'}`;
  });
  const ends = exits.map(({ kind, line }) => `  open at ${kind}, line ${String(line)}`);
  return [acquisition, ...steps, ...(ends.length > 0 ? ends : ['  open nowhere'])].map((line) => `${line}\n`).join('');
}

function lines(label: string, items: readonly string[]): string[] {
  return items.map((item) => `  ${label === '' ? '' : `${label}: `}${item}`);
}
