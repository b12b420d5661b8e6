/** What a test adds to a store; null when the store already contradicts it. */
import type { BlockId, Comparison, Condition, Literal, PlaceId, Terminator } from '../ir/ir.ts';
import { writtenAs } from '../ir/operands.ts';
import { isOutOfRange, numberComparison, refineComparison } from './comparisons.ts';
import type { EngineContext } from './context.ts';
import { holderOf, type FunctionFacts } from './function-facts.ts';
import type { Tracked } from './machine.ts';
import { read, write, type Store } from './store.ts';
import {
  areDistinctConstants,
  FALSE,
  holdsResource,
  isNonNull,
  HOLDER,
  isResource,
  MAYBE_RESOURCE,
  NON_NULL,
  NULL,
  RESOURCE,
  TRUE,
  UNKNOWN,
  type Value,
} from './value.ts';
import { assertNever } from '../errors.ts';

/** A field tested for being null is tested for its truth in languages that make no difference. */
function isTruthy({ test, negated }: Condition, outcome: boolean): boolean {
  return (test === 'null') !== (outcome !== negated);
}

/** `fd > 2`, `fd < 0`: how it comes out for a number that is `least` or more. */
function compareNumber(
  { operator, right }: Extract<Comparison, { operator: 'above' | 'below' }>,
  least: number | null,
): boolean | null {
  if (least === null || right > least) return null;
  if (operator === 'above') return right < least ? true : null;
  return false;
}

export interface Refiner {
  /** The store once `condition` came out as `outcome`; null: it cannot. */
  refine(store: Store, condition: Condition, outcome: boolean): Store | null;
  /** The condition's value, if the store decides it. */
  evaluate(store: Store, condition: Condition): Value;
  literal(literal: Literal): Value;
}

/** Where a `switch` leads from a store, what is known there, and which case that is, in the words of the source. */
export function* waysOfSwitch(
  refiner: Refiner,
  { on, cases, default: otherwise }: Extract<Terminator, { op: 'switch' }>,
  store: Store,
): Generator<{ readonly to: BlockId; readonly store: Store; readonly by: string }> {
  let rest: Store | null = store;
  for (const { literals, to } of cases) {
    for (const literal of literals) {
      const test = { test: 'equals', place: on, literal, negated: false } as const;
      const there = refiner.refine(store, test, true);
      if (there !== null) yield { to, store: there, by: `case ${writtenAs(literal)}` };
      if (rest !== null) rest = refiner.refine(rest, test, false);
    }
    if (literals.length === 0) yield { to, store, by: 'case' };
  }
  if (rest !== null) yield { to: otherwise, store: rest, by: 'default' };
}

/** Of `tracked`, what its fields say of it. `isFresh`: what is followed came into being here, so nothing that does not hold it can be equal to it. */
export function createRefiner(
  facts: FunctionFacts,
  context: EngineContext,
  { states, emptyWith }: Pick<Tracked, 'states' | 'emptyWith'>,
  isFresh = false,
): Refiner {
  const { literals } = facts;

  function refine(store: Store, condition: Condition, outcome: boolean): Store | null {
    const refined = refineDirect(store, condition, outcome);
    if (refined === null || condition.test !== 'true') return refined;
    const behind = facts.conditions.get(condition.place);
    if (behind === undefined || behind.place === condition.place) return refined;
    return refineDirect(refined, behind, outcome !== condition.negated);
  }

  function refineDirect(store: Store, condition: Condition, outcome: boolean): Store | null {
    const holds = outcome !== condition.negated;
    const { place } = condition;
    const whileOpen = stateField(store, place);
    if (whileOpen !== null) return isTruthy(condition, outcome) === whileOpen ? store : null;
    const value = read(store, place);
    switch (condition.test) {
      case 'null':
        return refineNull(store, place, value, holds);
      case 'true':
        if (isFresh && compared(store, place) === !holds) return null;
        // `out = False; if not out: out = open(path)`: asked for its truth as well, what was opened is there.
        if (value === RESOURCE && !holds) return null;
        if (facts.tested.has(place) && numberComparison(context.fn, place) !== null)
          return refineComparison({ fn: context.fn, literals, store }, place, holds);
        return refineConstant(store, place, value, holds ? TRUE : FALSE, holds ? FALSE : TRUE);
      case 'equals':
        // `if (handle == 0)`: no number written here stands for what was opened.
        if (holds && value === RESOURCE && condition.literal.kind === 'number') return null;
        if (holds && saysReleased(store, condition)) return null;
        return refineEquals(store, condition, value, holds);
      case 'type':
        // `if isinstance(target, str)`, of a file.
        if (value === RESOURCE && isFresh && holds && context.isValueType(condition.type)) return null;
        // Also of what it came with: `if (connection instanceof HttpURLConnection) …disconnect()`.
        if (isResource(value) || value === HOLDER)
          return !holds && context.isReleasableType(condition.type) ? null : store;
        if (value === NULL) return holds ? null : store;
        return refineOutcome(holds && value === UNKNOWN ? remember(store, place, NON_NULL) : store, condition, holds);
      default:
        return assertNever(condition);
    }
  }

  /** How a comparison comes out if the resource is one side of it; null: nobody knows. */
  function compared(store: Store, id: PlaceId): boolean | null {
    const place = context.fn.places[id];
    const compares = place?.kind === 'predicate' ? place.compares : null;
    if (compares === null) return null;
    const held = read(store, compares.left);
    if (compares.operator !== 'same') return held === RESOURCE ? compareNumber(compares, context.numbersFrom) : null;
    // `conn != this.conn`: one of the two is the resource, the other surely is not.
    const other = read(store, compares.right);
    return (held === RESOURCE && !holdsResource(other)) || (other === RESOURCE && !holdsResource(held)) ? false : null;
  }

  /**
   * What `file.closed` is while the file is what is followed, and so is open. What is open has the method that releases
   * it: `if (timer.unref) timer.unref()` asks about the platform.
   */
  function stateField(store: Store, id: PlaceId): boolean | null {
    const field = fieldOf(id);
    if (field === null) return null;
    const whileOpen =
      states.get(field) ?? context.valueWhileOpen(field) ?? (context.isReleaseMethod(field) ? true : null);
    return whileOpen !== null && isOfOpen(store, id) ? whileOpen : null;
  }

  /** `audio.state === 'closed'`, of what is open; `response.status === 204`, which leaves nothing to read. */
  function saysReleased(store: Store, { place, literal }: Extract<Condition, { test: 'equals' }>): boolean {
    const field = fieldOf(place);
    if (field === null || (literal.kind !== 'string' && literal.kind !== 'number')) return false;
    const isReleased = literal.kind === 'string' && context.isReleasedState(field, literal.text);
    return (isReleased || emptyWith.get(field)?.has(literal.text) === true) && isOfOpen(store, place);
  }

  function fieldOf(id: PlaceId): string | null {
    const place = context.fn.places[id];
    return place?.kind === 'path' ? (place.fields.at(-1) ?? null) : null;
  }

  /** It is a field of what is followed, or of what holds that, which is open as well: `signal.aborted`, of a listener of the signal. */
  function isOfOpen(store: Store, id: PlaceId): boolean {
    const place = context.fn.places[id];
    const holder = place?.kind === 'path' ? holderOf(facts, place) : null;
    if (holder === null) return false;
    const held = read(store, holder);
    return isResource(held) || held === HOLDER;
  }

  /** Where no value of the place says how the test came out. */
  function refineOutcome(store: Store, test: Condition, holds: boolean): Store | null {
    const outcome = facts.repeated.outcome(test);
    if (outcome === null) return store;
    return refineConstant(store, outcome, read(store, outcome), holds ? TRUE : FALSE, holds ? FALSE : TRUE);
  }

  function refineNull(store: Store, place: PlaceId, value: Value, isNull: boolean): Store | null {
    if (isNull) {
      if (isNonNull(value)) return null;
      return value === MAYBE_RESOURCE ? write(store, place, NULL) : remember(store, place, NULL);
    }
    if (value === NULL) return null;
    return value === UNKNOWN ? remember(store, place, NON_NULL) : store;
  }

  function refineConstant(store: Store, place: PlaceId, value: Value, wanted: Value, other: Value): Store | null {
    // What is null is not true; `given?.isReleased` is neither.
    if (value === NULL) return wanted === FALSE ? store : null;
    if (value === other) return null;
    return value === wanted ? store : isResource(value) ? store : remember(store, place, wanted);
  }

  function refineEquals(
    store: Store,
    condition: Extract<Condition, { test: 'equals' }>,
    value: Value,
    holds: boolean,
  ): Store | null {
    const { place } = condition;
    const literal = literals.value(condition.literal);
    if (literal === NULL) return refineNull(store, place, value, holds);
    if (holds) {
      if (areDistinctConstants(value, literal)) return null;
      const outcome = facts.repeated.outcome(condition);
      if (outcome !== null && read(store, outcome) === FALSE) return null;
      if (isOutOfRange(context.fn, store, condition)) return null;
      return isResource(value) ? store : remember(store, place, literal);
    }
    if (value === literal) return null;
    const opposite = literal === TRUE ? FALSE : literal === FALSE ? TRUE : UNKNOWN;
    if (opposite !== UNKNOWN) return refineConstant(store, place, value, opposite, literal);
    return areDistinctConstants(value, literal) ? store : refineOutcome(store, condition, false);
  }

  function remember(store: Store, place: PlaceId, value: Value): Store {
    return facts.tested.has(place) ? write(store, place, value) : store;
  }

  function evaluate(store: Store, condition: Condition): Value {
    const canHold = refine(store, condition, true) !== null;
    const canFail = refine(store, condition, false) !== null;
    if (canHold && !canFail) return TRUE;
    if (canFail && !canHold) return FALSE;
    return UNKNOWN;
  }

  return { refine, evaluate, literal: (literal) => literals.value(literal) };
}
