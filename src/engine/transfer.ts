/**
 * What the instructions of a block do to one state; `terminators.ts` has its end. Reads operands, applies the call's
 * effects for each outcome, sends the exceptional outcome to `raise`, then writes destinations.
 *
 * On the exceptional edge of a call acquisitions and transfers did not happen; releases did.
 */
import type { Effect } from '../effects/effect.ts';
import { inputsWith, noInputs, type Inputs } from '../effects/inputs.ts';
import type { BasicBlock, BlockId, CallInstruction, Instruction, Operand, PlaceId, Terminator } from '../ir/ir.ts';
import { assertNever } from '../errors.ts';
import { awaitedCall, placesRead, placesTested } from '../ir/operands.ts';
import { elementField } from '../ir/places.ts';
import { answerOf } from './answers.ts';
import { afterMethod } from './changed-fields.ts';
import { afterSettling, applyEffects, type CallEffects } from './apply-effects.ts';
import { slotPlaces } from './slots.ts';
import { spawn } from './spawn.ts';
import { closureHolds, closureSettlement } from './closure-effects.ts';
import type { CallFacts } from './context.ts';
import { holderOf, pathKey } from './function-facts.ts';
import { handOver } from './hand-over.ts';
import { methodSettlement } from './method-values.ts';
import { isNamed, isOutlet, operandValue, overwrite, type Machine, type Walk } from './machine.ts';
import { withResult, type Outcome } from './outcome.ts';
import { isReceiver } from './receiver.ts';
import { raise, unwind } from './raise.ts';
import {
  callOnRejected,
  isRejected,
  rejectedState,
  rejectionSkipping,
  usesRejected,
  type Rejection,
} from './rejected-promises.ts';
import { onlyMaker } from './single-assignments.ts';
import { traced, weaker, type Settlement, type State } from './state.ts';
import { filterStore, placesWith, read, someEntry, write, type Store } from './store.ts';
import { transferTerminator } from './terminators.ts';
import { holdsResource, isResource, NON_NULL, NULL, REJECTED, RESOURCE, UNKNOWN, type Value } from './value.ts';

/** Runs the rest of a block from `index` on. */
export function walkBlock(machine: Machine, block: BasicBlock, index: number, start: State, walk: Walk): void {
  let states: readonly State[] = [start];
  const mayBeSpent = machine.tracked.spentBy.size > 0;
  for (let i = index; i < block.instructions.length && states.length > 0; i++) {
    const instruction = block.instructions[i] as Instruction; // i < length
    const next: State[] = [];
    for (const before of states) {
      const state = mayBeSpent ? spend(machine, placesRead(instruction), before, walk) : before;
      if (state === null) continue;
      for (const after of transferInstruction(machine, block, instruction, state, walk)) {
        const kept = keepHeld(machine, block.id, i, instruction, state, after, walk);
        if (kept !== null) next.push(kept);
      }
    }
    states = next;
  }
  const { terminator } = block;
  for (const before of states) {
    const state = mayBeSpent ? spend(machine, placesAtEnd(terminator), before, walk) : before;
    if (state !== null) transferTerminator(machine, block, state, walk);
  }
}

/** Places that the end of a block reads. */
function placesAtEnd(terminator: Terminator): readonly PlaceId[] {
  const values = terminator.op === 'return' ? terminator.values : [];
  return [...placesTested(terminator), ...values.flatMap((one) => (one.kind === 'place' ? [one.place] : []))];
}

/** `response.text` reads it to its end; null: that was all there was to release. */
function spend(machine: Machine, places: readonly PlaceId[], state: State, walk: Walk): State | null {
  const { spentBy, resource } = machine.tracked;
  const kinds = places.flatMap((id) => {
    const place = machine.fn.places[id];
    if (place?.kind !== 'path' || !holdsResource(read(state.store, place.root))) return [];
    return spentBy.get(place.fields[0] ?? '') ?? [];
  });
  const only = kinds.filter((kind) => !state.releasedAs.includes(kind));
  if (only.length === 0) return state;
  return afterSettling(resource === null ? { kind: 'released', only } : { kind: 'released' }, state, null, walk);
}

function transferInstruction(
  machine: Machine,
  block: BasicBlock,
  instruction: Instruction,
  state: State,
  walk: Walk,
): readonly State[] {
  // Whoever else has the promise may handle its rejection.
  const isLeft = instruction.op !== 'await' && instruction.op !== 'assign' && instruction.op !== 'call';
  if (isLeft && usesRejected(state.store, instruction)) return [];
  switch (instruction.op) {
    case 'assign':
      return one(assign(machine, state, instruction.dest, instruction.source, walk));
    case 'call':
      return transferCall(machine, block, instruction, state, walk);
    case 'closure': {
      const base = instruction.base === null ? UNKNOWN : read(state.store, instruction.base);
      const kept = isLongLived(machine, instruction.dest)
        ? closureSettlement(machine, state.store, instruction.dest, 'kept')
        : null;
      if (kept !== null) {
        walk.settled(kept, state);
        return [];
      }
      return one(writeChecked(machine, state, instruction.dest, holdsResource(base) ? base : NON_NULL, walk));
    }
    case 'await':
      if (instruction.source.kind === 'place' && isRejected(state.store, instruction.source.place)) {
        unwind(block, instruction.span, state, walk);
        return [];
      }
      raiseAwaited(machine, block, instruction, state, walk);
      return instruction.dest === null
        ? [state]
        : one(assign(machine, state, instruction.dest, instruction.source, walk));
    case 'yield': {
      const after = handOver(machine, instruction, state, walk);
      if (after === null) return [];
      raise(block, instruction.throws, null, instruction.span, 'yield', after, walk);
      return instruction.dest === null
        ? [after]
        : one(assign(machine, after, instruction.dest, instruction.source, walk));
    }
    case 'spawn':
      return one(spawn(machine, instruction.call, state, walk));
    case 'caught': {
      const cause = traced(state, 'caught', instruction.span, '');
      const store =
        instruction.dest === null ? state.store : overwrite(machine, state.store, instruction.dest, NON_NULL);
      return [{ ...state, store, cause }];
    }
    case 'opaque': {
      if (instruction.reads.some((place) => holdsResource(read(state.store, place)))) {
        walk.settled({ kind: 'escaped', span: instruction.span, why: instruction.why }, state);
        return [];
      }
      let store = state.store;
      for (const place of instruction.writes) store = overwrite(machine, store, place, UNKNOWN);
      return [{ ...state, store }];
    }
    default:
      return assertNever(instruction);
  }
}

/**
 * A promise that is rejected is its call failing: what the call was to acquire was not acquired, and what it does when
 * it throws has been done.
 */
function raiseAwaited(
  machine: Machine,
  block: BasicBlock,
  instruction: Extract<Instruction, { op: 'await' }>,
  state: State,
  walk: Walk,
): void {
  const { source, span, throws } = instruction;
  const promise = source.kind === 'place' ? source.place : null;
  const isHeld = promise !== null && holdsResource(read(state.store, promise));
  const before = awaitedCall(block, instruction);
  if (before === null) {
    if (isHeld || (promise !== null && read(state.store, promise) === NULL)) return;
    const { fn } = machine.context;
    const { makers, optionalMakers } = machine.facts;
    const known = promise === null ? null : onlyMaker(fn, makers, promise);
    const maker = known ?? (promise === null ? null : (optionalMakers.get(promise) ?? null));
    const { rejects, label } = maker === null ? unknownMaker : machine.context.facts(maker);
    raise(block, rejects === null ? throws : weaker(throws, rejects), null, span, label, state, walk);
    return;
  }
  const facts = machine.context.facts(before);
  const acquires = facts.acquisitions.flatMap(({ slot }) => slotPlaces(machine.facts, before, slot));
  if (acquires.some((place) => isResource(read(state.store, place)))) return;
  // `await client.query(q)` may give the client again, which has not been released when it fails.
  if (isHeld && !givesBack(machine, before, facts, state)) return;
  const tier = facts.rejects === null ? throws : weaker(throws, facts.rejects);
  const known = effectsIn(machine, before, facts, state.store);
  for (const outcome of outcomesOf(machine, before, known, state, 'throw', walk)) {
    raise(block, tier, facts.thrown, span, facts.label, outcome.state, walk);
  }
}

const unknownMaker = { rejects: null, label: 'await' };

/** The result is what the call was made on or given. */
function givesBack(machine: Machine, call: CallInstruction, facts: CallFacts, state: State): boolean {
  const known = effectsIn(machine, call, facts, state.store);
  return (known?.effects ?? []).some(
    (effect) =>
      effect.kind === 'alias' &&
      effect.into.at === 'result' &&
      slotPlaces(machine.facts, call, effect.from).some((place) => holdsResource(read(state.store, place))),
  );
}

function one(state: State | null): readonly State[] {
  return state === null ? [] : [state];
}

/** `keep(connection); connection = null`: whoever clears the variable after handing it to a stranger has given it away. */
function assign(machine: Machine, state: State, dest: PlaceId, source: Operand, walk: Walk): State | null {
  const value = operandValue(machine, state.store, source);
  if (value === REJECTED && isLongLived(machine, dest)) return null;
  if (value === NULL && state.wasLent && isResource(read(state.store, dest)) && isNamed(machine.fn, dest)) {
    walk.settled({ kind: 'escaped', span: machine.fn.span, why: 'given up' }, state);
    return null;
  }
  const closure = source.kind === 'place' ? closureSettlement(machine, state.store, source.place, 'kept') : null;
  if (closure !== null && isLongLived(machine, dest)) {
    walk.settled(closure, state);
    return null;
  }
  if (
    source.kind === 'place' &&
    isLongLived(machine, dest) &&
    isReleaseOfResource(machine, state.store, source.place)
  ) {
    walk.settled({ kind: 'escaped', span: machine.fn.span, why: 'its release is kept' }, state);
    return null;
  }
  if (source.kind === 'place' && isLongLived(machine, dest) && isOutlet(machine, state.store, source.place)) {
    walk.settled({ kind: 'transferred', to: 'field', field: null }, state);
    return null;
  }
  const written = writeChecked(machine, state, dest, value, walk);
  if (written === null || source.kind !== 'place') return written;
  return { ...written, store: copyFields(machine, written.store, dest, source.place) };
}

/** `this.stopServer = this.server.close`: whoever keeps the method may call it. */
function isReleaseOfResource({ fn, facts, context }: Machine, store: Store, id: PlaceId): boolean {
  const place = fn.places[id];
  const method = place?.kind === 'path' ? place.fields.at(-1) : undefined;
  if (place?.kind !== 'path' || method === undefined || !context.isReleaseMethod(method)) return false;
  const holder = holderOf(facts, place);
  return holder !== null && isResource(read(store, holder));
}

/** After `b = a` what `a.body` holds is in `b.body` as well. */
function copyFields(machine: Machine, store: Store, dest: PlaceId, source: PlaceId): Store {
  let copied = store;
  for (const dependent of machine.facts.dependents.get(source) ?? []) {
    const path = machine.fn.places[dependent];
    if (path?.kind !== 'path') continue;
    const value = read(store, dependent);
    const twin = holdsResource(value) ? machine.facts.pathPlaces.get(pathKey(dest, path.fields)) : undefined;
    if (twin !== undefined) copied = write(copied, twin, value);
  }
  return copied;
}

/** Writes a place; when that hands the resource to an owner outside the function, settles instead. */
function writeChecked(machine: Machine, state: State, dest: PlaceId, value: Value, walk: Walk): State | null {
  if (isResource(value) && !machine.tracked.copies.has(dest)) {
    const owner = outsideOwner(machine, dest);
    if (owner !== null) {
      walk.settled(owner, state);
      return null;
    }
  }
  let store = writeThrough(machine, overwrite(machine, state.store, dest, value), dest, value);
  const object = isResource(value) ? ownObject(machine, dest) : null;
  if (object !== null) store = write(store, object, RESOURCE);
  return { ...state, store };
}

/** `s.conn = conn`, of an `s` made here that nobody else has: it is a wrapper from then on. */
function ownObject({ facts, context }: Machine, dest: PlaceId): PlaceId | null {
  return context.constructsByFields ? (facts.ownFields.get(dest) ?? null) : null;
}

/** `response.body` stands for the response, under whatever name that goes. */
function writeThrough(machine: Machine, store: Store, dest: PlaceId, value: Value): Store {
  if (!isResource(value)) return store;
  let written = store;
  for (const field of machine.tracked.through) {
    const place = machine.facts.pathPlaces.get(pathKey(dest, [field]));
    if (place !== undefined) written = write(written, place, value);
  }
  return written;
}

/** A variable of the function around outlives this one. */
function isLongLived({ fn }: Machine, place: PlaceId): boolean {
  const kind = fn.places[place]?.kind;
  return kind === 'global' || kind === 'path' || (fn.kind === 'closure' && fn.captures.includes(place));
}

/** Storing the resource there makes somebody else responsible; fields of the receiver are judged at exits. */
function outsideOwner(machine: Machine, dest: PlaceId): Settlement | null {
  const place = machine.fn.places[dest];
  if (place === undefined) return null;
  if (place.kind === 'global') return { kind: 'transferred', to: 'static', field: place.name };
  if (place.kind !== 'path') return null;
  const last = place.fields.at(-1) ?? '';
  if (last === elementField) return { kind: 'transferred', to: 'container', field: place.fields[0] ?? null };
  if (isReceiver(machine.fn, place.root) && place.fields.length === 1) return null;
  if (ownObject(machine, dest) !== null) return null;
  return { kind: 'transferred', to: 'field', field: last };
}

function transferCall(
  machine: Machine,
  block: BasicBlock,
  call: CallInstruction,
  state: State,
  walk: Walk,
): readonly State[] {
  const facts = machine.context.facts(call);
  if (usesRejected(state.store, call)) return transferOnRejected(machine, call, facts, state, walk);
  const known = effectsIn(machine, call, facts, state.store);
  const failing: Walk =
    block.unwind === null
      ? {
          ...walk,
          settled: (settlement, at, by) => {
            walk.settled(settlement, at, by, 'leaving');
          },
        }
      : walk;
  if (facts.throws !== 'never') {
    for (const outcome of outcomesOf(machine, call, known, state, 'throw', failing)) {
      raise(block, facts.throws, facts.thrown, call.span, facts.label, outcome.state, walk);
    }
  }
  if (facts.neverReturns) {
    if (facts.throws === 'never') walk.settled({ kind: 'halted' }, state);
    return [];
  }
  const after: State[] = [];
  for (const outcome of outcomesOf(machine, call, known, state, 'return', walk)) {
    const next = writeResults(machine, call, outcome, walk);
    if (next !== null) after.push(next);
  }
  const rejection = known === null ? null : rejectionSkipping(machine, call, known.effects, state);
  return rejection === null ? after : [...after, ...afterRejection(machine, call, rejection, state, walk)];
}

/** The promise that the call is made on was rejected: what gave it failed. */
function afterRejection(
  machine: Machine,
  call: CallInstruction,
  rejection: Rejection,
  state: State,
  walk: Walk,
): readonly State[] {
  const { by } = rejection;
  const { context } = machine;
  const effects = by === null ? null : effectsIn(machine, by, context.facts(by), state.store);
  const outcomes = by === null ? [{ state }] : outcomesOf(machine, by, effects, state, 'throw', walk);
  return outcomes.flatMap((outcome) => {
    const rejected = rejectedState(machine, call, rejection, outcome.state);
    return transferOnRejected(machine, call, context.facts(call), rejected, walk);
  });
}

function transferOnRejected(
  machine: Machine,
  call: CallInstruction,
  facts: CallFacts,
  state: State,
  walk: Walk,
): readonly State[] {
  const effects = facts.effectsOn(involvedInputs(machine, call, state.store));
  const result = callOnRejected(machine, call, effects, state);
  if (result === null) return [];
  if (typeof result !== 'string') return one(afterSettling(result, state, call, walk));
  const [dest] = call.dests;
  if (result === 'rejected' && (dest === undefined || isLongLived(machine, dest))) return [];
  const after = result === 'rejected' ? state : { ...state, cause: traced(state, 'caught', call.span, '') };
  const value = result === 'rejected' ? REJECTED : UNKNOWN;
  return one(writeResults(machine, call, withResult({ state: after, results: noResults }, 0, value), walk));
}

function outcomesOf(
  machine: Machine,
  call: CallInstruction,
  known: CallEffects | null,
  state: State,
  on: 'return' | 'throw',
  walk: Walk,
): readonly Outcome[] {
  const settlement = on === 'return' ? methodSettlement(machine, call, state) : null;
  if (settlement !== null) {
    walk.settled(settlement, state, call);
    return [];
  }
  const outcomes =
    known === null ? [{ state, results: noResults }] : applyEffects(machine, call, known, state, on, walk);
  return outcomes.map((outcome) => ({
    ...outcome,
    state: withStore(outcome.state, afterMethod(machine, outcome.state.store, call)),
  }));
}

function withStore(state: State, store: Store): State {
  return store === state.store ? state : { ...state, store };
}

function writeResults(machine: Machine, call: CallInstruction, outcome: Outcome, walk: Walk): State | null {
  let state = outcome.state;
  for (const [index, dest] of call.dests.entries()) {
    const fallback =
      call.callee.kind === 'construct' && index === 0 ? NON_NULL : answerOf(machine, call, index, outcome.state.store);
    const written = writeChecked(machine, state, dest, outcome.results.get(index) ?? fallback, walk);
    if (written === null) return null;
    state = written;
  }
  return state;
}

const noResults: ReadonlyMap<number, Value> = new Map();

/** Where the call gets at the resource: in its receiver, an argument, a field of one, or a closure's capture. */
function involvedInputs(machine: Machine, call: CallInstruction, store: Store): Inputs {
  const isInvolved = (place: PlaceId): boolean =>
    holdsResource(read(store, place)) ||
    closureHolds(machine, store, place) ||
    holdsInField(machine, store, place) ||
    isOutlet(machine, store, place);
  return inputsWith(call, isInvolved);
}

/** `owner.list.apply()`, with the lock `owner.list.mu` held. */
function holdsInField({ fn, facts }: Machine, store: Store, root: PlaceId): boolean {
  return someEntry(store, (place, value) => {
    const path = fn.places[place];
    return path?.kind === 'path' && holdsResource(value) && (path.root === root || holderOf(facts, path) === root);
  });
}

/** What the call does to the resource, or would; null: it does not get at it. */
function effectsIn(machine: Machine, call: CallInstruction, facts: CallFacts, store: Store): CallEffects | null {
  const inputs = involvedInputs(machine, call, store);
  if (inputs === noInputs) return null;
  const effects = facts.effectsOn(inputs);
  return {
    label: facts.label,
    effects: isEndOfHolder(machine, call, facts, store) ? [releaseOfReceiver, ...effects] : effects,
  };
}

const releaseOfReceiver: Effect = { kind: 'release', slot: { at: 'receiver' }, on: 'both', certainty: 'must' };

/** `file.Cancel()`, of an interface: the class that was made has a method of that name that releases what it holds. */
function isEndOfHolder(
  { tracked }: Machine,
  { callee, receiver }: CallInstruction,
  facts: CallFacts,
  store: Store,
): boolean {
  if (callee.kind !== 'method' || receiver === null || facts.isRead) return false;
  return tracked.endedBy.has(callee.name) && holdsResource(read(store, receiver));
}

/** Drops temporaries after their last use; reports when nothing holds the resource any more. */
function keepHeld(
  machine: Machine,
  block: BlockId,
  index: number,
  instruction: Instruction,
  before: State,
  after: State,
  walk: Walk,
): State | null {
  const store = filterStore(after.store, (place) => {
    const last = machine.facts.lastUse.get(place);
    return last?.block !== block || last.index > index;
  });
  const state = store === after.store ? after : { ...after, store };
  if (someEntry(store, (_, value) => holdsResource(value))) return state;
  if (!someEntry(before.store, (_, value) => holdsResource(value))) return state;
  const wasNamed = placesWith(before.store, isResource).some((place) => isNamed(machine.fn, place));
  const kind = wasNamed ? 'overwritten' : 'dropped';
  walk.open(kind, instruction.span, { ...state, cause: traced(state, kind, instruction.span, '') }, []);
  return null;
}
