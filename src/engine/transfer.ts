/**
 * What one instruction or terminator does to one state. Reads operands, applies the call's effects for
 * each outcome, sends the exceptional outcome to `raise`, then writes destinations.
 *
 * On the exceptional edge of a call acquisitions and transfers did not happen; releases did.
 */
import type {
  BasicBlock,
  BlockId,
  CallInstruction,
  Instruction,
  IrFunction,
  Operand,
  PlaceId,
  Span,
  Terminator,
  ThrowTier,
  TypeHint,
} from '../ir/ir.ts';
import { assertNever } from '../errors.ts';
import { applyEffects, slotPlaces, type Outcome } from './apply-effects.ts';
import { closureHolds, closureSettlement } from './closure-effects.ts';
import type { CallFacts, EngineContext } from './context.ts';
import { functionFacts, holderOf, pathKey, type FunctionFacts } from './function-facts.ts';
import type { Refiner } from './refine.ts';
import { weaker, type ExitKind, type Settlement, type State, type TraceEvent } from './state.ts';
import { filterStore, placesWith, read, someEntry, write, type Store } from './store.ts';
import { holdsResource, isOneValue, isResource, NON_NULL, NULL, UNKNOWN, type Value } from './value.ts';

/** The obligation being followed, as far as transfer needs it. */
export interface Tracked {
  readonly resource: string | null;
  /** The function releases it on some path, so calls that might keep it are taken to borrow it. */
  readonly hasSiblingRelease: boolean;
  /** Fields of whatever holds it that stand for it. */
  readonly through: readonly string[];
}

/** Where a walk reports what becomes of the state. */
export interface Walk {
  go(target: BlockId, state: State): void;
  open(kind: ExitKind, span: Span, state: State, fields: readonly string[]): void;
  /** `by`: the call that ended the duty, if one did. `leaving`: it failed, with nobody here to catch it. */
  settled(settlement: Settlement, state: State, by?: CallInstruction, how?: 'leaving'): void;
}

export interface Machine {
  readonly fn: IrFunction;
  readonly context: EngineContext;
  readonly facts: FunctionFacts;
  readonly refiner: Refiner;
  readonly tracked: Tracked;
  /** Places the resource came to by copies alone, not through what a call made of it. */
  readonly itself: () => ReadonlySet<PlaceId>;
}

/** Runs the rest of a block from `index` on. */
export function walkBlock(machine: Machine, block: BasicBlock, index: number, start: State, walk: Walk): void {
  let states: readonly State[] = [start];
  for (let i = index; i < block.instructions.length && states.length > 0; i++) {
    const instruction = block.instructions[i] as Instruction; // i < length
    const next: State[] = [];
    for (const state of states) {
      for (const after of transferInstruction(machine, block, instruction, state, walk)) {
        const kept = keepHeld(machine, block.id, i, instruction, state, after, walk);
        if (kept !== null) next.push(kept);
      }
    }
    states = next;
  }
  for (const state of states) transferTerminator(machine, block, state, walk);
}

function transferInstruction(
  machine: Machine,
  block: BasicBlock,
  instruction: Instruction,
  state: State,
  walk: Walk,
): readonly State[] {
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
      raiseAwaited(machine, block, instruction, state, walk);
      return instruction.dest === null
        ? [state]
        : one(assign(machine, state, instruction.dest, instruction.source, walk));
    case 'yield':
      raise(block, instruction.throws, null, instruction.span, 'yield', state, walk);
      return instruction.dest === null
        ? [state]
        : one(assign(machine, state, instruction.dest, instruction.source, walk));
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
  instruction: Extract<Instruction, { op: 'await' | 'yield' }>,
  state: State,
  walk: Walk,
): void {
  const { source, span, throws } = instruction;
  const promise = source.kind === 'place' ? source.place : null;
  const isHeld = promise !== null && holdsResource(read(state.store, promise));
  const before = block.instructions[block.instructions.indexOf(instruction) - 1];
  if (promise === null || before?.op !== 'call' || !before.dests.includes(promise)) {
    if (!isHeld) raise(block, throws, null, span, 'await', state, walk);
    return;
  }
  const facts = machine.context.facts(before);
  const acquires = facts.acquisitions.flatMap(({ slot }) => slotPlaces(machine, before, slot));
  if (acquires.some((place) => isResource(read(state.store, place)))) return;
  // `await client.query(q)` may give the client again, which has not been released when it fails.
  if (isHeld && !givesBack(machine, before, facts, state)) return;
  for (const outcome of applyEffects(machine, before, facts, state, 'throw', walk)) {
    raise(block, throws, facts.thrown, span, facts.label, outcome.state, walk);
  }
}

/** The result is what the call was made on or given. */
function givesBack(machine: Machine, call: CallInstruction, facts: CallFacts, state: State): boolean {
  return facts.effects.some(
    (effect) =>
      effect.kind === 'alias' &&
      effect.into.at === 'result' &&
      slotPlaces(machine, call, effect.from).some((place) => holdsResource(read(state.store, place))),
  );
}

function one(state: State | null): readonly State[] {
  return state === null ? [] : [state];
}

/** `keep(connection); connection = null`: whoever clears the variable after handing it to a stranger has given it away. */
function assign(machine: Machine, state: State, dest: PlaceId, source: Operand, walk: Walk): State | null {
  const value = operandValue(machine, state.store, source);
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

export function operandValue(machine: Machine, store: Store, operand: Operand): Value {
  switch (operand.kind) {
    case 'place':
      return read(store, operand.place);
    case 'literal':
      return machine.refiner.literal(operand.literal);
    case 'condition':
      return machine.refiner.evaluate(store, operand.condition);
    case 'fresh':
      return NON_NULL;
    case 'unknown':
      return UNKNOWN;
    default:
      return assertNever(operand);
  }
}

/** Writes a place; when that hands the resource to an owner outside the function, settles instead. */
function writeChecked(machine: Machine, state: State, dest: PlaceId, value: Value, walk: Walk): State | null {
  if (isResource(value)) {
    const owner = outsideOwner(machine, dest);
    if (owner !== null) {
      walk.settled(owner, state);
      return null;
    }
  }
  return { ...state, store: writeThrough(machine, overwrite(machine, state.store, dest, value), dest, value) };
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
  if (last === '[]') return { kind: 'transferred', to: 'container', field: place.fields[0] ?? null };
  if (isReceiver(machine.fn, place.root) && place.fields.length === 1) return null;
  return { kind: 'transferred', to: 'field', field: last };
}

export function isReceiver(fn: IrFunction, place: PlaceId): boolean {
  if (place === fn.receiver || functionFacts(fn).receiverAliases.has(place)) return true;
  const root = fn.places[place];
  return fn.kind === 'closure' && root?.kind === 'local' && root.name === 'this' && fn.captures.includes(place);
}

/** Sets a place and forgets what depended on its old value. */
export function overwrite(machine: Machine, store: Store, dest: PlaceId, value: Value): Store {
  const place = machine.fn.places[dest];
  const before = read(store, dest);
  if (place?.kind === 'local' && place.accumulates && holdsResource(before)) return store;
  const dependents = machine.facts.dependents.get(dest);
  let next = store;
  if (dependents !== undefined && !(before === value && isOneValue(value))) {
    for (const dependent of dependents) next = write(next, dependent, UNKNOWN);
  }
  const isKept = holdsResource(value) || machine.facts.tested.has(dest);
  return write(next, dest, isKept ? value : UNKNOWN);
}

function transferCall(
  machine: Machine,
  block: BasicBlock,
  call: CallInstruction,
  state: State,
  walk: Walk,
): readonly State[] {
  const facts = machine.context.facts(call);
  const isInvolved = involves(machine, call, state.store);
  const failing: Walk =
    block.unwind === null
      ? {
          ...walk,
          settled: (settlement, at, by) => {
            walk.settled(settlement, at, by, 'leaving');
          },
        }
      : walk;
  const outcomes = (on: 'throw' | 'return'): readonly Outcome[] =>
    isInvolved
      ? applyEffects(machine, call, facts, state, on, on === 'throw' ? failing : walk)
      : [{ state, results: noResults }];
  if (facts.throws !== 'never') {
    for (const outcome of outcomes('throw')) {
      raise(block, facts.throws, facts.thrown, call.span, facts.label, outcome.state, walk);
    }
  }
  if (facts.neverReturns) {
    if (facts.throws === 'never') walk.settled({ kind: 'halted' }, state);
    return [];
  }
  const after: State[] = [];
  for (const outcome of outcomes('return')) {
    const next = writeResults(machine, call, outcome, walk);
    if (next !== null) after.push(next);
  }
  return after;
}

function writeResults(machine: Machine, call: CallInstruction, outcome: Outcome, walk: Walk): State | null {
  let state = outcome.state;
  for (const [index, dest] of call.dests.entries()) {
    const fallback = call.callee.kind === 'construct' && index === 0 ? NON_NULL : UNKNOWN;
    const written = writeChecked(machine, state, dest, outcome.results.get(index) ?? fallback, walk);
    if (written === null) return null;
    state = written;
  }
  return state;
}

const noResults: ReadonlyMap<number, Value> = new Map();

/** Does the call get at the resource: in its receiver, an argument, a field of one, or a closure's capture? */
function involves(machine: Machine, call: CallInstruction, store: Store): boolean {
  const given: PlaceId[] = call.receiver === null ? [] : [call.receiver];
  for (const arg of call.args) if (arg.value.kind === 'place') given.push(arg.value.place);
  if (call.callee.kind === 'value') given.push(call.callee.place);
  for (const place of given) {
    if (holdsResource(read(store, place))) return true;
    if (closureHolds(machine, store, place)) return true;
  }
  return someEntry(store, (place, value) => {
    const path = machine.fn.places[place];
    return path?.kind === 'path' && holdsResource(value) && given.includes(path.root);
  });
}

function spawn(machine: Machine, call: CallInstruction, state: State, walk: Walk): State | null {
  const started =
    call.callee.kind === 'value' ? closureSettlement(machine, state.store, call.callee.place, 'later') : null;
  if (started !== null) {
    walk.settled(started, state);
    return null;
  }
  const places = call.args.flatMap((arg) => (arg.value.kind === 'place' ? [arg.value.place] : []));
  if (call.receiver !== null) places.push(call.receiver);
  if (!places.some((place) => holdsResource(read(state.store, place)))) return state;
  walk.settled({ kind: 'transferred', to: 'task', field: null }, state);
  return null;
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

export function isNamed(fn: IrFunction, place: PlaceId): boolean {
  const found = fn.places[place];
  return found !== undefined && (found.kind !== 'local' || found.name !== null);
}

export function traced(state: State, kind: TraceEvent['kind'], span: Span, detail: string): TraceEvent {
  return { kind, span, detail, previous: state.cause };
}

function raise(
  block: BasicBlock,
  tier: ThrowTier,
  types: readonly TypeHint[] | null,
  span: Span,
  label: string,
  state: State,
  walk: Walk,
): void {
  if (tier === 'never') return;
  const thrown: State = {
    ...state,
    weakest: weaker(state.weakest, tier),
    thrown: types,
    cause: traced(state, 'throws', span, label),
  };
  unwind(block, span, thrown, walk);
}

function unwind(block: BasicBlock, span: Span, state: State, walk: Walk): void {
  if (block.unwind === null) walk.open('throw', span, state, []);
  else walk.go(block.unwind, state);
}

function transferTerminator(machine: Machine, block: BasicBlock, state: State, walk: Walk): void {
  const { terminator } = block;
  switch (terminator.op) {
    case 'jump':
      walk.go(terminator.to, state);
      return;
    case 'branch':
      branch(machine, block, terminator, state, walk);
      return;
    case 'switch':
      switchOn(machine, terminator, state, walk);
      return;
    case 'return':
      returnFrom(machine, terminator, state, walk);
      return;
    case 'throw': {
      // What is thrown goes to whoever catches it, with what it holds.
      if (terminator.value.kind === 'place' && holdsResource(read(state.store, terminator.value.place))) {
        walk.settled({ kind: 'transferred', to: 'caller', field: null }, state);
        return;
      }
      const types = terminator.type === null ? null : [terminator.type];
      raise(block, 'explicit', types, terminator.span, 'throw', state, walk);
      return;
    }
    case 'rethrow':
      unwind(block, lastThrow(state) ?? terminator.span, state, walk);
      return;
    case 'dispatch':
      dispatch(machine, terminator, state, walk);
      return;
    case 'halt':
      walk.settled({ kind: 'halted' }, state);
      return;
    default:
      assertNever(terminator);
  }
}

function lastThrow(state: State): Span | null {
  for (let event: TraceEvent | null = state.cause; event !== null; event = event.previous) {
    if (event.kind === 'throws') return event.span;
  }
  return null;
}

function branch(
  machine: Machine,
  block: BasicBlock,
  terminator: Extract<Terminator, { op: 'branch' }>,
  state: State,
  walk: Walk,
): void {
  const { when } = terminator;
  for (const outcome of [true, false]) {
    const target = outcome ? terminator.then : terminator.else;
    const store = when === 'unknown' ? state.store : machine.refiner.refine(state.store, when, outcome);
    if (store === null) continue;
    if (
      someEntry(state.store, (_, value) => holdsResource(value)) &&
      !someEntry(store, (_, value) => holdsResource(value))
    ) {
      continue; // the only place that might have held it is null here
    }
    const detail = when === 'unknown' && block.isLoopHead ? (outcome ? 'round' : 'end') : String(outcome);
    const cause = traced(state, 'branch', terminator.span, detail);
    walk.go(target, { ...state, store, cause });
  }
}

function switchOn(machine: Machine, terminator: Extract<Terminator, { op: 'switch' }>, state: State, walk: Walk): void {
  let rest: Store | null = state.store;
  for (const { literals, to } of terminator.cases) {
    for (const literal of literals) {
      const test = { test: 'equals', place: terminator.on, literal, negated: false } as const;
      const store = machine.refiner.refine(state.store, test, true);
      if (store !== null) walk.go(to, { ...state, store, cause: traced(state, 'branch', terminator.span, 'case') });
      if (rest !== null) rest = machine.refiner.refine(rest, test, false);
    }
    if (literals.length === 0) walk.go(to, { ...state, cause: traced(state, 'branch', terminator.span, 'case') });
  }
  if (rest !== null)
    walk.go(terminator.default, { ...state, store: rest, cause: traced(state, 'branch', terminator.span, 'default') });
}

function returnFrom(
  machine: Machine,
  terminator: Extract<Terminator, { op: 'return' }>,
  state: State,
  walk: Walk,
): void {
  for (const [index, value] of nearestFirst(machine, terminator.values)) {
    if (value.kind !== 'place') continue;
    if (holdsResource(read(state.store, value.place))) {
      // Handed out of a field that keeps it: the caller only borrows.
      const field = heldFields(machine.fn, state.store)[0];
      walk.settled(
        field === undefined
          ? { kind: 'returned', index, alone: terminator.values.length === 1 }
          : { kind: 'transferred', to: 'field', field },
        state,
      );
      return;
    }
    const closure = closureSettlement(machine, state.store, value.place, 'kept');
    if (closure !== null) {
      walk.settled(closure, state);
      return;
    }
  }
  walk.open('return', terminator.span, state, heldFields(machine.fn, state.store));
}

/** `return writer, file`: of several values that hold it the resource itself goes out, not what was made of it. */
function nearestFirst(machine: Machine, values: readonly Operand[]): readonly (readonly [number, Operand])[] {
  const entries = [...values.entries()];
  if (entries.length === 1) return entries;
  const isItself = ([, value]: readonly [number, Operand]): boolean =>
    value.kind === 'place' && machine.itself().has(value.place);
  return [...entries.filter(isItself), ...entries.filter((entry) => !isItself(entry))];
}

export function heldFields(fn: IrFunction, store: Store): string[] {
  const fields: string[] = [];
  for (const place of placesWith(store, isResource)) {
    const path = fn.places[place];
    if (path?.kind === 'path' && isReceiver(fn, path.root)) fields.push(path.fields[0] ?? '');
  }
  return fields;
}

/**
 * An exception whose types are not known is taken to be what the clauses wait for: beyond them it goes
 * on only with the tier `possible`.
 */
function dispatch(
  machine: Machine,
  terminator: Extract<Terminator, { op: 'dispatch' }>,
  state: State,
  walk: Walk,
): void {
  let mayBeCaught = false;
  for (const clause of terminator.clauses) {
    const verdict = clause.isBroad ? 'always' : machine.context.catches(clause, state.thrown);
    if (verdict === 'never') continue;
    walk.go(clause.to, state);
    if (verdict === 'always') return;
    mayBeCaught = true;
  }
  const isGuess = mayBeCaught && (state.thrown === null || state.thrown.length === 0);
  const outward = isGuess ? { ...state, weakest: weaker(state.weakest, 'possible') } : state;
  if (terminator.otherwise !== null) walk.go(terminator.otherwise, outward);
  else walk.open('throw', lastThrow(state) ?? terminator.span, outward, heldFields(machine.fn, state.store));
}
