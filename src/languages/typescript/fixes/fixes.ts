/** The ways TypeScript and JavaScript code releases something, best first. */
import type { Fix, FixRequest } from '../../../findings/edit.ts';
import type { Habits } from '../../habits.ts';
import type { Target } from '../../language.ts';
import type { TypescriptFile } from '../parse.ts';
import { releasedWithOtherEnd } from './released-with-other-end.ts';
import { releasedInChain } from './released-in-chain.ts';
import { closedByOwner } from './closed-by-owner.ts';
import { forgottenField } from './forgotten-field.ts';
import { movedRelease } from './moved-release.ts';
import { onFailure } from './on-failure.ts';
import { guardOuterVariable } from './guard-outer-variable.ts';
import { takenBackByOwner } from './taken-back-by-owner.ts';
import { takenBackWhenSettled } from './taken-back-when-settled.ts';
import { scopedDeclaration } from './scoped-declaration.ts';
import { siteOf } from './site.ts';
import { namedTemporary, releasedAtOnce } from './temporaries.ts';
import { tryFinally } from './try-finally.ts';
import { takenBackAtTheEnd } from './taken-back-at-the-end.ts';

export function typescriptFixes(
  file: TypescriptFile,
  request: FixRequest,
  habits: Habits,
  target: Target,
): readonly Fix[] {
  if (request.remedy?.forgottenIn != null) return forgottenField(file, request);
  if (request.check === 'unreleased-field') return closedByOwner(file, request, habits, target);
  const site = siteOf(file, request, habits);
  if (site === null || request.remedy === null) return [];
  if (request.remedy.takenBack !== null)
    return [...takenBackWhenSettled(site), ...takenBackAtTheEnd(site), ...takenBackByOwner(site)];
  // A commit ends it as well, and moves nowhere: what is missing is a rollback on failure alone.
  if (request.remedy.family === 'transaction' || (request.remedy.isTransferred && site.value !== null))
    return onFailure(site);
  return [
    ...releasedWithOtherEnd(site),
    ...scopedDeclaration(site, target),
    ...tryFinally(site),
    ...movedRelease(site),
    ...guardOuterVariable(site),
    ...releasedAtOnce(site),
    ...namedTemporary(site),
    ...releasedInChain(site),
  ];
}
