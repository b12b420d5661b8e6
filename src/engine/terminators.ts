/** Where the end of a block takes a state: further blocks, out of the function, or to an owner outside. */
import type { BasicBlock, IrFunction, Operand, PlaceId, Terminator } from '../ir/ir.ts';
import { elementField } from '../ir/places.ts';
import { assertNever } from '../errors.ts';
import { closureSettlement } from './closure-effects.ts';
import { heldFields, isOutlet, isOwnList, type Machine, type Walk } from './machine.ts';
import { raise, unwind } from './raise.ts';
import { isRejected } from './rejected-promises.ts';
import { blockBeforeCleanup, lastThrow, traced, weaker, type State } from './state.ts';
import { read, someEntry } from './store.ts';
import { waysOfSwitch } from './refine.ts';
import { holdsResource } from './value.ts';

export function transferTerminator(machine: Machine, block: BasicBlock, state: State, walk: Walk): void {
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
      returnFrom(machine, block, terminator, state, walk);
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

function branch(
  machine: Machine,
  block: BasicBlock,
  terminator: Extract<Terminator, { op: 'branch' }>,
  state: State,
  walk: Walk,
): void {
  const { when } = terminator;
  const isFirstTurn = isLoopOverHolder(machine, block, terminator, state) && !state.begun.includes(block.id);
  for (const outcome of isFirstTurn ? [true] : [true, false]) {
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
    const isTold = !isAssertion(machine.fn, terminator, outcome);
    const cause = isTold ? traced(state, 'branch', terminator.span, detail) : state.cause;
    const begun = isFirstTurn ? [...state.begun, block.id] : state.begun;
    walk.go(target, { ...state, store, begun, cause });
  }
}

/** `require.NoError(t, err)`: what goes on behind it has nothing to tell. */
function isAssertion(
  { blocks }: IrFunction,
  { span, then, else: otherwise }: Extract<Terminator, { op: 'branch' }>,
  outcome: boolean,
): boolean {
  const avoided = blocks[outcome ? otherwise : then];
  if (avoided?.terminator.op !== 'halt' || avoided.instructions.length > 0) return false;
  return avoided.terminator.span.start === span.start && avoided.terminator.span.end === span.end;
}

/** `for (Closeable one : all)`, where `all` holds the resource and so is not empty: there is a first turn. */
function isLoopOverHolder(
  { fn }: Machine,
  block: BasicBlock,
  { when, then }: Extract<Terminator, { op: 'branch' }>,
  { store }: State,
): boolean {
  if (!block.isLoopHead) return false;
  const first = fn.blocks[then]?.instructions[0];
  if (first?.op !== 'assign' || first.source.kind !== 'place') return false;
  const element = fn.places[first.source.place];
  if (element?.kind !== 'path' || element.fields.at(-1) !== elementField) return false;
  if (!holdsResource(read(store, first.source.place))) return false;
  return when === 'unknown' || (when.test === 'true' && asksForCount(fn, when.place, element.root));
}

/** `i < all.length` */
function asksForCount(fn: IrFunction, test: PlaceId, collection: PlaceId): boolean {
  const predicate = fn.places[test];
  if (predicate?.kind !== 'predicate') return false;
  return predicate.roots.some((root) => {
    const place = fn.places[root];
    return place?.kind === 'path' && place.root === collection && place.isCount;
  });
}

function switchOn(machine: Machine, terminator: Extract<Terminator, { op: 'switch' }>, state: State, walk: Walk): void {
  for (const { to, store, by } of waysOfSwitch(machine.refiner, terminator, state.store))
    walk.go(to, { ...state, store, cause: traced(state, 'branch', terminator.span, by) });
}

function returnFrom(
  machine: Machine,
  block: BasicBlock,
  terminator: Extract<Terminator, { op: 'return' }>,
  state: State,
  walk: Walk,
): void {
  for (const [index, value] of nearestFirst(machine, terminator.values)) {
    if (value.kind !== 'place') continue;
    if (isRejected(state.store, value.place)) {
      walk.open('throw', terminator.span, state, heldFields(machine.fn, state.store));
      return;
    }
    if (holdsResource(read(state.store, value.place))) {
      // Handed out of a field that keeps it: the caller only borrows.
      const field = heldFields(machine.fn, state.store)[0];
      if (isOwnList(machine, value.place)) {
        walk.settled({ kind: 'transferred', to: 'container', field: null }, state);
        return;
      }
      walk.settled(
        field === undefined
          ? { kind: 'returned', index, alone: terminator.values.length === 1 }
          : { kind: 'transferred', to: 'field', field },
        state,
      );
      return;
    }
    if (isOutlet(machine, state.store, value.place)) {
      walk.settled({ kind: 'transferred', to: 'caller', field: null }, state);
      return;
    }
    const closure = closureSettlement(machine, state.store, value.place, 'kept', 'both', block.id);
    if (closure !== null) {
      walk.settled(closure, state);
      return;
    }
  }
  const taken = terminator.isShared ? blockBeforeCleanup(machine.facts, state.path) : null;
  const span = taken === null ? terminator.span : (machine.fn.blocks[taken]?.terminator.span ?? terminator.span);
  walk.open('return', span, state, heldFields(machine.fn, state.store));
}

/** `return writer, file`: of several values that hold it the resource itself goes out, not what was made of it. */
function nearestFirst(machine: Machine, values: readonly Operand[]): readonly (readonly [number, Operand])[] {
  const entries = [...values.entries()];
  if (entries.length === 1) return entries;
  const isItself = ([, value]: readonly [number, Operand]): boolean =>
    value.kind === 'place' && machine.itself().has(value.place);
  return [...entries.filter(isItself), ...entries.filter((entry) => !isItself(entry))];
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
    walk.go(clause.to, verdict === 'hardly' ? { ...state, weakest: weaker(state.weakest, 'possible') } : state);
    if (verdict === 'always') return;
    mayBeCaught = true;
  }
  const isGuess = mayBeCaught && (state.thrown === null || state.thrown.length === 0);
  const outward = isGuess ? { ...state, weakest: weaker(state.weakest, 'possible') } : state;
  if (terminator.otherwise !== null) walk.go(terminator.otherwise, outward);
  else walk.open('throw', lastThrow(state) ?? terminator.span, outward, heldFields(machine.fn, state.store));
}
