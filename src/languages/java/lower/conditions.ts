/**
 * Conditions as branches on single tests. `&&`, `||`, `!`, `?:` become control flow, so the engine
 * sees one place tested at a time.
 *
 *     if (in != null && n > 0) …      branch !(in null) then L1 else E; L1: branch `n>0` then T else E
 */
import type { BlockId, Operand } from '../../../ir/ir.ts';
import { branchOnChoice, lowerChain, lowerOutcome } from '../../lowering/branches.ts';
import type { Choice, ConditionLowering } from '../../lowering/branches.ts';
import { withoutNegations } from '../../lowering/negations.ts';
import { branchOn, equalsTest, negateTest, testValue, valueTest } from '../../lowering/tests.ts';
import type { Test } from '../../lowering/tests.ts';
import { placeValue, unknownValue } from '../../lowering/values.ts';
import { childInField, childOfType, operandsOf, operatorOf, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { typeText } from '../type-text.ts';
import { lowerExpression } from './expressions.ts';
import { maxDepth } from './frame.ts';
import type { Frame } from './frame.ts';
import { constantOf } from './literals.ts';
import { parts } from './nodes.ts';
import { lowerOpaque } from './opaque.ts';
import { bindPattern } from './patterns.ts';
import { predicateOf } from './predicates.ts';
import { deliver } from './values.ts';
import type { Into } from './values.ts';

const comparisons = new Set(['==', '!=', '<', '>', '<=', '>=']);

/** Ends the current block: on to one block or the other. */
export function lowerCondition(frame: Frame, written: SyntaxNode, thenTo: BlockId, elseTo: BlockId): void {
  const { node, isNegated } = withoutNegations(withoutParentheses(written), negatedBy);
  if (isNegated) [thenTo, elseTo] = [elseTo, thenTo];
  if (frame.depth >= maxDepth) {
    lowerOpaque(frame, node, 'too deep');
    return branchOn(frame.builder, 'unknown', spanOf(node), thenTo, elseTo);
  }
  frame.depth++;
  const operator = node.type === 'binary_expression' ? operatorOf(node) : '';
  if (operator === '&&' || operator === '||') branchOnAll(frame, node, operator, [thenTo, elseTo]);
  else if (node.type === 'ternary_expression')
    branchOnChoice(frame.builder, choiceOf(node), spanOf(node), [thenTo, elseTo], conditionsIn(frame));
  else if (hasBinding(node)) lowerMatch(frame, node, thenTo, elseTo);
  else branchOn(frame.builder, lowerTest(frame, node), spanOf(node), thenTo, elseTo);
  frame.depth--;
}

/** A boolean expression used as a value. */
export function lowerBoolean(frame: Frame, written: SyntaxNode, into: Into): Operand {
  const { node, isNegated } = withoutNegations(withoutParentheses(written), negatedBy);
  if (!needsBranches(node)) {
    const test = lowerTest(frame, node);
    return deliver(frame, testValue(isNegated ? negateTest(test) : test), into);
  }
  const { builder } = frame;
  const target = into ?? { place: builder.places.temp(), span: spanOf(written) };
  lowerOutcome(
    builder,
    target.span,
    (thenTo, elseTo) => lowerCondition(frame, written, thenTo, elseTo),
    (value) => builder.assign(target.place, value, target.span),
  );
  return placeValue(target.place);
}

function lowerTest(frame: Frame, node: SyntaxNode): Test {
  if (node.type === 'binary_expression' && comparisons.has(operatorOf(node))) return lowerComparison(frame, node);
  if (node.type === 'binary_expression') {
    const predicate = predicateOf(frame, node);
    if (predicate !== null) return predicate;
  }
  if (node.type === 'instanceof_expression') return lowerTypeTest(frame, node);
  if (node.type === 'method_invocation') {
    const test = lowerEqualsCall(frame, node);
    if (test !== null) return test;
  }
  return valueTest(lowerExpression(frame, node, null));
}

function lowerComparison(frame: Frame, node: SyntaxNode): Test {
  const operator = operatorOf(node);
  const left = childInField(node, 'left');
  const right = childInField(node, 'right');
  if (left === null || right === null) return 'unknown';
  if (operator === '==' || operator === '!=') {
    const rightConstant = constantOf(frame, right);
    const leftConstant = rightConstant === null ? constantOf(frame, left) : null;
    const literal = rightConstant ?? leftConstant;
    const other = rightConstant === null ? right : left;
    // `(flags & 1) == 0` has no place to compare; it may still be a pure condition.
    if (literal !== null && withoutParentheses(other).type !== 'binary_expression') {
      const test = equalsTest(lowerExpression(frame, other, null), literal);
      return operator === '!=' ? negateTest(test) : test;
    }
  }
  const predicate = predicateOf(frame, node);
  if (predicate !== null) return predicate;
  lowerExpression(frame, left, null);
  lowerExpression(frame, right, null);
  return 'unknown';
}

/** `"lit".equals(x)` and `x.equals("lit")` are `x == "lit"`. */
function lowerEqualsCall(frame: Frame, node: SyntaxNode): Test | null {
  const name = childInField(node, 'name');
  const object = childInField(node, 'object');
  const list = childInField(node, 'arguments');
  if (name === null || object === null || list === null || frame.textOf(name) !== 'equals') return null;
  const [argument, ...others] = parts(list);
  if (argument === undefined || others.length > 0) return null;
  const onConstant = constantOf(frame, object);
  const literal = onConstant ?? constantOf(frame, argument);
  if (literal?.kind !== 'string') return null;
  return equalsTest(lowerExpression(frame, onConstant === null ? object : argument, null), literal);
}

function lowerTypeTest(frame: Frame, node: SyntaxNode): Test {
  const left = childInField(node, 'left');
  const right = childInField(node, 'right');
  if (left === null) return 'unknown';
  const value = lowerExpression(frame, left, null);
  if (value.kind !== 'place' || right === null) return 'unknown';
  return { test: 'type', place: value.place, type: typeText(frame.text, right), negated: false };
}

/** `x instanceof Foo foo`: the binding is assigned on the way to the true side. */
function lowerMatch(frame: Frame, node: SyntaxNode, thenTo: BlockId, elseTo: BlockId): void {
  const { builder } = frame;
  const left = childInField(node, 'left');
  const pattern = childInField(node, 'pattern') ?? childOfType(node, 'record_pattern');
  const value = left === null ? unknownValue : lowerExpression(frame, left, null);
  const type = childInField(node, 'right') ?? (pattern === null ? null : (parts(pattern)[0] ?? null));
  const test: Test =
    value.kind === 'place' && type !== null
      ? { test: 'type', place: value.place, type: typeText(frame.text, type), negated: false }
      : 'unknown';
  const matched = builder.block();
  branchOn(frame.builder, test, spanOf(node), matched, elseTo);
  builder.start(matched);
  bindPattern(frame, pattern ?? node, value);
  builder.jump(thenTo, spanOf(node));
}

/** null for what is no `c ? a : b`, and for a broken one. */
export function choiceOf(node: SyntaxNode): Choice<SyntaxNode> | null {
  if (node.type !== 'ternary_expression') return null;
  const condition = childInField(node, 'condition');
  const first = childInField(node, 'consequence');
  const second = childInField(node, 'alternative');
  if (condition === null || first === null || second === null) return null;
  return { condition, first, second: withoutParentheses(second) };
}

function negatedBy(node: SyntaxNode): SyntaxNode | null {
  const operand = node.type === 'unary_expression' && operatorOf(node) === '!' ? childInField(node, 'operand') : null;
  return operand === null ? null : withoutParentheses(operand);
}

function needsBranches(node: SyntaxNode): boolean {
  const operator = node.type === 'binary_expression' ? operatorOf(node) : '';
  return operator === '&&' || operator === '||' || hasBinding(node);
}

function hasBinding(node: SyntaxNode): boolean {
  if (node.type !== 'instanceof_expression') return false;
  return childInField(node, 'name') !== null || childInField(node, 'pattern') !== null;
}

function branchOnAll(frame: Frame, node: SyntaxNode, operator: '&&' | '||', ways: readonly [BlockId, BlockId]): void {
  const operands = operandsOf(node, (joined) => joined === operator);
  lowerChain(frame.builder, operands, operator === '&&', ways, conditionsIn(frame));
}

/** For code that the languages share. */
export function conditionsIn(frame: Frame): ConditionLowering<SyntaxNode> {
  return (condition, thenTo, elseTo) => {
    lowerCondition(frame, condition, thenTo, elseTo);
  };
}
