/** What a reader calls a place by. */
import type { IrFunction, PlaceId } from '../ir/ir.ts';
import { isCopy } from '../ir/operands.ts';
import { elementField } from '../ir/places.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from './demand.ts';

export function placeName(fn: IrFunction, id: PlaceId): string | null {
  const place = fn.places[id];
  if (place === undefined || place.kind === 'predicate') return null;
  if (place.kind === 'local') return place.name;
  if (place.kind === 'global') return place.name.slice(place.name.lastIndexOf('.') + 1);
  return place.fields.filter((field) => field !== elementField).at(-1) ?? null;
}

/** `lock.writeLock()`, whose last part alone says little. */
export function lockName({ fn, world }: Scope, id: PlaceId): string | null {
  const name = placeName(fn, id);
  const place = fn.places[id];
  if (name === null || place?.kind !== 'path' || world.models.conventions.steadyGetters?.test(name) !== true)
    return name;
  const owner = place.fields.at(-2) ?? placeName(fn, place.root);
  return owner === null ? name : `${owner}.${name}()`;
}

export function isNamedPlace(fn: IrFunction, place: PlaceId): boolean {
  return placeName(fn, place) !== null;
}

/** `on('change', show as Listener)`: the variable, where the call is given a copy of another type. A field may be set anew. */
export function behindCast(fn: IrFunction, place: PlaceId): PlaceId {
  if (isNamedPlace(fn, place)) return place;
  const copies = fn.blocks.flatMap(({ instructions }) =>
    instructions.flatMap((one) => (isCopy(one) && one.dest === place ? [one.source.place] : [])),
  );
  const [source] = copies;
  return copies.length === 1 && source !== undefined && fn.places[source]?.kind === 'local' ? source : place;
}

export function namedForward(demand: Demand, scope: Scope, place: PlaceId): PlaceId | null {
  return (
    demand
      .groups(scope)
      .forward(place)
      .find((one) => isNamedPlace(scope.fn, one)) ?? null
  );
}
