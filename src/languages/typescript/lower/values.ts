/** Operands and where they are to go. */
import type { Operand, PlaceId, Span } from '../../../ir/ir.ts';
import { nullValue, placeValue, unknownValue } from '../../lowering/values.ts';
import type { Frame } from './frame.ts';
import { literalTruth } from './literals.ts';

export const freshText: Operand = { kind: 'fresh', type: 'string' };
export const freshNumber: Operand = { kind: 'fresh', type: 'number' };
export const freshFunction: Operand = { kind: 'fresh', type: 'Function' };

/**
 * The local a value is wanted in, so that `conn = open()` needs no temporary; the span is that of the
 * assignment or declarator. null: wherever it is.
 */
export type Into = { readonly place: PlaceId; readonly span: Span } | null;

export function deliver(frame: Frame, value: Operand, into: Into): Operand {
  if (into === null) return value;
  if (value.kind === 'place' && value.place === into.place) return value;
  frame.builder.assign(into.place, storable(frame, into.place, value), into.span);
  return placeValue(into.place);
}

/**
 * `let conn = false; … conn = open(); … if (conn)`: what is no boolean is tested for null, so there `false` has to be
 * null. A number or text that is as good as false may be compared as what it is, and is not known instead.
 */
export function storable(frame: Frame, place: PlaceId, value: Operand): Operand {
  if (value.kind !== 'literal' || value.literal.kind === 'null' || frame.kindOf(place) !== 'object') return value;
  if (value.literal.kind === 'boolean') return value.literal.value ? value : nullValue;
  return literalTruth(value.literal) ? value : unknownValue;
}

/** Where a call's result goes. */
export function resultPlace(frame: Frame, into: Into): PlaceId {
  return into === null ? frame.builder.places.temp() : into.place;
}

/** Nothing in it that would have to be followed. */
export function isInert(value: Operand): boolean {
  return value.kind === 'literal' || value.kind === 'fresh';
}
