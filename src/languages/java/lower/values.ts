/** Operands and where they are to go. */
import type { Argument, Condition, Literal, Operand, PlaceId, Span } from '../../../ir/ir.ts';
import type { Frame } from './frame.ts';

export const freshValue: Operand = { kind: 'fresh', type: null };
/** Text put together, a text block. */
export const freshText: Operand = { kind: 'fresh', type: 'String' };
export const freshClass: Operand = { kind: 'fresh', type: 'Class' };
export const unknownValue: Operand = { kind: 'unknown' };
export const nullValue: Operand = { kind: 'literal', literal: { kind: 'null' } };

export function placeValue(place: PlaceId): Operand {
  return { kind: 'place', place };
}

export function literalValue(literal: Literal): Operand {
  return { kind: 'literal', literal };
}

export function booleanValue(value: boolean): Operand {
  return literalValue({ kind: 'boolean', value });
}

export function isTrue(place: PlaceId): Condition {
  return { test: 'true', place, negated: false };
}

export function negate(condition: Condition): Condition {
  return { ...condition, negated: !condition.negated };
}

export function positional(value: Operand): Argument {
  return { value, name: null, isSpread: false };
}

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
