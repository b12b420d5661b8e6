/** What is known of calls and functions, as text. */
import type { KnownCall, KnownFunction } from '../inspect.ts';

export function callText({ callee, source, type, throws, acquires, effects }: KnownCall): string {
  const on = type === null ? '' : ` of ${type}`;
  return linesOf(`${callee}${on}: ${source}`, [`throws: ${throws}`, ...acquired(acquires), ...effects]);
}

export function functionText({ symbol, acquires, effects }: KnownFunction): string {
  const all = [...acquired(acquires), ...effects];
  return linesOf(symbol, all.length > 0 ? all : ['nothing']);
}

function acquired(resources: readonly string[]): string[] {
  return resources.map((resource) => `acquires: ${resource}`);
}

function linesOf(head: string, rest: readonly string[]): string {
  return [head, ...rest.map((line) => `  ${line}`)].map((line) => `${line}\n`).join('');
}
