/** Single tests: what is asked of one place, and the branch that asks it. */
import type { BlockId, Literal, Operand, PlaceId } from '../../../ir/ir.ts';
import {
  branchOn as branchOnSingle,
  negateTest as negateSingle,
  testValue as singleValue,
} from '../../lowering/tests.ts';
import type { Test as SingleTest } from '../../lowering/tests.ts';
import { isNull, isTrue, negate, unknownValue } from '../../lowering/values.ts';
import { childInField, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { dottedText, parts } from '../nodes.ts';
import type { Truth } from '../truth.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { literalTruth } from './literals.ts';

/** A value that may be None, and false or empty as well: two tests, one after the other. */
interface MixedTest {
  readonly test: 'mixed';
  readonly place: PlaceId;
  readonly negated: boolean;
}

export type Test = SingleTest | MixedTest;

const zero: Literal = { kind: 'number', text: '0' };

/** Is the value true? */
export function truthTest(frame: Frame, value: Operand, truth: Truth): Test {
  switch (value.kind) {
    case 'literal':
      return literalTruth(value.literal);
    case 'condition':
      return value.condition;
    case 'place': {
      const { place } = value;
      if (frame.builder.places.get(place).kind === 'predicate' || truth === 'boolean') return isTrue(place);
      if (truth === 'reference') return { test: 'null', place, negated: true };
      if (truth === 'number') return { test: 'equals', place, literal: zero, negated: true };
      return { test: 'mixed', place, negated: false };
    }
    case 'fresh':
    case 'unknown':
      return 'unknown';
  }
}

export function negateTest(test: Test): Test {
  return isMixed(test) ? { ...test, negated: !test.negated } : negateSingle(test);
}

/** As a value; a mixed test is not asked twice for that. */
export function testValue(test: Test): Operand {
  return isMixed(test) ? unknownValue : singleValue(test);
}

export function branchOn(frame: Frame, test: Test, node: SyntaxNode, thenTo: BlockId, elseTo: BlockId): void {
  const { builder } = frame;
  const span = spanOf(node);
  if (!isMixed(test)) return branchOnSingle(builder, test, span, thenTo, elseTo);
  const [trueTo, falseTo] = test.negated ? [elseTo, thenTo] : [thenTo, elseTo];
  const present = builder.block();
  // So that each of the two comes out as the value does: None is false.
  builder.branch(negate(isNull(test.place)), present, falseTo, span);
  builder.start(present);
  builder.branch(isTrue(test.place), trueTo, falseTo, span);
}

function isMixed(test: Test): test is MixedTest {
  return typeof test === 'object' && test.test === 'mixed';
}

/** `isinstance(x, T)` */
export function isTypeTest(frame: Frame, node: SyntaxNode): boolean {
  const callee = node.type === 'call' ? childInField(node, 'function') : null;
  if (callee?.type !== 'identifier' || frame.textOf(callee) !== 'isinstance') return false;
  const list = childInField(node, 'arguments');
  return list?.type === 'argument_list' && parts(list).length === 2;
}

/** The types `isinstance` names, one or a tuple of them; none where something else stands there. */
export function testedTypes(frame: Frame, node: SyntaxNode): string[] {
  const list = childInField(node, 'arguments');
  const second = list === null ? undefined : parts(list)[1];
  if (second === undefined) return [];
  return typeNames(frame, second);
}

/** `A`, `(A, b.C)`; none if any of it is no name. */
export function typeNames(frame: Frame, written: SyntaxNode): string[] {
  const node = withoutParentheses(written);
  const nodes = node.type === 'tuple' ? parts(node).map(withoutParentheses) : [node];
  const names = nodes.map((one) => dottedText(frame.text, one));
  return names.every((name) => name !== null) ? names : [];
}

/** For the first of the types. */
export function lowerTypeTest(frame: Frame, node: SyntaxNode): Test {
  const list = childInField(node, 'arguments');
  const [subject, types] = list === null ? [] : parts(list);
  if (subject === undefined || types === undefined) return 'unknown';
  const value = lowerExpression(frame, subject, null);
  const [type] = typeNames(frame, types);
  if (type === undefined) lowerEffects(frame, [types]);
  if (value.kind !== 'place' || type === undefined) return 'unknown';
  return { test: 'type', place: value.place, type, negated: false };
}
