/**
 * What one path knows of places: sorted pairs of place and value, flattened; `UNKNOWN` is the default
 * and is not stored. Immutable: stores are shared between states. They hold a handful of entries, so a
 * linear scan beats a map.
 */
import type { PlaceId } from '../ir/ir.ts';
import { joinValues, UNKNOWN, type Value } from './value.ts';

export type Store = readonly number[];

export const emptyStore: Store = [];

export function read(store: Store, place: PlaceId): Value {
  for (let i = 0; i < store.length; i += 2) {
    const at = store[i] as number; // i < length
    if (at === place) return store[i + 1] as number; // pairs
    if (at > place) return UNKNOWN;
  }
  return UNKNOWN;
}

export function write(store: Store, place: PlaceId, value: Value): Store {
  let i = 0;
  while (i < store.length && (store[i] as number) < place) i += 2; // i < length
  const isThere = store[i] === place;
  if (isThere && store[i + 1] === value) return store;
  if (value === UNKNOWN) return isThere ? [...store.slice(0, i), ...store.slice(i + 2)] : store;
  return [...store.slice(0, i), place, value, ...store.slice(isThere ? i + 2 : i)];
}

/** Keeps the entries for which `keep` holds. */
export function filterStore(store: Store, keep: (place: PlaceId, value: Value) => boolean): Store {
  let kept: number[] | null = null;
  for (let i = 0; i < store.length; i += 2) {
    const place = store[i] as PlaceId; // even positions hold places
    const value = store[i + 1] as Value; // odd positions hold values
    if (keep(place, value)) {
      if (kept !== null) kept.push(place, value);
    } else {
      kept ??= store.slice(0, i);
    }
  }
  return kept ?? store;
}

export function someEntry(store: Store, test: (place: PlaceId, value: Value) => boolean): boolean {
  for (let i = 0; i < store.length; i += 2) {
    if (test(store[i] as PlaceId, store[i + 1] as Value)) return true; // pairs of place and value
  }
  return false;
}

export function entriesOf(store: Store): (readonly [PlaceId, Value])[] {
  const entries: (readonly [PlaceId, Value])[] = [];
  for (let i = 0; i < store.length; i += 2) entries.push([store[i] as PlaceId, store[i + 1] as Value]); // pairs of place and value
  return entries;
}

export function placesWith(store: Store, test: (value: Value) => boolean): PlaceId[] {
  const places: PlaceId[] = [];
  for (let i = 0; i < store.length; i += 2) {
    if (test(store[i + 1] as Value)) places.push(store[i] as PlaceId); // pairs of place and value
  }
  return places;
}

export function joinStores(a: Store, b: Store): Store {
  const joined: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const pa = i < a.length ? (a[i] as number) : Infinity; // bounds just checked
    const pb = j < b.length ? (b[j] as number) : Infinity; // bounds just checked
    const place = Math.min(pa, pb);
    const va = pa === place ? (a[i + 1] as Value) : UNKNOWN; // pairs of place and value
    const vb = pb === place ? (b[j + 1] as Value) : UNKNOWN; // pairs of place and value
    if (pa === place) i += 2;
    if (pb === place) j += 2;
    const value = joinValues(va, vb);
    if (value !== UNKNOWN) joined.push(place, value);
  }
  return joined;
}

export function storeKey(store: Store): string {
  return store.join(',');
}
