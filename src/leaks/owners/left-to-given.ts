/**
 * What ends it is given, if at all: where a caller gives nothing to end it by, it is to go on for as long as the program.
 *
 *     const timer = setInterval(poll, 1000);
 *     if (signal) signal.addEventListener('abort', () => clearInterval(timer));
 */
import type { ResourceKind } from '../../effects/effect.ts';
import { blocksPassed, type OpenExit } from '../../engine/state.ts';
import type { BlockId, PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { isGiven, originsOf } from '../../summaries/obligations/origins.ts';
import { releasesGroup } from '../../summaries/obligations/released-elsewhere.ts';

/** A call that leaves the end with what is given, and the question whether anything is. */
interface LeftWith {
  readonly asks: BlockId;
  readonly leaves: BlockId;
}

export function withoutLeftToGiven(
  demand: Demand,
  scope: Scope,
  obligation: Obligation,
  open: readonly OpenExit[],
): readonly OpenExit[] {
  const [place] = obligation.seed.places;
  if (place === undefined || !obligation.hasSiblingRelease || !open.some(isPlainReturn)) return open;
  const left = leftWith(demand, scope, demand.groups(scope).group(place), obligation.resource);
  if (left.length === 0) return open;
  return open.filter((exit) => {
    if (!isPlainReturn(exit)) return true;
    const path = new Set(blocksPassed(exit.state));
    return !left.some(({ asks, leaves }) => path.has(asks) && !path.has(leaves));
  });
}

function isPlainReturn({ kind, state }: OpenExit): boolean {
  return kind === 'return' && state.weakest === null;
}

function leftWith(demand: Demand, scope: Scope, group: PlaceId, resource: ResourceKind): readonly LeftWith[] {
  const { blocks } = scope.fn;
  const releasers = new Set(
    demand
      .closuresOf(scope)
      .filter(({ closure }) => releasesGroup(demand, scope, closure, group, resource))
      .map(({ closure }) => closure.dest),
  );
  if (releasers.size === 0) return [];
  return blocks.flatMap(({ id: leaves, instructions }) =>
    instructions.flatMap((one): readonly LeftWith[] => {
      if (one.op !== 'call' || one.receiver === null) return [];
      const { receiver, args } = one;
      const isLeft = args.some(({ value }) => value.kind === 'place' && releasers.has(value.place));
      if (!isLeft || !isGiven(originsOf(scope, receiver))) return [];
      return blocks.flatMap(({ id: asks, terminator }) => {
        const isAsked =
          terminator.op === 'branch' && terminator.when !== 'unknown' && terminator.when.place === receiver;
        return isAsked && (terminator.then === leaves || terminator.else === leaves) ? [{ asks, leaves }] : [];
      });
    }),
  );
}
