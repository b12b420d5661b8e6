/**
 * What comparisons with numbers say of each other, and what a number says of them: where `size > 5` held, so does `size > 3`,
 * and `size == 0` does not; `i < 3` holds in the first round of a loop that begins with `i = 0`.
 * Numbers are only compared, never computed with; of bounds on one side, a store needs the tightest alone.
 */
import type { Comparison, Condition, IrFunction, PlaceId } from '../ir/ir.ts';
import { filterStore, read, someEntry, write, type Store } from './store.ts';
import { FALSE, TRUE, type LiteralTable, type Value } from './value.ts';

/** What a comparison that came out one way says of the place on its left. */
interface Bound {
  readonly place: PlaceId;
  readonly side: 'above' | 'below';
  readonly number: number;
  /** The place may be the number itself. */
  readonly isInclusive: boolean;
}

/** The comparison with a number that a predicate stands for; null: it is none. */
export function numberComparison(
  { places }: IrFunction,
  id: PlaceId,
): Extract<Comparison, { operator: 'above' | 'below' }> | null {
  const place = places[id];
  const compares = place?.kind === 'predicate' ? place.compares : null;
  return compares === null || compares.operator === 'same' ? null : compares;
}

/** What is known where a comparison is asked: of which function, and what its literals are. */
export interface Known {
  readonly fn: IrFunction;
  readonly literals: LiteralTable;
  readonly store: Store;
}

/** The store once the comparison came out as `holds`; null: the number itself, or others, say that it cannot. Of no comparison, the store as it is. */
export function refineComparison({ fn, literals, store }: Known, id: PlaceId, holds: boolean): Store | null {
  const bound = boundOf(fn, id, holds ? TRUE : FALSE);
  if (bound === null) return store;
  const number = literals.number(read(store, bound.place));
  if (number !== null) return contains(bound, number) ? store : null;
  const says = (test: (known: Bound, asked: Bound) => boolean): boolean =>
    someEntry(store, (place, value) => {
      const known = boundOf(fn, place, value);
      return known !== null && test(known, bound);
    });
  if (says(excludes)) return null;
  if (says(implies)) return store;
  const others = filterStore(store, (place, value) => {
    const known = boundOf(fn, place, value);
    return known === null || !implies(bound, known);
  });
  return write(others, id, holds ? TRUE : FALSE);
}

/** Is the place known to be above or below the number? */
export function isOutOfRange(
  fn: IrFunction,
  store: Store,
  { place, literal }: Extract<Condition, { test: 'equals' }>,
): boolean {
  const number = literal.kind === 'number' ? Number(literal.text) : NaN;
  if (Number.isNaN(number)) return false;
  return someEntry(store, (id, value) => {
    const bound = boundOf(fn, id, value);
    return bound?.place === place && !contains(bound, number);
  });
}

function boundOf(fn: IrFunction, id: PlaceId, value: Value): Bound | null {
  if (value !== TRUE && value !== FALSE) return null;
  const compares = numberComparison(fn, id);
  if (compares === null) return null;
  const { left: place, operator, right: number } = compares;
  const opposite = operator === 'above' ? 'below' : 'above';
  const holds = value === TRUE;
  return { place, number, side: holds ? operator : opposite, isInclusive: !holds };
}

function contains({ side, number, isInclusive }: Bound, other: number): boolean {
  return other === number ? isInclusive : side === 'above' ? other > number : other < number;
}

function implies(known: Bound, asked: Bound): boolean {
  if (known.place !== asked.place || known.side !== asked.side) return false;
  return known.number === asked.number ? asked.isInclusive || !known.isInclusive : contains(asked, known.number);
}

function excludes(known: Bound, asked: Bound): boolean {
  if (known.place !== asked.place || known.side === asked.side) return false;
  return known.number === asked.number ? !(known.isInclusive && asked.isInclusive) : !contains(known, asked.number);
}
