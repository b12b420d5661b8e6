/** Applies a call's effects to one state for one outcome: it returned, or it threw. */
import type { Effect, ResourceKind, Slot, Unless } from '../effects/effect.ts';
import type { CallInstruction, PlaceId } from '../ir/ir.ts';
import { assertNever } from '../errors.ts';
import { closureSettlement, isReleasedByClosure } from './closure-effects.ts';
import { guarded } from './effect-guards.ts';
import { pathKey } from './function-facts.ts';
import { calledSettlement, handsOverInClosure, invokedSettlement } from './functions-in-calls.ts';
import { holds, isIn, isInOwnField, slotOperand } from './held-slots.ts';
import { isOutlet, isOwnList, operandValue, type Machine, type Walk } from './machine.ts';
import { withResult, type Outcome } from './outcome.ts';
import { isReceiver } from './receiver.ts';
import { slotPlaces, whenApart } from './slots.ts';
import { traced, weaker, type Settlement, type State } from './state.ts';
import { read, write } from './store.ts';
import { FALSE, HOLDER, holdsResource, isNonNull, MAYBE_RESOURCE, NULL, RESOURCE, TRUE, UNKNOWN } from './value.ts';

/** What a call does to the inputs that the resource is in. */
export interface CallEffects {
  /** As a person would name the callee. */
  readonly label: string;
  readonly effects: readonly Effect[];
}

export function applyEffects(
  machine: Machine,
  call: CallInstruction,
  known: CallEffects,
  state: State,
  on: 'return' | 'throw',
  walk: Walk,
): readonly Outcome[] {
  const called = calledSettlement(machine, call, state, on);
  const begun = called === null ? state : afterSettling(called, state, call, walk);
  if (begun === null) return [];
  if (handsOnList(machine, call, begun)) {
    walk.settled({ kind: 'transferred', to: 'container', field: null }, begun, call);
    return [];
  }
  let outcomes: Outcome[] = [{ state: begun, results: new Map() }];
  for (const effect of known.effects) {
    if (effect.on !== 'both' && effect.on !== on) continue;
    const next: Outcome[] = [];
    for (const outcome of outcomes) {
      for (const branch of guarded(machine, call, effect, outcome)) {
        const after = branch.isApplied
          ? applyEffect(machine, call, known, effect, branch.outcome, on, walk)
          : branch.outcome;
        if (after !== null) next.push(after);
      }
    }
    outcomes = next;
  }
  const invoked = new Set<number>();
  for (const effect of known.effects)
    if (effect.kind === 'invoke' && effect.slot.at === 'param') invoked.add(effect.slot.index);
  return outcomes.filter((outcome) => !handsOverInClosure(machine, call, invoked, outcome.state, walk));
}

/** Where it is released if it is of certain kinds, a path goes on for the others. */
export function afterSettling(
  settlement: Settlement,
  state: State,
  call: CallInstruction | null,
  walk: Walk,
): State | null {
  walk.settled(settlement, state, call ?? undefined);
  if (settlement.kind !== 'released' || settlement.only === undefined) return null;
  return { ...state, releasedAs: [...new Set([...state.releasedAs, ...settlement.only])].sort() };
}

function applyEffect(
  machine: Machine,
  call: CallInstruction,
  known: CallEffects,
  effect: Effect,
  outcome: Outcome,
  on: 'return' | 'throw',
  walk: Walk,
): Outcome | null {
  const { state } = outcome;
  if (isOutletHandedOn(machine, call, effect, state)) {
    const next = afterSettling({ kind: 'transferred', to: 'field', field: null }, state, call, walk);
    return next === null ? null : { ...outcome, state: next };
  }
  const settle = (settlement: Settlement): Outcome | null => {
    const next = afterSettling(
      settlement,
      effect.certainty === 'may' ? { ...state, usesMay: true } : state,
      call,
      walk,
    );
    return next === null ? null : { ...outcome, state: next };
  };
  switch (effect.kind) {
    case 'release': {
      const { resource } = effect;
      if (resource !== undefined && machine.tracked.resource !== null && resource !== machine.tracked.resource)
        return outcome;
      if (machine.tracked.resource === null && isNoSign(effect)) return outcome;
      const isOwnObject = endsOwnObject(machine, call, known, effect.slot) && isInOwnField(machine, state);
      if (!isOwnObject && !holds(machine, call, effect.slot, state)) return outcome;
      return settle(isOwnObject ? { kind: 'released' } : released(machine, call, known, state));
    }
    case 'drain': {
      if (!holds(machine, call, effect.slot, state)) return outcome;
      // Where the other end fails, a function that goes on with what it gives comes to the release that it has.
      const isWaitedFor = machine.tracked.hasSiblingRelease && call.dests.some((dest) => machine.facts.reads.has(dest));
      if (isWaitedFor || isReleasedByClosure(machine, state.store)) return settle({ kind: 'released', drained: true });
      const unless = { span: call.span, label: known.label };
      walk.open('throw', call.span, leftBy(state, unless), []);
      return settle({ kind: 'released', drained: true, unless });
    }
    case 'alias':
      if (isKeptByGiven(machine, call, effect, state))
        return settle({ kind: 'transferred', to: 'container', field: null });
      return applyAlias(machine, call, known, effect, outcome);
    case 'transfer': {
      if (!isIn(machine, call, effect.from, state))
        return isKeptInClosure(machine, call, effect, state)
          ? settle({ kind: 'transferred', to: 'task', field: null })
          : outcome;
      if (isOptionsOf(machine, call)) return withResult(outcome, 0, RESOURCE);
      if (effect.to === 'container') {
        const added = inOwnList(machine, call, outcome);
        if (added !== null) return added;
      }
      // `manager.read(id); …; manager.close();`, where one of the methods that `read` may mean hands the manager to a task: who closes it here has lent it.
      if (machine.tracked.hasSiblingRelease && isLentToTask(effect))
        return { ...outcome, state: { ...outcome.state, wasLent: true } };
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
      if (machine.tracked.hasSiblingRelease && (machine.isState || !machine.facts.returnedAtOnce.has(call)))
        return { ...outcome, state: { ...outcome.state, wasLent: true } };
      return settle({ kind: 'escaped', span: call.span, why: known.label });
    case 'invoke': {
      const settlement = invokedSettlement(machine, call, effect, state, on);
      if (settlement === null) return outcome;
      const unless = settlement.kind === 'released' && effect.when !== 'later' ? settlement.unless : undefined;
      // `new Promise((resolve, reject) => { archive.on('error', reject); archive.pipe(out); })`
      if (unless !== undefined && on === 'return' && !isReleasedByClosure(machine, state.store))
        walk.open('throw', unless.span, leftBy(state, unless), []);
      return settle(settlement);
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

/** `logs.setOutput(line => file.write(line))`: who keeps the function has what it uses, unless that is released here after all. */
function isKeptInClosure(
  machine: Machine,
  call: CallInstruction,
  { from, to, certainty }: Extract<Effect, { kind: 'transfer' }>,
  { store }: State,
): boolean {
  if (from.at !== 'param' || to === 'task' || certainty === 'may' || machine.tracked.hasSiblingRelease) return false;
  return slotPlaces(machine.facts, call, from).some(
    (place) => closureSettlement(machine, store, place, 'kept') !== null,
  );
}

/** The state after the other end, which was to release the resource, has failed. */
function leftBy(state: State, { span, label }: Unless): State {
  return { ...state, weakest: weaker(state.weakest, 'likely'), cause: traced(state, 'fails', span, label) };
}

/** `newClock(ticker.C)` may keep the channel, and with it goes the ticker. */
function isOutletHandedOn(machine: Machine, call: CallInstruction, effect: Effect, { store }: State): boolean {
  if (machine.tracked.outlets.length === 0) return false;
  const slot =
    effect.kind === 'escape' ? effect.slot : effect.kind === 'transfer' || effect.kind === 'alias' ? effect.from : null;
  return slot !== null && slotPlaces(machine.facts, call, slot).some((place) => isOutlet(machine, store, place));
}

/** `limit.Wait()` ends a process, if that is what it is: several rules may know the name, each for its kind. */
function released(machine: Machine, call: CallInstruction, known: CallEffects, state: State): Settlement {
  if (machine.tracked.resource !== null) return { kind: 'released' };
  const only: ResourceKind[] = [];
  for (const effect of known.effects) {
    if (effect.kind !== 'release' || isNoSign(effect) || !holds(machine, call, effect.slot, state)) continue;
    if (effect.resource === undefined)
      return effect.drained === true ? { kind: 'released', drained: true } : { kind: 'released' };
    only.push(effect.resource);
  }
  return { kind: 'released', only };
}

/** What ends one kind without telling whose it is says nothing to callers of a function, who may have any. */
function isNoSign({ resource, drained }: Extract<Effect, { kind: 'release' }>): boolean {
  return resource !== undefined && drained === true;
}

/** `closer.register(in)`, of a closer that this function was given: its caller closes both. */
function isKeptByGiven(
  machine: Machine,
  call: CallInstruction,
  { from, into }: Extract<Effect, { kind: 'alias' }>,
  state: State,
): boolean {
  const { fn, tracked } = machine;
  if (into.at !== 'receiver' || into.fields !== undefined || tracked.hasSiblingRelease) return false;
  const isGiven = call.receiver !== null && call.receiver !== fn.receiver && fn.params.includes(call.receiver);
  return isGiven && isIn(machine, call, from, state);
}

function applyAlias(
  machine: Machine,
  call: CallInstruction,
  known: CallEffects,
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
  // `server.connect()` gives a part of it, or the thing itself; only what is given something wraps it.
  const kind = effect.from.at === 'receiver' ? 'derived' : 'wrapped';
  // That what nobody knows may give back what it was called on, `page.resize()`, is no step of a path.
  const isTold = isUsed && (kind === 'wrapped' || effect.certainty === 'must');
  const cause = isTold ? traced(state, kind, call.span, known.label) : state.cause;
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

/** `conns = append(conns, conn)`, of a list that is nobody else's yet: still to be answered for here. */
function inOwnList(machine: Machine, call: CallInstruction, outcome: Outcome): Outcome | null {
  const list = machine.facts.ownLists.additions.get(call);
  if (list === undefined || !isOwnList(machine, list)) return null;
  if (call.callee.kind === 'aggregate') return withResult(outcome, 0, RESOURCE);
  return { ...outcome, state: { ...outcome.state, store: write(outcome.state.store, list, RESOURCE) } };
}

/** `closeAll(conns)`, `session.stop()`: whoever is given the list, or has it in a field, may do anything with what is in it. */
function handsOnList(machine: Machine, call: CallInstruction, { store }: State): boolean {
  const { additions, places } = machine.facts.ownLists;
  if (places.size === 0) return false;
  const added = additions.get(call);
  const given = call.args.flatMap(({ value }) => (value.kind === 'place' ? [value.place] : []));
  const reached = call.receiver === null ? given : [...given, call.receiver];
  return [...places].some((list) => {
    const place = machine.fn.places[list];
    const isReached = reached.includes(list) || (place?.kind === 'path' && reached.includes(place.root));
    return isReached && list !== added && holdsResource(read(store, list)) && isOwnList(machine, list);
  });
}

/**
 * `create(order, { transaction })`: who gets it in a literal made for calls has it as if it were an argument. So it is where
 * the function releases it itself, or all of them are known to keep nothing; else it may stay where it was put.
 */
function isOptionsOf(machine: Machine, { callee, dests: [dest] }: CallInstruction): boolean {
  if (callee.kind !== 'aggregate' || dest === undefined || !machine.facts.literalsForCalls.has(dest)) return false;
  return machine.tracked.hasSiblingRelease || isKeptByNobody(machine, dest);
}

/** `post(url, files={"invoice": ("a.pdf", file)})`: a literal in a literal is as good as the one around it. */
function isKeptByNobody({ context, facts }: Machine, literal: PlaceId): boolean {
  const literals = new Set([literal]);
  for (const one of literals) {
    const takers = facts.literalsForCalls.get(one) ?? [];
    if (takers.length === 0) return false;
    for (const taker of takers) {
      const [around] = taker.dests;
      if (taker.callee.kind !== 'aggregate') {
        if (!context.facts(taker).onlyUses(one)) return false;
      } else if (around === undefined) return false;
      else literals.add(around);
    }
  }
  return true;
}

/** `abort()`, or `closeQuietly(this)`, with nothing said of single fields: the object ends, with what is in its fields. */
function endsOwnObject({ fn, facts }: Machine, call: CallInstruction, known: CallEffects, slot: Slot): boolean {
  if (slot.fields !== undefined || !slotPlaces(facts, call, slot).some((place) => isReceiver(fn, place))) return false;
  return !known.effects.some(
    (one) => one.kind === 'release' && one.slot.at === 'receiver' && one.slot.fields !== undefined,
  );
}

function isLentToTask(effect: Extract<Effect, { kind: 'transfer' }>): boolean {
  return effect.to === 'task' && effect.certainty === 'may' && effect.from.at === 'receiver';
}
