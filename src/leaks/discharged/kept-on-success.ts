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
import type { Simulation } from '../../engine/simulate.ts';
import type { OpenExit, State, TraceEvent } from '../../engine/state.ts';
import { someEntry } from '../../engine/store.ts';
import { NON_NULL } from '../../engine/value.ts';
import { constructedType } from '../../ir/construction.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import { failureOf, reachedWithoutError } from '../../summaries/functions/failure.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { groupsOf } from '../../summaries/functions/flow-groups.ts';

/** The ways out on which it is lost. */
export function withoutKept(
  demand: Demand,
  scope: Scope,
  obligation: Obligation,
  { open, settled }: Simulation,
): readonly OpenExit[] {
  const failure = failureOf(scope);
  if (scope.world.models.conventions.errorResult === null || open.length === 0) return open;
  if (failure === null) return withoutAccepted(demand, scope, obligation, open);
  const releases = settled.filter(({ settlement }) => settlement.kind === 'released');
  if (releases.length === 0 || !releases.every(({ state }) => hasFailed(scope, state))) return open;
  return open.filter(
    (exit) => exit.kind !== 'return' || failure.ends(exit) || hasFailed(scope, exit.state) || !wasGivenAway(exit.state),
  );
}

/**
 * A function that says nothing of its own failure still asks others for theirs:
 *
 *     if err != nil { conn.Close(); return }
 *     accept(conn)
 */
function withoutAccepted(
  demand: Demand,
  scope: Scope,
  { seed }: Obligation,
  open: readonly OpenExit[],
): readonly OpenExit[] {
  if (!open.some(({ kind, state }) => kind === 'return' && wasGivenAway(state))) return open;
  const groups = demand.groups(scope);
  const held = groupsOf(groups, seed.places);
  const sites = demand.releases(scope).filter(({ place }) => held.has(groups.group(place)));
  const succeeding = reachedWithoutError(scope, seed.block);
  if (sites.length === 0 || sites.some(({ block }) => succeeding.has(block))) return open;
  return open.filter(({ kind, state }) => {
    const isOnSuccess = state.path !== null && succeeding.has(state.path.block);
    return kind !== 'return' || !isOnSuccess || !wasGivenAway(state);
  });
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
