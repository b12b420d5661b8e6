/** Which exceptions count for less, from every rules file that says so. */
import type { ExceptionLists } from './model-set.ts';
import type { RuleSource } from './schema.ts';

/** A user's list adds to the shipped one. */
export function compileExceptions(sources: readonly RuleSource[]): ExceptionLists {
  const all = sources.map((source) => source.document.exceptions);
  return {
    unlikely: new Set(all.flatMap((rules) => rules?.unlikely ?? [])),
    unchecked: new Set(all.flatMap((rules) => rules?.unchecked ?? [])),
    ofOpening: new Set(all.flatMap((rules) => rules?.ofOpening ?? [])),
  };
}
