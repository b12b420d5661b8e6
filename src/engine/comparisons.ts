/**
 * What a comparison that came out one way says of being equal to a number: where `size > 0` held, `size == 0` does not.
 * Numbers are only compared, never computed with.
 */
import type { Condition, IrFunction, PlaceId } from '../ir/ir.ts';
import { read, type Store } from './store.ts';
import { FALSE, TRUE } from './value.ts';

/** The comparisons of the place with a number, among the places that depend on it. */
export function comparisonsOf(
  { places }: IrFunction,
  place: PlaceId,
  dependents: readonly PlaceId[],
): readonly PlaceId[] {
  return dependents.filter((id) => {
    const one = places[id];
    return one?.kind === 'predicate' && one.compares?.left === place && one.compares.operator !== 'same';
  });
}

/** Is the place known to be above or below the number? */
export function isOutOfRange(
  fn: IrFunction,
  store: Store,
  { place, literal }: Extract<Condition, { test: 'equals' }>,
  dependents: readonly PlaceId[],
): boolean {
  const number = literal.kind === 'number' ? Number(literal.text) : NaN;
  if (Number.isNaN(number)) return false;
  return comparisonsOf(fn, place, dependents).some((id) => {
    const one = fn.places[id];
    const compares = one?.kind === 'predicate' ? one.compares : null;
    if (compares === null || compares.operator === 'same') return false;
    const isSo = compares.operator === 'above' ? number > compares.right : number < compares.right;
    return read(store, id) === (isSo ? FALSE : TRUE);
  });
}
