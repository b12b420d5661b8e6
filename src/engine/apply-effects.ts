/** Applies a call's effects to one state for one outcome: it returned, or it threw. */
import type { Effect, Guard, ResourceKind, Slot } from '../effects/effect.ts';
import type { CallInstruction, Operand } from '../ir/ir.ts';
import { assertNever } from '../errors.ts';
import { closureBorrows, closureReleases, closureSettlement, isReleasedByClosure } from './closure-effects.ts';
import type { CallFacts } from './context.ts';
import { pathKey } from './function-facts.ts';
import { traced, weaker, type Settlement, type State } from './state.ts';
import { read, write } from './store.ts';
import { heldFields, operandValue, type Machine, type Walk } from './machine.ts';
import { slotPlaces, whenApart } from './slots.ts';
import { isReceiver } from './receiver.ts';
import {
  FALSE,
  HOLDER,
  holdsResource,
  isNonNull,
  isResource,
  MAYBE_RESOURCE,
  NON_NULL,
  NULL,
  RESOURCE,
  TRUE,
  UNKNOWN,
} from './value.ts';
import type { Value } from './value.ts';

export interface Outcome {
  readonly state: State;
  /** Values the call gives its results, by index; absent: unknown. */
  readonly results: ReadonlyMap<number, Value>;
}

export function applyEffects(
  machine: Machine,
  call: CallInstruction,
  facts: CallFacts,
  state: State,
  on: 'return' | 'throw',
  walk: Walk,
): readonly Outcome[] {
  const called = calledSettlement(machine, call, state, on);
  const begun = called === null ? state : settled(called, state, call, walk);
  if (begun === null) return [];
  let outcomes: Outcome[] = [{ state: begun, results: new Map() }];
  for (const effect of facts.effects) {
    if (effect.on !== 'both' && effect.on !== on) continue;
    const next: Outcome[] = [];
    for (const outcome of outcomes) {
      for (const branch of guarded(machine, call, effect, outcome)) {
        const after = branch.isApplied
          ? applyEffect(machine, call, facts, effect, branch.outcome, on, walk)
          : branch.outcome;
        if (after !== null) next.push(after);
      }
    }
    outcomes = next;
  }
  const invoked = new Set<number>();
  for (const effect of facts.effects)
    if (effect.kind === 'invoke' && effect.slot.at === 'param') invoked.add(effect.slot.index);
  return outcomes.filter((outcome) => !handsOverInClosure(machine, call, invoked, outcome.state, walk));
}

/** Where it is released if it is of certain kinds, a path goes on for the others. */
function settled(settlement: Settlement, state: State, call: CallInstruction, walk: Walk): State | null {
  walk.settled(settlement, state, call);
  if (settlement.kind !== 'released' || settlement.only === undefined) return null;
  return { ...state, releasedAs: [...new Set([...state.releasedAs, ...settlement.only])].sort() };
}

/** `const cleanup = () => file.close(); … cleanup()`, or `close(file)`: a function made here is called here. */
function calledSettlement(
  machine: Machine,
  call: CallInstruction,
  state: State,
  on: 'return' | 'throw',
): Settlement | null {
  if (call.callee.kind !== 'value') return null;
  const { place } = call.callee;
  const given = call.args.findIndex(
    ({ value }) => value.kind === 'place' && holdsResource(read(state.store, value.place)),
  );
  if (given >= 0 && closureReleases(machine, place, given)) return { kind: 'released' };
  return closureSettlement(machine, state.store, place, 'now', on === 'return' ? on : 'both');
}

interface GuardedOutcome {
  readonly outcome: Outcome;
  readonly isApplied: boolean;
}

/** A guard on a result forks the outcome; one on an argument is decided by the store, or let pass. */
function guarded(machine: Machine, call: CallInstruction, effect: Effect, outcome: Outcome): readonly GuardedOutcome[] {
  const { given } = effect;
  if (given === undefined) return [{ outcome, isApplied: true }];
  if (given.slot.at === 'result') {
    const index = given.slot.index;
    const known = outcome.results.get(index);
    // An error nobody looks at is taken not to be there.
    if (known === undefined && given.is === 'null' && !isRead(machine, call, index))
      return [{ outcome, isApplied: true }];
    if (known !== undefined) return [{ outcome, isApplied: satisfies(known, given) !== false }];
    const [yes, no] = guardValues(given);
    return [
      { outcome: withResult(outcome, index, yes), isApplied: true },
      { outcome: withResult(outcome, index, no), isApplied: false },
    ];
  }
  const operand = slotOperand(machine, call, given.slot);
  const value = operand === null ? UNKNOWN : operandValue(machine, outcome.state.store, operand);
  const verdict = satisfies(value, given);
  if (verdict === null)
    return [{ outcome: { ...outcome, state: { ...outcome.state, usesMay: true } }, isApplied: true }];
  return [{ outcome, isApplied: verdict }];
}

function isRead({ facts }: Machine, call: CallInstruction, result: number): boolean {
  const dest = call.dests[result];
  return dest !== undefined && facts.reads.has(dest);
}

function guardValues(guard: Guard): readonly [Value, Value] {
  switch (guard.is) {
    case 'true':
      return [TRUE, FALSE];
    case 'false':
      return [FALSE, TRUE];
    case 'null':
      return [NULL, NON_NULL];
    case 'set':
      return [NON_NULL, NULL];
    default:
      return assertNever(guard.is);
  }
}

function satisfies(value: Value, guard: Guard): boolean | null {
  if (value === UNKNOWN || value === MAYBE_RESOURCE) return null;
  switch (guard.is) {
    case 'true':
      return value === TRUE;
    case 'false':
      return value === FALSE;
    case 'null':
      return value === NULL;
    case 'set':
      return isNonNull(value);
    default:
      return assertNever(guard.is);
  }
}

function applyEffect(
  machine: Machine,
  call: CallInstruction,
  facts: CallFacts,
  effect: Effect,
  outcome: Outcome,
  on: 'return' | 'throw',
  walk: Walk,
): Outcome | null {
  const { state } = outcome;
  const settle = (settlement: Settlement): Outcome | null => {
    const next = settled(settlement, effect.certainty === 'may' ? { ...state, usesMay: true } : state, call, walk);
    return next === null ? null : { ...outcome, state: next };
  };
  switch (effect.kind) {
    case 'release': {
      const { resource } = effect;
      if (resource !== undefined && machine.tracked.resource !== null && resource !== machine.tracked.resource)
        return outcome;
      const isOwnObject = endsOwnObject(machine, call, facts, effect.slot) && isInOwnField(machine, state);
      if (!isOwnObject && !holds(machine, call, effect.slot, state)) return outcome;
      return settle(isOwnObject ? { kind: 'released' } : released(machine, call, facts, state));
    }
    case 'drain': {
      if (!holds(machine, call, effect.slot, state)) return outcome;
      if (!isReleasedByClosure(machine, state.store)) {
        const weakest = weaker(state.weakest, 'likely');
        const cause = traced(state, 'fails', call.span, facts.label);
        walk.open('throw', call.span, { ...state, weakest, cause }, []);
      }
      return settle({ kind: 'released', drained: true });
    }
    case 'alias':
      return applyAlias(machine, call, facts, effect, outcome);
    case 'transfer': {
      if (!isIn(machine, call, effect.from, state)) return outcome;
      if (isOptionsOf(machine, call)) return withResult(outcome, 0, RESOURCE);
      if (typeof effect.to === 'string') return settle({ kind: 'transferred', to: effect.to, field: null });
      return (
        transferToSlot(machine, call, effect.to, outcome) ??
        settle({
          kind: 'transferred',
          to: 'field',
          field: effect.to.fields?.[0] ?? null,
          isOwn: fieldOfReceiver(machine, call, effect.to) !== null,
        })
      );
    }
    case 'escape':
      if (!isIn(machine, call, effect.slot, state)) return outcome;
      // What is returned may hold what it was made of, though not the lock on it.
      if (machine.tracked.hasSiblingRelease && (machine.isState || !isReturnedAtOnce(machine, call)))
        return { ...outcome, state: { ...outcome.state, wasLent: true } };
      return settle({ kind: 'escaped', span: call.span, why: facts.label });
    case 'invoke': {
      // An object that runs later looks after what it was given.
      if (
        effect.when === 'later' &&
        (isIn(machine, call, effect.slot, state) || isInField(machine, call, effect, state))
      )
        return settle({ kind: 'transferred', to: 'task', field: null });
      const place = slotPlaces(machine.facts, call, effect.slot)[0];
      const settlement =
        (place === undefined
          ? null
          : closureSettlement(machine, state.store, place, effect.when, on === 'return' ? on : 'both')) ??
        releasedByClosure(machine, call, effect, state) ??
        passedSettlement(machine, call, effect, state);
      return settlement === null ? outcome : settle(settlement);
    }
    case 'test': {
      // What is followed is open, or it would no longer be followed.
      if (effect.is === 'open' || effect.is === 'released')
        return isIn(machine, call, effect.slot, state)
          ? withResult(outcome, 0, effect.is === 'open' ? TRUE : FALSE)
          : outcome;
      const operand = slotOperand(machine, call, effect.slot);
      const value = operand === null ? UNKNOWN : operandValue(machine, state.store, operand);
      if (value !== NULL && !isNonNull(value)) return outcome;
      return withResult(outcome, 0, (value === NULL) === (effect.is === 'null') ? TRUE : FALSE);
    }
    case 'acquire':
    case 'borrow':
    case 'throws':
    case 'rejects':
    case 'noReturn':
      return outcome;
    default:
      return assertNever(effect);
  }
}

/** `return createItem(session, message);` */
function isReturnedAtOnce({ fn }: Machine, call: CallInstruction): boolean {
  return fn.blocks.some(
    ({ instructions, terminator }) =>
      terminator.op === 'return' &&
      instructions.at(-1) === call &&
      terminator.values.some((value) => value.kind === 'place' && call.dests.includes(value.place)),
  );
}

/** `open().then((connection) => …)`: the closure is given the resource, later, and nobody else has it then. */
function passedSettlement(
  machine: Machine,
  call: CallInstruction,
  { slot, with: given, when }: Extract<Effect, { kind: 'invoke' }>,
  state: State,
): Settlement | null {
  if (when !== 'later') return null;
  const index = given.findIndex((one) => isIn(machine, call, one, state));
  if (index < 0) return null;
  const place = slotPlaces(machine.facts, call, slot)[0];
  const isBorrowed = place !== undefined && closureBorrows(machine, place, index);
  return isBorrowed ? null : { kind: 'transferred', to: 'task', field: null };
}

/** `all.forEach(one -> one.close())`, while the call runs. */
function releasedByClosure(
  machine: Machine,
  call: CallInstruction,
  { slot, with: given, when }: Extract<Effect, { kind: 'invoke' }>,
  state: State,
): Settlement | null {
  if (when === 'later') return null;
  const index = given.findIndex((one) => isIn(machine, call, one, state));
  const place = slotPlaces(machine.facts, call, slot)[0];
  if (index < 0 || place === undefined) return null;
  return closureReleases(machine, place, index) ? { kind: 'released' } : null;
}

/** `limit.Wait()` ends a process, if that is what it is: several rules may know the name, each for its kind. */
function released(machine: Machine, call: CallInstruction, facts: CallFacts, state: State): Settlement {
  if (machine.tracked.resource !== null) return { kind: 'released' };
  const only: ResourceKind[] = [];
  for (const effect of facts.effects) {
    if (effect.kind !== 'release' || !holds(machine, call, effect.slot, state)) continue;
    if (effect.resource === undefined)
      return effect.drained === true ? { kind: 'released', drained: true } : { kind: 'released' };
    only.push(effect.resource);
  }
  return { kind: 'released', only };
}

function applyAlias(
  machine: Machine,
  call: CallInstruction,
  facts: CallFacts,
  effect: Extract<Effect, { kind: 'alias' }>,
  outcome: Outcome,
): Outcome {
  const { state } = outcome;
  const value = slotPlaces(machine.facts, call, effect.from)
    .map((place) => read(state.store, place))
    .find(holdsResource);
  if (value === undefined) return outcome;
  const carried = value === HOLDER ? HOLDER : effect.certainty === 'may' ? MAYBE_RESOURCE : value;
  const isUsed = slotPlaces(machine.facts, call, effect.into).some((place) => machine.facts.reads.has(place));
  const cause = isUsed ? traced(state, 'wrapped', call.span, facts.label) : state.cause;
  const into = whenApart(call, effect.into, machine.tracked.resultIndex);
  if (into.at === 'result') {
    return withResult({ ...outcome, state: { ...state, cause } }, into.index, carried);
  }
  let { store } = state;
  for (const place of slotPlaces(machine.facts, call, into)) store = write(store, place, carried);
  return { ...outcome, state: { ...state, store, cause } };
}

/** The field of this object that a slot of the call is; null: it is none. */
function fieldOfReceiver(machine: Machine, call: CallInstruction, to: Slot): string | null {
  if (to.at !== 'receiver' || call.receiver === null || !isReceiver(machine.fn, call.receiver)) return null;
  return to.fields?.[0] ?? null;
}

/** `this.init(in)` keeps it in a field of ours: that is an alias here. Elsewhere the owner is outside. */
function transferToSlot(machine: Machine, call: CallInstruction, to: Slot, outcome: Outcome): Outcome | null {
  const field = fieldOfReceiver(machine, call, to);
  if (field === null || call.receiver === null) return null;
  const place = machine.facts.pathPlaces.get(pathKey(call.receiver, [field]));
  if (place === undefined) return null;
  return { ...outcome, state: { ...outcome.state, store: write(outcome.state.store, place, RESOURCE) } };
}

/**
 * `create(order, { transaction })`: who gets it in a literal made for the call has it as if it were an argument. So it is where
 * the function releases it itself; else it may stay where it was put.
 */
function isOptionsOf({ facts, tracked }: Machine, { callee, dests: [dest] }: CallInstruction): boolean {
  return (
    callee.kind === 'aggregate' && tracked.hasSiblingRelease && dest !== undefined && facts.literalsForOneCall.has(dest)
  );
}

function withResult(outcome: Outcome, index: number, value: Value): Outcome {
  return { ...outcome, results: new Map([...outcome.results, [index, value]]) };
}

function holds(machine: Machine, call: CallInstruction, slot: Slot, state: State): boolean {
  return slotPlaces(machine.facts, call, slot).some((place) => holdsResource(read(state.store, place)));
}

/** `client = socket; start();`, or `new Thread(this)`: the object runs later, with what is in its fields. */
function isInField(
  { fn, facts }: Machine,
  call: CallInstruction,
  { slot }: Extract<Effect, { kind: 'invoke' }>,
  { store }: State,
): boolean {
  return slotPlaces(facts, call, slot).some(
    (object) =>
      isReceiver(fn, object) && (facts.dependents.get(object) ?? []).some((place) => isResource(read(store, place))),
  );
}

/** `abort()`, or `closeQuietly(this)`, with nothing said of single fields: the object ends, with what is in its fields. */
function endsOwnObject({ fn, facts: names }: Machine, call: CallInstruction, facts: CallFacts, slot: Slot): boolean {
  if (slot.fields !== undefined || !slotPlaces(names, call, slot).some((place) => isReceiver(fn, place))) return false;
  return !facts.effects.some(
    (one) => one.kind === 'release' && one.slot.at === 'receiver' && one.slot.fields !== undefined,
  );
}

function isInOwnField({ fn }: Machine, { store }: State): boolean {
  return heldFields(fn, store).length > 0;
}

function isIn(machine: Machine, call: CallInstruction, slot: Slot, state: State): boolean {
  return slotPlaces(machine.facts, call, slot).some((place) => isResource(read(state.store, place)));
}

function slotOperand(machine: Machine, call: CallInstruction, slot: Slot): Operand | null {
  if (slot.at === 'param' && slot.fields === undefined) return call.args[slot.index]?.value ?? null;
  const place = slotPlaces(machine.facts, call, slot)[0];
  return place === undefined ? null : { kind: 'place', place };
}

/** A closure over the resource given to a callee nobody knows: its duty if it releases, else still ours. */
function handsOverInClosure(
  machine: Machine,
  call: CallInstruction,
  invoked: ReadonlySet<number>,
  state: State,
  walk: Walk,
): boolean {
  for (const [index, arg] of call.args.entries()) {
    if (arg.value.kind !== 'place' || invoked.has(index)) continue;
    const settlement = closureSettlement(machine, state.store, arg.value.place, 'later');
    if (settlement === null) continue;
    walk.settled(settlement, state, call);
    return true;
  }
  return false;
}
