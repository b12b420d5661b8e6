/**
 * What a comparison that came out one way says of being equal to a number: where `size > 0` held, `size == 0` does not.
 * Numbers are only compared, never computed with.
 */
import type { Comparison, Condition, IrFunction, PlaceId } from '../ir/ir.ts';
import { someEntry, type Store } from './store.ts';
import { FALSE, TRUE } from './value.ts';

/** The comparison with a number that a predicate stands for; null: it is none. */
export function numberComparison(
  { places }: IrFunction,
  id: PlaceId,
): Extract<Comparison, { operator: 'above' | 'below' }> | null {
  const place = places[id];
  const compares = place?.kind === 'predicate' ? place.compares : null;
  return compares === null || compares.operator === 'same' ? null : compares;
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
    const compares = numberComparison(fn, id);
    if (compares?.left !== place) return false;
    const isSo = compares.operator === 'above' ? number > compares.right : number < compares.right;
    return value === (isSo ? FALSE : TRUE);
  });
}
