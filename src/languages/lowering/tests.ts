/** Single tests, which branches ask: of a value, of its opposite, and as a value themselves. */
import type { FunctionBuilder } from '../../ir/builder.ts';
import type { BlockId, Condition, Literal, Operand, Span } from '../../ir/ir.ts';
import { booleanValue, isNull, isTrue, negate, unknownValue } from './values.ts';

/** A single test, a constant, or nothing known; what it takes to evaluate it has been emitted. */
export type Test = Condition | boolean | 'unknown';

/** `place == literal`, for switch labels and patterns as well. */
export function equalsTest(operand: Operand, literal: Literal): Test {
  if (operand.kind === 'place') {
    const { place } = operand;
    if (literal.kind === 'null') return isNull(place);
    if (literal.kind !== 'boolean') return { test: 'equals', place, literal, negated: false };
    return { test: 'true', place, negated: !literal.value };
  }
  if (literal.kind === 'null' && operand.kind === 'fresh') return false;
  if (operand.kind !== 'literal') return 'unknown';
  if (operand.literal.kind === 'null' || literal.kind === 'null') return operand.literal.kind === literal.kind;
  return 'unknown';
}

/** Of a value that is a boolean. */
export function valueTest(value: Operand): Test {
  if (value.kind === 'place') return isTrue(value.place);
  if (value.kind === 'condition') return value.condition;
  return value.kind === 'literal' && value.literal.kind === 'boolean' ? value.literal.value : 'unknown';
}

export function testValue(test: Test): Operand {
  if (test === 'unknown') return unknownValue;
  return typeof test === 'boolean' ? booleanValue(test) : { kind: 'condition', condition: test };
}

export function negateTest(test: Test): Test {
  if (test === 'unknown') return test;
  return typeof test === 'boolean' ? !test : negate(test);
}

export function branchOn(builder: FunctionBuilder, test: Test, span: Span, thenTo: BlockId, elseTo: BlockId): void {
  if (typeof test === 'boolean') builder.jump(test ? thenTo : elseTo, span);
  else builder.branch(test, thenTo, elseTo, span);
}
