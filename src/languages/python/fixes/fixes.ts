/** The ways Python code releases something, best first. */
import type { Fix, FixRequest } from '../../../findings/edit.ts';
import type { Habits } from '../../habits.ts';
import type { PythonFile } from '../parse.ts';
import { closedByOwner } from './closed-by-owner.ts';
import { exitStack } from './exit-stack.ts';
import { isKeptInWrapper } from './kept.ts';
import { onFailure } from './on-failure.ts';
import { sameStack } from './same-stack.ts';
import { siteOf } from './site.ts';
import { tryFinally } from './try-finally.ts';
import { withBehind } from './with-behind.ts';
import { namedTemporary, releasedAtOnce, withStatement } from './with.ts';

export function pythonFixes(file: PythonFile, request: FixRequest, habits: Habits): readonly Fix[] {
  if (request.check === 'unreleased-field') return closedByOwner(file, request, habits);
  const site = siteOf(file, request, habits);
  if (site === null || request.remedy === null || !canBeWritten(file, request.remedy.calls[0] ?? '')) return [];
  // A commit ends it as well, and moves nowhere: what is missing is a rollback on failure alone.
  if (request.remedy.family === 'transaction' || request.remedy.isTransferred) return onFailure(site);
  // Where it is left open otherwise, nobody can tell whether the wrapper has it by then.
  if (isKeptInWrapper(site)) return request.remedy.exits.every(({ kind }) => kind === 'throw') ? onFailure(site) : [];
  return [
    ...withStatement(site),
    ...tryFinally(site),
    ...releasedAtOnce(site),
    ...namedTemporary(site),
    ...withBehind(site),
    ...sameStack(site),
    ...exitStack(site),
  ];
}

/** `os.close($)` wants `os`. */
function canBeWritten({ text }: PythonFile, call: string): boolean {
  const name = /^(\w+)\.\w+\(\$/.exec(call)?.[1];
  return name === undefined || new RegExp(`^[ \\t]*import [\\w., \\t]*\\b${name}\\b(?! *\\.)`, 'm').test(text);
}
