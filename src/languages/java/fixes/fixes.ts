/** The ways Java code releases something, best first. */
import type { Fix, FixRequest } from '../../../findings/edit.ts';
import type { Habits } from '../../habits.ts';
import type { JavaFile } from '../parse.ts';
import { closedByOwner } from './closed-by-owner.ts';
import { isKeptInWrapper } from './kept.ts';
import { onFailure } from './on-failure.ts';
import { siteOf, type Site } from './site.ts';
import { namedTemporary, releasedOnTheSpot } from './temporaries.ts';
import { tryFinally } from './try-finally.ts';
import { tryWithResources } from './try-with-resources.ts';

export function javaFixes(file: JavaFile, request: FixRequest, habits: Habits): readonly Fix[] {
  if (request.check === 'unreleased-field') return closedByOwner(file, request, habits);
  const site = siteOf(file, request, habits);
  if (site === null || request.remedy === null || isArray(site)) return [];
  // A commit ends it as well, and moves nowhere: what is missing is a rollback on failure alone.
  if (request.remedy.family === 'transaction') return onFailure(site);
  if (isKeptInWrapper(site)) {
    // Where it is left open otherwise, nobody can tell whether the wrapper has it by then.
    if (request.remedy.exits.some(({ kind }) => kind !== 'throw')) return [];
    return onFailure({ ...site, request: { ...request, remedy: { ...request.remedy, isTransferred: true } } });
  }
  const fixes = [
    ...tryWithResources(site),
    ...tryFinally(site),
    ...namedTemporary(site),
    ...releasedOnTheSpot(site),
    ...onFailure(site),
  ];
  return [...fixes.filter(({ isSafe }) => isSafe), ...fixes.filter(({ isSafe }) => !isSafe)];
}

/** An array of them is none of them. */
function isArray({ form, request }: Site): boolean {
  if (form.kind === 'declared') return form.declaration.type.type === 'array_type';
  return request.remedy?.type?.endsWith('[]') === true;
}
