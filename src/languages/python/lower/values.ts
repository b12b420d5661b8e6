/** Operands and where they are to go. */
import type { Argument, Condition, Literal, Operand, PlaceId, Span } from '../../../ir/ir.ts';
import type { Frame } from './frame.ts';

export const freshValue: Operand = { kind: 'fresh', type: null };
export const freshText: Operand = { kind: 'fresh', type: 'str' };
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
