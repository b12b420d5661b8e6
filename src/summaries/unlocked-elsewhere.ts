/** Locks and permits that somebody else gives back by design: another round over the same elements, or who signals. */
import type { ResourceKind } from '../effects/effect.ts';
import type { IrFunction, PlaceId } from '../ir/ir.ts';
import { isCopy } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from './demand.ts';
import { releasesOf, type Position } from './release-sites.ts';
import { isReleasedElsewhere } from './released-elsewhere.ts';

export function isUnlockedElsewhere(
  demand: Demand,
  scope: Scope,
  place: PlaceId,
  lock: ResourceKind,
  at: Position,
): boolean {
  return isReleasedInAnotherRound(demand, scope, place, lock) || isSignal(demand, scope, place, lock, at);
}

/** `for (s : segments) s.lock(); … for (s : segments) s.unlock();` */
function isReleasedInAnotherRound(demand: Demand, scope: Scope, place: PlaceId, lock: ResourceKind): boolean {
  return isElement(scope.fn, place) && releasesOf(demand, scope, place, lock).every((site) => site.place !== place);
}

function isElement(fn: IrFunction, place: PlaceId): boolean {
  return fn.blocks.some(({ instructions }) =>
    instructions.some((one) => {
      const source = isCopy(one) && one.dest === place ? fn.places[one.source.place] : undefined;
      return source?.kind === 'path' && source.fields.at(-1) === '[]';
    }),
  );
}

/** `ready.acquire()`, where only a function handed on before calls `ready.release()`: it waits for that. */
function isSignal(demand: Demand, scope: Scope, place: PlaceId, lock: ResourceKind, at: Position): boolean {
  const isOwn = releasesOf(demand, scope, place, lock).some((site) => site.span !== null);
  return !isOwn && isReleasedElsewhere(demand, scope, place, at.block, at.index);
}
