/** The ways Go code releases something, best first. */
import type { Fix, FixRequest } from '../../../findings/edit.ts';
import type { Habits } from '../../habits.ts';
import type { GoFile } from '../parse.ts';
import { beforeExit } from './before-exit.ts';
import { deferred } from './defer.ts';
import { ownFunctionPerRound } from './loop-closure.ts';
import { releasedInstead } from './release-instead.ts';
import { siteOf } from './site.ts';

export function goFixes(file: GoFile, request: FixRequest, habits: Habits): readonly Fix[] {
  const site = siteOf(file, request, habits);
  if (site === null || request.remedy === null || !canBeWritten(file, request.remedy.calls[0] ?? '')) return [];
  if (request.check === 'wrong-target') return releasedInstead(site);
  const [defers, exits] = [deferred(site), beforeExit(site)];
  // A deferred rollback after a commit is an error nobody sees; before the return it is what is missing.
  const ordered = request.remedy.family === 'transaction' ? [...exits, ...defers] : [...defers, ...exits];
  const safeFirst = [...ordered.filter(({ isSafe }) => isSafe), ...ordered.filter(({ isSafe }) => !isSafe)];
  return [...safeFirst, ...ownFunctionPerRound(site)];
}

/** `$.Close(context.Background())` wants `context`, which most files that have such a value import. */
function canBeWritten({ text }: GoFile, call: string): boolean {
  return [...call.matchAll(/(?<![\w$.])([a-z]\w*)\.[A-Z]/g)].every(([, name]) =>
    new RegExp(`^(?:import)?\\s*(?:${name ?? ''}\\s+)?"(?:[^"\\n]*/)?${name ?? ''}"`, 'm').test(text),
  );
}
