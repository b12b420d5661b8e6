/** Operands and conditions as every frontend writes them. Where a value is to go is each language's own. */
import type { Argument, Condition, Literal, Operand, PlaceId } from '../../ir/ir.ts';

export const freshValue: Operand = { kind: 'fresh', type: null };
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

export function isNull(place: PlaceId): Condition {
  return { test: 'null', place, negated: false };
}

export function negate(condition: Condition): Condition {
  return { ...condition, negated: !condition.negated };
}

export function positional(value: Operand): Argument {
  return { value, name: null, isSpread: false };
}
