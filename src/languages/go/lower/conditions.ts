/**
 * Conditions as branches on single tests. `&&`, `||` and `!` become control flow, so the engine sees one
 * place tested at a time.
 *
 *     if f != nil && n > 0 { … }      branch !(f null) then L1 else E; L1: branch `n>0` then T else E
 */
import type { BlockId, Literal, Operand } from '../../../ir/ir.ts';
import { lowerChain, lowerOutcome } from '../../lowering/branches.ts';
import type { ConditionLowering } from '../../lowering/branches.ts';
import { withoutNegations } from '../../lowering/negations.ts';
import { branchOn, equalsTest, negateTest, testValue, valueTest } from '../../lowering/tests.ts';
import type { Test } from '../../lowering/tests.ts';
import { placeValue } from '../../lowering/values.ts';
import { childInField, operandsOf, operatorOf, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { lowerAssertion } from './assertions.ts';
import { errorTest } from './error-tests.ts';
import { lowerExpression } from './expressions.ts';
import { maxDepth } from './frame.ts';
import type { Frame } from './frame.ts';
import { constantOf } from './literals.ts';
import { lowerOpaque } from './opaque.ts';
import { comparisonOf, predicateOf } from './predicates.ts';
import { assign, deliver } from './values.ts';
import type { Into } from './values.ts';

const noError: Literal = { kind: 'null' };

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
  const operator = isChain(node) ? operatorOf(node) : '';
  if (operator === '&&' || operator === '||') branchOnAll(frame, node, operator, [thenTo, elseTo]);
  else if (node.type !== 'call_expression' || !lowerAssertion(frame, node, thenTo, elseTo))
    branchOn(frame.builder, lowerTest(frame, node), spanOf(node), thenTo, elseTo);
  frame.depth--;
}

/** A boolean expression used as a value. */
export function lowerBoolean(frame: Frame, written: SyntaxNode, into: Into): Operand {
  const { node, isNegated } = withoutNegations(withoutParentheses(written), negatedBy);
  if (!isChain(node)) {
    const test = lowerTest(frame, node);
    return deliver(frame, testValue(isNegated ? negateTest(test) : test), into);
  }
  const { builder } = frame;
  const dest = into?.places[0] ?? builder.places.temp();
  const span = into?.span ?? spanOf(written);
  lowerOutcome(
    builder,
    span,
    (thenTo, elseTo) => lowerCondition(frame, written, thenTo, elseTo),
    (value) => assign(frame, dest, value, span),
  );
  return placeValue(dest);
}

/** `left == right` where the left side may have been evaluated already, as in a `switch`. */
export function caseTest(frame: Frame, tag: SyntaxNode, value: Operand, wanted: SyntaxNode): Test {
  const literal = constantOf(frame, wanted);
  if (literal !== null) return equalsTest(value, literal);
  const predicate = comparisonOf(frame, '==', tag, wanted);
  if (predicate !== null) return predicate;
  lowerExpression(frame, wanted, null);
  return 'unknown';
}

function lowerTest(frame: Frame, node: SyntaxNode): Test {
  if (node.type === 'binary_expression') {
    if (comparisons.has(operatorOf(node))) return lowerComparison(frame, node);
    const predicate = predicateOf(frame, node);
    if (predicate !== null) return predicate;
  }
  const known = node.type === 'call_expression' ? errorTest(frame, node) : null;
  const value = lowerExpression(frame, node, null);
  return known ?? valueTest(value);
}

function lowerComparison(frame: Frame, node: SyntaxNode): Test {
  const operator = operatorOf(node);
  const left = childInField(node, 'left');
  const right = childInField(node, 'right');
  if (left === null || right === null) return 'unknown';
  if (operator === '==' || operator === '!=') {
    const test = lowerEquality(frame, left, right);
    if (test !== null) return operator === '!=' ? negateTest(test) : test;
  }
  const predicate = predicateOf(frame, node);
  if (predicate !== null) return predicate;
  lowerExpression(frame, left, null);
  lowerExpression(frame, right, null);
  return 'unknown';
}

/** A comparison with a constant; null for any other. */
function lowerEquality(frame: Frame, left: SyntaxNode, right: SyntaxNode): Test | null {
  const rightConstant = constantOf(frame, right);
  const literal = rightConstant ?? constantOf(frame, left);
  const other = withoutParentheses(rightConstant === null ? right : left);
  // `flags&1 == 0` and `len(p) == 0` have no place to compare; they may still be pure conditions.
  if (literal === null || other.type === 'binary_expression') return null;
  if (other.type === 'call_expression') {
    const predicate = comparisonOf(frame, '==', left, right);
    if (predicate !== null) return predicate;
  }
  return equalsTest(lowerExpression(frame, other, null), saysNoError(frame, other, literal) ? noError : literal);
}

/** `file, err := volume.Open(ctx, name); if err != 0 { … }`: an error that is a number, as `syscall.Errno`, is zero where there is none. */
function saysNoError(frame: Frame, node: SyntaxNode, literal: Literal): boolean {
  const isZero = literal.kind === 'number' && literal.text === '0';
  return isZero && node.type === 'identifier' && frame.habits.errorVariables?.test(frame.textOf(node)) === true;
}

function negatedBy(node: SyntaxNode): SyntaxNode | null {
  const operand = node.type === 'unary_expression' && operatorOf(node) === '!' ? childInField(node, 'operand') : null;
  return operand === null ? null : withoutParentheses(operand);
}

function isChain(node: SyntaxNode): boolean {
  const operator = node.type === 'binary_expression' ? operatorOf(node) : '';
  if (operator !== '&&' && operator !== '||') return false;
  return childInField(node, 'left') !== null && childInField(node, 'right') !== null;
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
