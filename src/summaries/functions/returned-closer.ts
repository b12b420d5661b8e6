/**
 * A function that hands out what it opened may hand out beside it the function that closes it, and then that one is
 * what its callers have to call:
 *
 *     close := func() { file.Close() }
 *     return newDecoder(file), close, nil
 */
import { capturedPlace, functionFacts } from '../../engine/function-facts.ts';
import type { SettledExit } from '../../engine/state.ts';
import type { PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../demand.ts';
import type { Obligation } from '../obligations/obligations.ts';
import { groupsOf } from './flow-groups.ts';

/** Which of the results it is; null: there is none. */
export function returnedCloser(demand: Demand, scope: Scope, { seed }: Obligation, exit: SettledExit): number | null {
  const terminator = exit.state.path === null ? undefined : scope.fn.blocks[exit.state.path.block]?.terminator;
  if (terminator?.op !== 'return' || terminator.values.length < 2) return null;
  const groups = demand.groups(scope);
  const meant = groupsOf(groups, seed.places);
  const index = terminator.values.findIndex(
    (value) =>
      value.kind === 'place' && releasedBy(demand, scope, value.place).some((place) => meant.has(groups.group(place))),
  );
  return index < 0 ? null : index;
}

function releasedBy(demand: Demand, scope: Scope, holder: PlaceId): readonly PlaceId[] {
  const facts = functionFacts(scope.fn);
  const closure = facts.closures.get(holder);
  if (closure === undefined) return [];
  return closure.members
    .filter((member) => demand.closureMayRelease(scope, member.fn))
    .flatMap((member) => demand.closureEffects(scope, member.fn))
    .flatMap((effect) => {
      if (effect.kind !== 'release' || effect.slot.at !== 'capture') return [];
      return capturedPlace(facts, closure, effect.slot) ?? [];
    });
}
