/** What a loop leaves behind in each of its rounds, or keeps open until the function ends. */
import type { OpenExit } from '../engine/state.ts';
import type { Simulation } from '../engine/simulate.ts';
import { someEntry, type Store } from '../engine/store.ts';
import { isResource } from '../engine/value.ts';
import type { IrFunction, PlaceId } from '../ir/ir.ts';
import { literalAssigned, reaches } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from '../summaries/demand.ts';
import { isMounting } from '../summaries/obligations/mounting.ts';
import { isRendered } from '../summaries/obligations/rendered.ts';
import type { Obligation } from '../summaries/obligations/obligations.ts';

/** The way to the exit goes around, to where the next one is acquired; or a framework runs the function again. */
export function addsUp(scope: Scope, { resource, seed }: Obligation, exits: readonly OpenExit[]): boolean {
  const { fn, world } = scope;
  const where = world.models.resource(resource).addsUp;
  if (where === null) return false;
  if (isMounting(scope) && isForFirstOnly(fn)) return false;
  if (isMounting(scope) || isRendered(scope, seed.block))
    return exits.some(({ kind, state }) => kind !== 'throw' && state.weakest === null);
  if (where === 'mounting' || !reaches(fn, seed.block, seed.block)) return false;
  return exits.some(({ state }) => {
    if (state.weakest !== null) return false;
    for (let link = state.path; link !== null; link = link.previous) {
      const block = fn.blocks[link.block];
      if (block?.isLoopHead === true && link.block <= seed.block && reaches(fn, link.block, seed.block)) return true;
    }
    return false;
  });
}

/** `if (isStarted) return; isStarted = true;`, of a variable that outlives the call: only the first one gets further. */
function isForFirstOnly(fn: IrFunction): boolean {
  const tested = new Set(
    fn.blocks.flatMap(({ terminator }) =>
      terminator.op === 'branch' && terminator.when !== 'unknown' ? [terminator.when.place] : [],
    ),
  );
  return fn.blocks.some(({ instructions }) =>
    instructions.some((one) => {
      const literal = literalAssigned(one);
      if (one.op !== 'assign' || literal?.kind !== 'boolean' || !literal.value) return false;
      return fn.places[one.dest]?.kind === 'global' && tested.has(one.dest);
    }),
  );
}

/**
 * A release deferred in a loop waits in a slot that keeps what earlier rounds put there. One still there when the
 * next round gets to the acquisition is open until the function ends. What was handed on after the `defer` is not
 * followed that far; there it is enough that a next round can be reached.
 */
export function isDeferredInLoop(
  demand: Demand,
  scope: Scope,
  { seed, family }: Obligation,
  { settled }: Simulation,
  isWaiting: boolean,
): boolean {
  if (family !== 'resource' || isWaiting) return family === 'resource';
  const { fn } = scope;
  const isGivenAway = settled.some(({ settlement: { kind } }) => kind === 'escaped' || kind === 'transferred');
  const isReleased = settled.some(({ settlement: { kind } }) => kind === 'released');
  if (!isGivenAway || isReleased) return false;
  const held = new Set(seed.places.flatMap((place) => demand.groups(scope).forward(place)));
  return fn.blocks.some(
    (block) =>
      block.instructions.some((one) => one.op === 'assign' && held.has(one.dest) && isSlot(fn, one.dest)) &&
      reaches(fn, block.id, seed.block),
  );
}

/** A release of it was deferred. */
export function isInSlot(fn: IrFunction, store: Store): boolean {
  return someEntry(store, (id, value) => isResource(value) && isSlot(fn, id));
}

function isSlot(fn: IrFunction, id: PlaceId): boolean {
  const place = fn.places[id];
  return place?.kind === 'local' && place.accumulates;
}
