/** The object a function belongs to, by whichever of its names: `this`, a copy of it, or what a closure captures of it. */
import type { IrFunction, PlaceId } from '../ir/ir.ts';
import { functionFacts } from './function-facts.ts';

export function isReceiver(fn: IrFunction, place: PlaceId): boolean {
  return place === fn.receiver || functionFacts(fn).receiverAliases.has(place);
}

/** The way from the function's own object to a place: `a`, `b` for `this.a.b`. null: it is not in that object. */
export function ownPath(fn: IrFunction, place: PlaceId): readonly string[] | null {
  const path = fn.places[place];
  return path?.kind === 'path' && isReceiver(fn, path.root) ? path.fields : null;
}

/** The field of the function's own object that a place is; null: it is none, or only a part of one. */
export function ownField(fn: IrFunction, place: PlaceId): string | null {
  const path = ownPath(fn, place);
  return path?.length === 1 ? (path[0] ?? null) : null;
}
