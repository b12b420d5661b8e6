/** Operands and where they are to go. */
import type { Operand, PlaceId, Span } from '../../../ir/ir.ts';
import { placeValue } from '../../lowering/values.ts';
import type { Frame } from './frame.ts';

/** Text put together, a text block. */
export const freshText: Operand = { kind: 'fresh', type: 'String' };
export const freshClass: Operand = { kind: 'fresh', type: 'Class' };

/**
 * The local a value is wanted in, so that `in = open()` needs no temporary; the span is that of the
 * assignment or declarator. null: wherever it is.
 */
export type Into = { readonly place: PlaceId; readonly span: Span } | null;

export function deliver(frame: Frame, value: Operand, into: Into): Operand {
  if (into === null) return value;
  frame.builder.assign(into.place, value, into.span);
  return placeValue(into.place);
}

/** Where a call's result goes. */
export function resultPlace(frame: Frame, into: Into): PlaceId {
  return into === null ? frame.builder.places.temp() : into.place;
}
