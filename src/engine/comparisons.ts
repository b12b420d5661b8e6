/**
 * What comparisons with numbers say of each other: where `size > 5` held, so does `size > 3`, and `size == 0` does not.
 * Numbers are only compared, never computed with; of bounds on one side, a store needs the tightest alone.
 */
import type { Comparison, Condition, IrFunction, PlaceId } from '../ir/ir.ts';
import { filterStore, someEntry, write, type Store } from './store.ts';
import { FALSE, TRUE, type Value } from './value.ts';

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

/** The store once the comparison came out as `holds`; null: others say that it cannot. Of no comparison, the store as it is. */
export function refineComparison(fn: IrFunction, store: Store, id: PlaceId, holds: boolean): Store | null {
  const bound = boundOf(fn, id, holds ? TRUE : FALSE);
  if (bound === null) return store;
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
