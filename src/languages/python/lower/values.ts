/** Operands and where they are to go. */
import type { Operand, PlaceId, Span } from '../../../ir/ir.ts';
import { placeValue } from '../../lowering/values.ts';
import type { Frame } from './frame.ts';

export const freshText: Operand = { kind: 'fresh', type: 'str' };

/** The local a value is wanted in, so that `f = open(p)` needs no temporary. */
export interface Target {
  readonly place: PlaceId;
  /** Of the assignment. */
  readonly span: Span;
  /** For `a, b = call()`: where the further results go. */
  readonly others: readonly PlaceId[];
}

/** null: wherever the value is. */
export type Into = Target | null;

export function target(place: PlaceId, span: Span): Target {
  return { place, span, others: [] };
}

export function deliver(frame: Frame, value: Operand, into: Into): Operand {
  if (into === null) return value;
  frame.builder.assign(into.place, value, into.span);
  return placeValue(into.place);
}

/** Where a call's results go. */
export function resultPlaces(frame: Frame, into: Into): readonly [PlaceId, ...PlaceId[]] {
  return into === null ? [frame.builder.places.temp()] : [into.place, ...into.others];
}
