/** What a loop leaves behind in each of its rounds, or keeps open until the function ends. */
import type { OpenExit } from '../engine/state.ts';
import type { Simulation } from '../engine/simulate.ts';
import { someEntry, type Store } from '../engine/store.ts';
import { isResource } from '../engine/value.ts';
import type { CallInstruction, Instruction, IrFunction, Operand, PlaceId, Argument, BlockId } from '../ir/ir.ts';
import { literalAssigned } from '../ir/operands.ts';
import { reaches, successors } from '../ir/walk.ts';
import { elementField } from '../ir/places.ts';
import type { Scope } from '../resolve/scope.ts';
import { calleeLabel } from '../summaries/call-names.ts';
import type { Demand } from '../summaries/demand.ts';
import { answersRequests } from '../summaries/functions/request-handlers.ts';
import { isMounting } from '../summaries/obligations/mounting.ts';
import { isRendered } from '../summaries/obligations/rendered.ts';
import type { Obligation } from '../summaries/obligations/obligations.ts';
import { groupsOf } from '../summaries/functions/flow-groups.ts';

/** Whether leaks pile up: the path leads back to where the next one is acquired, or a framework or the next request runs the function again. */
export function addsUp(scope: Scope, { resource, seed }: Obligation, exits: readonly OpenExit[]): boolean {
  const { fn, world } = scope;
  const where = world.models.resource(resource).addsUp;
  if (where === null) return false;
  const isAgain = isMounting(scope) || (where === 'mounting' && answersRequests(scope));
  if (isAgain && isForFirstOnly(fn)) return false;
  if (isAgain || isRendered(scope, seed.block))
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

/** Are more and more of them open as the loop goes on, with a release that is deferred for each? */
export function isDeferredInLoop(
  demand: Demand,
  scope: Scope,
  obligation: Obligation,
  simulation: Simulation,
  isWaiting: boolean,
): boolean {
  if (!waitsForEnd(demand, scope, obligation, simulation, isWaiting)) return false;
  if (isInFewRounds(scope.fn, obligation) || isKeptTogether(demand, scope, obligation)) return false;
  if (isUsedByTasks(demand, scope, obligation)) return false;
  return !isReadInRound(demand, scope, obligation);
}

/**
 * A release deferred in a loop waits in a slot that keeps what earlier rounds put there. One still there when the
 * next round gets to the acquisition is open until the function ends. What was handed on after the `defer` is not
 * followed that far; there it is enough that a next round can be reached.
 */
function waitsForEnd(
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

/** Rounds of a loop that are few enough for all of them to wait until the function ends: those of trying again. */
const FEW_ROUNDS = 10;

/** `for i := 0; i < 3; i++`, and no loop around that has more rounds. */
function isInFewRounds(fn: IrFunction, { seed: { block } }: Obligation): boolean {
  const heads = fn.blocks.filter(
    ({ id, isLoopHead }) => isLoopHead && (id === block || (reaches(fn, id, block) && reaches(fn, block, id))),
  );
  return (
    heads.length > 0 &&
    heads.every(({ terminator }) => {
      if (terminator.op !== 'branch' || terminator.when === 'unknown') return false;
      const tested = fn.places[terminator.when.place];
      const compares = tested?.kind === 'predicate' ? tested.compares : null;
      return compares?.operator === 'below' && compares.right <= FEW_ROUNDS;
    })
  );
}

/**
 * Each round adds its own to a list or map that is there for all of them, as they are all used behind the loop:
 *
 *     for i, path := range paths { parts[i], err = os.Open(path); …; defer parts[i].Close() }
 *     merge(parts)
 */
function isKeptTogether(demand: Demand, scope: Scope, { seed }: Obligation): boolean {
  const { fn } = scope;
  const groups = demand.groups(scope);
  const held = new Set(groupsOf(groups, seed.places));
  const isHeld = (value: Operand): boolean => value.kind === 'place' && held.has(groups.group(value.place));
  const inLoop = fn.blocks.filter(({ id }) => reaches(fn, seed.block, id) && reaches(fn, id, seed.block));
  // `layers = append(layers, Layer{Reader: part})`
  for (const { instructions } of inLoop) {
    for (const one of instructions) {
      if (one.op !== 'call' || one.callee.kind !== 'construct' || !one.args.some(({ value }) => isHeld(value)))
        continue;
      for (const dest of one.dests) held.add(groups.group(dest));
    }
  }
  const lists = inLoop.flatMap(({ instructions }) =>
    instructions.flatMap((one): readonly PlaceId[] => {
      if (one.op === 'assign' && isHeld(one.source)) {
        const place = fn.places[one.dest];
        return place?.kind === 'path' && place.fields.at(-1) === elementField ? [place.root] : [];
      }
      if (one.op !== 'call' || one.callee.kind !== 'aggregate' || !one.args.some(({ value }) => isHeld(value)))
        return [];
      // `parts = append(parts, part)`
      return one.dests.filter((dest) => one.args.some(({ value }) => value.kind === 'place' && value.place === dest));
    }),
  );
  return lists.some((list) => !inLoop.some(({ instructions }) => instructions.some((one) => isMadeBy(one, list))));
}

/** Each round starts a task that goes on with its own, and does not wait for it: `defer listener.Close(); go serve(listener)`. */
function isUsedByTasks(demand: Demand, scope: Scope, { seed }: Obligation): boolean {
  const { fn } = scope;
  const groups = demand.groups(scope);
  const held = groupsOf(groups, seed.places);
  const isHeld = (place: PlaceId): boolean => held.has(groups.group(place));
  const inLoop = fn.blocks.filter(({ id }) => reaches(fn, seed.block, id) && reaches(fn, id, seed.block));
  const instructions = inLoop.flatMap((block) => block.instructions);
  const closures = new Map(
    instructions.flatMap((one) => (one.op === 'closure' && one.captures.some(isHeld) ? [[one.dest, one]] : [])),
  );
  const given = (call: CallInstruction): readonly PlaceId[] => [
    ...(call.callee.kind === 'value' ? [call.callee.place] : []),
    ...(call.receiver === null ? [] : [call.receiver]),
    ...call.args.flatMap(({ value }) => (value.kind === 'place' ? [value.place] : [])),
  ];
  /** What a task that has it is given as well, so that who waits for the task may wait by that; null: this starts none. */
  const taskOf = (one: Instruction): readonly PlaceId[] | null => {
    const call = one.op === 'spawn' ? one.call : one;
    if (call.op !== 'call' || (one.op === 'call' && !isRunLater(scope, one))) return null;
    const places = given(call).flatMap((place) => [place, ...(closures.get(place)?.captures ?? [])]);
    return places.some(isHeld) ? places : null;
  };
  const tasks = instructions.flatMap((one) => taskOf(one) ?? []);
  const isWaiting = (one: Instruction): boolean =>
    one.op === 'call' &&
    one.receiver !== null &&
    tasks.includes(one.receiver) &&
    !isHeld(one.receiver) &&
    scope.resolved(one).models.some(({ mayBlock }) => mayBlock);
  return tasks.length > 0 && !instructions.some(isWaiting);
}

/** `group.Go(func() { … })` */
function isRunLater(scope: Scope, call: CallInstruction): boolean {
  const effects = scope.resolved(call).models.flatMap(({ summary }) => summary.effects);
  return effects.some((effect) => effect.kind === 'invoke' && effect.when === 'later');
}

/** `defer response.Body.Close(); page, err := io.ReadAll(response.Body)`, whatever way leads to the next round. */
function isReadInRound(demand: Demand, scope: Scope, { resource, seed }: Obligation): boolean {
  const { fn, world } = scope;
  const { readBy } = world.models.resource(resource);
  if (readBy.size === 0) return false;
  const groups = demand.groups(scope);
  const held = groupsOf(groups, seed.places);
  const isOfIt = ({ value }: Argument): boolean => {
    const place = value.kind === 'place' ? fn.places[value.place] : undefined;
    return value.kind === 'place' && held.has(groups.group(place?.kind === 'path' ? place.root : value.place));
  };
  const blocksWith = (test: (one: Instruction) => boolean): readonly BlockId[] =>
    fn.blocks.filter(({ instructions }) => instructions.some(test)).map(({ id }) => id);
  const reading = new Set(
    blocksWith((one) => one.op === 'call' && readBy.has(calleeLabel(one)) && one.args.some(isOfIt)),
  );
  const deferring = blocksWith((one) => one.op === 'assign' && isSlot(fn, one.dest)).filter((block) =>
    reachesAround(fn, block, seed.block, reading),
  );
  return reading.size > 0 && deferring.every((block) => !reachesAround(fn, seed.block, block, reading));
}

/** By normal edges alone, through none of the blocks. */
function reachesAround(fn: IrFunction, from: BlockId, to: BlockId, around: ReadonlySet<BlockId>): boolean {
  if (around.has(from) && from !== to) return false;
  const reached = new Set([from]);
  for (const id of reached) {
    const block = fn.blocks[id];
    if (block === undefined) continue;
    for (const next of successors(block)) {
      if (next === to) return true;
      if (!around.has(next)) reached.add(next);
    }
  }
  return false;
}

function isMadeBy(one: Instruction, list: PlaceId): boolean {
  return one.op === 'assign' && one.dest === list && one.source.kind !== 'place';
}

/** A release of it was deferred. */
export function isInSlot(fn: IrFunction, store: Store): boolean {
  return someEntry(store, (id, value) => isResource(value) && isSlot(fn, id));
}

function isSlot(fn: IrFunction, id: PlaceId): boolean {
  const place = fn.places[id];
  return place?.kind === 'local' && place.accumulates;
}
