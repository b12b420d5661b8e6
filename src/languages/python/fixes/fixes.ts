/** The ways Python code releases something, best first. */
import type { Fix, FixRequest } from '../../../findings/edit.ts';
import type { Habits } from '../../habits.ts';
import type { PythonFile } from '../parse.ts';
import { closedByOwner } from './closed-by-owner.ts';
import { exitStack } from './exit-stack.ts';
import { moduleName } from './imports.ts';
import { isKeptInWrapper } from './kept.ts';
import { onFailure } from './on-failure.ts';
import { sameStack } from './same-stack.ts';
import { siteOf, type Site } from './site.ts';
import { tryFinally } from './try-finally.ts';
import { withBehind } from './with-behind.ts';
import { namedTemporary, releasedAtOnce, withStatement } from './with.ts';

export function pythonFixes(file: PythonFile, request: FixRequest, habits: Habits): readonly Fix[] {
  if (request.check === 'unreleased-field') return closedByOwner(file, request, habits);
  const found = siteOf(file, request, habits);
  const site = found === null ? null : asImported(found);
  if (site === null || request.remedy === null) return [];
  // Nothing is awaited outside of `async def`.
  if (request.remedy.calls[0]?.startsWith('await ') === true && !site.isAsync) return [];
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

/** `os.close($)` by the name the module has at the site: `operating.close($)`; null: it has none there. */
function asImported(site: Site): Site | null {
  const { remedy } = site.request;
  const module = /^([\w.]+)\.\w+\(\$/.exec(remedy?.calls[0] ?? '')?.[1];
  if (remedy === null || module === undefined) return site;
  const name = moduleName(site, module);
  if (name === null) return null;
  const calls = remedy.calls.map((one) => (one.startsWith(`${module}.`) ? name + one.slice(module.length) : one));
  return { ...site, request: { ...site.request, remedy: { ...remedy, calls } } };
}
