/**
 * Conditions as branches on single tests. `and`, `or`, `not` and `a if b else c` become control flow, so the
 * engine sees one place tested at a time.
 *
 *     if f and n > 0: …      branch !(f null) then L1 else E; L1: branch `n>0` then T else E
 */
import type { BlockId, Operand } from '../../../ir/ir.ts';
import { branchOnChoice, lowerChain, lowerChoice, lowerOutcome } from '../../lowering/branches.ts';
import type { Choice, ConditionLowering } from '../../lowering/branches.ts';
import { withoutNegations } from '../../lowering/negations.ts';
import { booleanValue, placeValue } from '../../lowering/values.ts';
import { childInField, operandsOf, operatorOf, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { parts } from '../nodes.ts';
import { truthOf } from '../truth.ts';
import type { Truth } from '../truth.ts';
import { lowerComparison } from './comparisons.ts';
import { lowerExpression, lowerUnknown } from './expressions.ts';
import { maxDepth } from './frame.ts';
import type { Frame } from './frame.ts';
import { branchOnMembership, membershipOf } from './membership.ts';
import { lowerOpaque } from './opaque.ts';
import { questionPredicate } from './predicates.ts';
import { branchOn, isTypeTest, lowerTypeTest, negateTest, testedTypes, testValue, truthTest } from './tests.ts';
import type { Test } from './tests.ts';
import { deliver, target } from './values.ts';
import type { Into, Target } from './values.ts';

export { isTypeTest } from './tests.ts';

/** Ends the current block: on to one block or the other. */
export function lowerCondition(frame: Frame, written: SyntaxNode, thenTo: BlockId, elseTo: BlockId): void {
  const { node, isNegated } = withoutNegations(withoutParentheses(written), negatedBy);
  if (isNegated) [thenTo, elseTo] = [elseTo, thenTo];
  if (frame.depth >= maxDepth) {
    lowerOpaque(frame, node, 'too deep');
    return branchOn(frame, 'unknown', node, thenTo, elseTo);
  }
  frame.depth++;
  const membership = membershipOf(frame, node);
  if (membership !== null) branchOnMembership(frame, node, membership, [thenTo, elseTo]);
  else if (node.type === 'boolean_operator') lowerConnected(frame, node, thenTo, elseTo);
  else if (node.type === 'conditional_expression')
    branchOnChoice(frame.builder, choiceOf(node), spanOf(node), [thenTo, elseTo], conditionsIn(frame));
  else if (isTypeTest(frame, node)) branchOnTypes(frame, node, thenTo, elseTo);
  else branchOn(frame, lowerTest(frame, node), node, thenTo, elseTo);
  frame.depth--;
}

/** A comparison or negation used as a value. */
export function lowerBoolean(frame: Frame, written: SyntaxNode, into: Into): Operand {
  const { node, isNegated } = withoutNegations(withoutParentheses(written), negatedBy);
  if (node.type === 'boolean_operator' || node.type === 'conditional_expression') {
    return lowerByBranches(frame, written, into);
  }
  if (isTypeTest(frame, node) && testedTypes(frame, node).length > 1) return lowerByBranches(frame, written, into);
  const test = isTypeTest(frame, node) ? lowerTypeTest(frame, node) : lowerTest(frame, node);
  const value = testValue(isNegated ? negateTest(test) : test);
  return deliver(frame, value, into);
}

/** `a or b`, `a and b`: one of the operands, or true and false where all are booleans. */
export function lowerLogical(frame: Frame, node: SyntaxNode, into: Into): Operand {
  if (truthOf(frame.text, node, frame.habits) === 'boolean') return lowerByBranches(frame, node, into);
  const { builder } = frame;
  const operator = operatorOf(node);
  const operands = operandsOf(node, (joined) => joined === operator);
  const last = operands.pop();
  // Not where it is wanted: in `f = g() or f` the old value is still to be read.
  const result = target(builder.places.temp(), spanOf(node));
  const end = builder.block();
  for (const operand of operands) lowerOperand(frame, operand, { isAnd: operator === 'and', result, end });
  if (last !== undefined) lowerExpression(frame, last, result);
  builder.continueIn(end, result.span);
  return deliver(frame, placeValue(result.place), into);
}

interface Connected {
  readonly isAnd: boolean;
  readonly result: Target;
  readonly end: BlockId;
}

/** The operand is the result where it decides; else on to the next. */
function lowerOperand(frame: Frame, operand: SyntaxNode, { isAnd, result, end }: Connected): void {
  const { builder } = frame;
  const value = lowerExpression(frame, operand, null);
  const test = truthTest(frame, value, truthOfNode(frame, operand, value));
  const [decided, next] = [builder.block(), builder.block()];
  if (isAnd) branchOn(frame, test, operand, next, decided);
  else branchOn(frame, test, operand, decided, next);
  builder.start(decided);
  builder.assign(result.place, value.kind === 'condition' ? booleanValue(!isAnd) : value, result.span);
  builder.jump(end, result.span);
  builder.start(next);
}

/** `a if b else c` */
export function lowerConditional(frame: Frame, node: SyntaxNode, into: Into): Operand {
  if (choiceOf(node) === null) return deliver(frame, lowerUnknown(frame, node), into);
  const wanted = into ?? target(frame.builder.places.temp(), spanOf(node));
  const lowerValue = (value: SyntaxNode): unknown => lowerExpression(frame, value, wanted);
  return lowerChoice(frame.builder, node, wanted, { choiceOf, lowerCondition: conditionsIn(frame), lowerValue });
}

function lowerByBranches(frame: Frame, written: SyntaxNode, into: Into): Operand {
  const { builder } = frame;
  const wanted = into ?? target(builder.places.temp(), spanOf(written));
  lowerOutcome(
    builder,
    wanted.span,
    (thenTo, elseTo) => lowerCondition(frame, written, thenTo, elseTo),
    (value) => builder.assign(wanted.place, value, wanted.span),
  );
  return placeValue(wanted.place);
}

function lowerTest(frame: Frame, node: SyntaxNode): Test {
  if (node.type === 'comparison_operator') return lowerComparison(frame, node);
  const asked = attributeTest(frame, node);
  if (asked !== null) return asked;
  const question = questionPredicate(frame, node);
  if (question !== null) return question;
  const value = lowerExpression(frame, node, null);
  return truthTest(frame, value, truthOfNode(frame, node, value));
}

/**
 * `hasattr(x, "close")`: what cannot be released is no resource, as though there were none. `hasattr(self, "writer")`: whether
 * the field was set, which it was where something was stored in it.
 */
function attributeTest(frame: Frame, node: SyntaxNode): Test | null {
  const callee = node.type === 'call' ? childInField(node, 'function') : null;
  const list = node.type === 'call' ? childInField(node, 'arguments') : null;
  const [subject, name] = list === null ? [] : parts(list);
  if (callee === null || frame.textOf(callee) !== 'hasattr' || subject === undefined || name === undefined) return null;
  const attribute = frame.textOf(name).slice(1, -1);
  const isRelease = frame.habits.releaseMethods.has(attribute);
  if (!isRelease && (subject.type !== 'identifier' || !/^\w+$/.test(attribute))) return null;
  const value = lowerExpression(frame, subject, null);
  if (!isRelease) {
    if (value.kind !== 'place' || value.place !== frame.receiver) return null;
    return { test: 'null', place: frame.builder.field(value.place, attribute, spanOf(node)), negated: true };
  }
  return value.kind === 'place' ? { test: 'null', place: value.place, negated: true } : 'unknown';
}

/** A variable is known by its values, anything else by the way it is written. */
function truthOfNode(frame: Frame, written: SyntaxNode, value: Operand): Truth {
  const node = withoutParentheses(written);
  const place = value.kind === 'place' ? value.place : null;
  if (node.type === 'attribute') {
    const name = childInField(node, 'attribute');
    if (name !== null && frame.habits.booleanNames?.test(frame.textOf(name)) === true) return 'boolean';
  }
  const isName = node.type === 'identifier' || node.type === 'attribute';
  return isName && place !== null ? frame.truthOf(place) : truthOf(frame.text, node, frame.habits);
}

function lowerConnected(frame: Frame, node: SyntaxNode, thenTo: BlockId, elseTo: BlockId): void {
  const operator = operatorOf(node);
  const operands = operandsOf(node, (joined) => joined === operator);
  if (operands.includes(node)) return branchOn(frame, 'unknown', node, thenTo, elseTo);
  lowerChain(frame.builder, operands, operator === 'and', [thenTo, elseTo], conditionsIn(frame));
}

/** null for what is no `a if c else b`, and for a broken one. */
function choiceOf(node: SyntaxNode): Choice<SyntaxNode> | null {
  if (node.type !== 'conditional_expression') return null;
  const [first, condition, second] = parts(node);
  if (first === undefined || condition === undefined || second === undefined) return null;
  return { condition, first, second: withoutParentheses(second) };
}

/** For code that the languages share. */
function conditionsIn(frame: Frame): ConditionLowering<SyntaxNode> {
  return (condition, thenTo, elseTo) => {
    lowerCondition(frame, condition, thenTo, elseTo);
  };
}

/** `isinstance(x, (A, B))`: one test after the other. */
function branchOnTypes(frame: Frame, node: SyntaxNode, thenTo: BlockId, elseTo: BlockId): void {
  const test = lowerTypeTest(frame, node);
  const types = testedTypes(frame, node);
  if (typeof test === 'string' || typeof test === 'boolean' || test.test !== 'type' || types.length === 0) {
    return branchOn(frame, test, node, thenTo, elseTo);
  }
  for (const [index, type] of types.entries()) {
    const next = index === types.length - 1 ? elseTo : frame.builder.block();
    branchOn(frame, { ...test, type }, node, thenTo, next);
    if (next !== elseTo) frame.builder.start(next);
  }
}

function negatedBy(node: SyntaxNode): SyntaxNode | null {
  const operand = node.type === 'not_operator' ? childInField(node, 'argument') : null;
  return operand === null ? null : withoutParentheses(operand);
}
