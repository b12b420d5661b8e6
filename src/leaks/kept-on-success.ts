/**
 * A function that releases something where it fails, and nowhere else, means to hand it on where it succeeds. Whoever was
 * given it then has it, though nobody can see that:
 *
 *     db, err := open(path)
 *     …
 *     defer func() { if err != nil { db.Close() } }()
 *     return serve(NewStore(db))
 *
 * Languages with exceptions need no such rule: a release in a clause is no evidence of what happens on success.
 */
import type { Simulation } from '../engine/simulate.ts';
import type { OpenExit, State, TraceEvent } from '../engine/state.ts';
import { someEntry } from '../engine/store.ts';
import { NON_NULL } from '../engine/value.ts';
import { constructedType } from '../ir/construction.ts';
import type { Scope } from '../resolve/scope.ts';
import { failureOf } from '../summaries/functions/failure.ts';

/** The ways out on which it is lost. */
export function withoutKept(scope: Scope, { open, settled }: Simulation): readonly OpenExit[] {
  const failure = failureOf(scope);
  if (failure === null || open.length === 0) return open;
  const releases = settled.filter(({ settlement }) => settlement.kind === 'released');
  if (releases.length === 0 || !releases.every(({ state }) => hasFailed(scope, state))) return open;
  return open.filter(
    (exit) => exit.kind !== 'return' || failure.ends(exit) || hasFailed(scope, exit.state) || !wasGivenAway(exit.state),
  );
}

/** An error is known to be there. */
function hasFailed(scope: Scope, { store }: State): boolean {
  const { errorResult } = scope.world.models.conventions;
  return someEntry(
    store,
    (place, value) => value === NON_NULL && errorResult?.test(scope.typeOf(place) ?? '') === true,
  );
}

/** To a function that nobody knows, or as a part of something. */
function wasGivenAway({ wasLent, cause }: State): boolean {
  for (let event: TraceEvent | null = cause; event !== null; event = event.previous) {
    if (event.kind === 'wrapped' && constructedType(event.detail) !== null) return true;
  }
  return wasLent;
}
