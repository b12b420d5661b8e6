/** Variables that a closure shares with the function around it, which each of the two has in a place of its own. */
import type { PlaceId } from '../ir/ir.ts';
import type { Scope } from './scope.ts';

/** What a closure has captured, in the function around; null: the place is no capture. */
export function outwards(
  { fn, around }: Scope,
  place: PlaceId,
): { readonly scope: Scope; readonly place: PlaceId } | null {
  const captured = around?.closure.captures[fn.captures.indexOf(place)];
  return captured === undefined || around === null ? null : { scope: around.scope, place: captured };
}

/** Where a closure has what is in a place of the function around; null: it does not capture it. */
export function inwards({ fn, around }: Scope, outside: PlaceId): PlaceId | null {
  return fn.captures[around?.closure.captures.indexOf(outside) ?? -1] ?? null;
}
