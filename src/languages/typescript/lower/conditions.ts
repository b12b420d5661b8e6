/**
 * Conditions as branches on single tests. `&&`, `||`, `!`, `?:` become control flow, so the engine
 * sees one place tested at a time.
 *
 *     if (conn && n > 0) …      branch !(conn null) then L1 else E; L1: branch `n>0` then T else E
 */
import type { BlockId, Operand } from '../../../ir/ir.ts';
import { branchOnChoice, lowerChain, lowerOutcome } from '../../lowering/branches.ts';
import type { Choice, ConditionLowering } from '../../lowering/branches.ts';
import { withoutNegations } from '../../lowering/negations.ts';
import { branchOn, equalsTest, negateTest, testValue } from '../../lowering/tests.ts';
import type { Test } from '../../lowering/tests.ts';
import { isNull, isTrue, negate, placeValue } from '../../lowering/values.ts';
import {
  childOf,
  identifierName,
  memberName,
  nodesOf,
  operandsOf,
  spanOf,
  textIn,
  withoutAssertions,
} from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { comparisons, kindOfType, looksBoolean } from '../truthiness.ts';
import type { KnownKinds, ValueKind } from '../truthiness.ts';
import { dottedText } from '../type-text.ts';
import { lowerPresent } from './calls.ts';
import { lowerExpression } from './expressions.ts';
import { maxDepth } from './frame.ts';
import type { Frame } from './frame.ts';
import { constantOf, literalOf, literalTruth } from './literals.ts';
import { isDotted, moduleName } from './names.ts';
import { lowerOpaque } from './opaque.ts';
import { predicateOf, truthOf } from './predicates.ts';
import { deliver } from './values.ts';
import type { Into } from './values.ts';

/** Ends the current block: on to one block or the other. */
export function lowerCondition(frame: Frame, written: Node, thenTo: BlockId, elseTo: BlockId): void {
  const { node, isNegated } = withoutNegations(withoutAssertions(written), negatedBy);
  if (isNegated) [thenTo, elseTo] = [elseTo, thenTo];
  if (frame.depth >= maxDepth) {
    lowerOpaque(frame, node, 'too deep');
    return branchOn(frame.builder, 'unknown', spanOf(node), thenTo, elseTo);
  }
  frame.depth++;
  const operator = node.type === 'LogicalExpression' ? textIn(node, 'operator') : '';
  if (operator === '&&' || operator === '||') branchOnAll(frame, node, operator, [thenTo, elseTo]);
  else if (node.type === 'ConditionalExpression')
    branchOnChoice(frame.builder, choiceOf(node), spanOf(node), [thenTo, elseTo], conditionsIn(frame));
  else if (!lowerOptionalTest(frame, node, thenTo, elseTo))
    branchOn(frame.builder, lowerTest(frame, node), spanOf(node), thenTo, elseTo);
  frame.depth--;
}

/** `options?.pool` is false where there are no options; else it is its last property that is asked, as in `options.pool`. */
function lowerOptionalTest(frame: Frame, node: Node, thenTo: BlockId, elseTo: BlockId): boolean {
  const value = lowerPresent(frame, node, elseTo);
  if (value === null) return false;
  branchOn(frame.builder, truthTest(frame, value, node), spanOf(node), thenTo, elseTo);
  return true;
}

/** An expression that gives a boolean, used as a value. */
export function lowerBoolean(frame: Frame, written: Node, into: Into): Operand {
  const { node, isNegated } = withoutNegations(withoutAssertions(written), negatedBy);
  if (node.type !== 'LogicalExpression' && node.type !== 'ConditionalExpression') {
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

/** Is a value that was worked out already true? The node says what kind of value it is. */
export function truthTest(frame: Frame, value: Operand, node: Node): Test {
  switch (value.kind) {
    case 'condition':
      return value.condition;
    case 'literal':
      return literalTruth(value.literal);
    case 'fresh':
      // Arithmetic and text may be 0 or ''.
      return value.type === null || value.type === 'Function' ? true : 'unknown';
    case 'unknown':
      return 'unknown';
    case 'place': {
      const kind = kindOfPlace(frame, value, node);
      if (kind === 'boolean') return isTrue(value.place);
      return kind === 'primitive' ? truthOf(frame, value.place) : negate(isNull(value.place));
    }
  }
}

function kindOfPlace(frame: Frame, value: Operand & { kind: 'place' }, written: Node): ValueKind | null {
  const declared = frame.declaredKinds.get(value.place);
  if (declared !== undefined) return declared;
  return looksBoolean(withoutAssertions(written), frame.habits) ? 'boolean' : frame.kindOf(value.place);
}

/** For `kindOfValue`: names and properties as they are known here. */
export function knownKinds(frame: Frame): KnownKinds {
  return {
    habits: frame.habits,
    kindOf: (node) => {
      const name = identifierName(node);
      const local = name === null ? null : frame.variable(name);
      return local === null ? fileKind(frame, node, name) : frame.kindOf(local);
    },
  };
}

/** The same before the body has been looked at: only parameters are there, and nothing may be captured. */
export function signatureKinds(frame: Frame): KnownKinds {
  return {
    habits: frame.habits,
    kindOf: (node) => {
      const name = identifierName(node);
      const own = name === null ? null : frame.declaredHere(name);
      if (own !== null) return frame.declaredKinds.get(own) ?? null;
      return name === null ? fileKind(frame, node, null) : null;
    },
  };
}

function fileKind(frame: Frame, node: Node, name: string | null): ValueKind | null {
  const { kinds } = frame.unit.facts;
  if (name === null) return kinds.properties.get(memberName(childOf(node, 'property'), false));
  const declared = moduleName(frame, name);
  return declared === null ? null : (kindOfType(declared.type) ?? kinds.variables.get(name));
}

function lowerTest(frame: Frame, node: Node): Test {
  if (node.type === 'BinaryExpression' && comparisons.has(textIn(node, 'operator')))
    return lowerComparison(frame, node);
  const converted = convertedToBoolean(frame, node);
  if (converted !== null) return truthTest(frame, lowerExpression(frame, converted, null), converted);
  return truthTest(frame, lowerExpression(frame, node, null), node);
}

/** `Boolean(x)` */
function convertedToBoolean(frame: Frame, node: Node): Node | null {
  if (node.type !== 'CallExpression' || identifierName(childOf(node, 'callee')) !== 'Boolean') return null;
  const [argument, ...others] = nodesOf(node, 'arguments');
  if (argument === undefined || argument.type === 'SpreadElement' || others.length > 0) return null;
  return frame.variable('Boolean') === null ? argument : null;
}

function lowerComparison(frame: Frame, node: Node): Test {
  const operator = textIn(node, 'operator');
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === null || right === null) return 'unknown';
  if (operator === 'instanceof') return lowerTypeTest(frame, left, right);
  if (operator === 'in') {
    const test = lowerMemberTest(frame, left, right);
    if (test !== null) return test;
  }
  if (/^[!=]==?$/.test(operator)) {
    const test = lowerTypeof(frame, left, right) ?? lowerEquality(frame, left, right);
    if (test !== null) return operator.startsWith('!') ? negateTest(test) : test;
  }
  const predicate = predicateOf(frame, node);
  if (predicate !== null) return predicate;
  lowerExpression(frame, left, null);
  lowerExpression(frame, right, null);
  return 'unknown';
}

/** `x === null`, `'open' === state`, `mode === Mode.Read` */
function lowerEquality(frame: Frame, left: Node, right: Node): Test | null {
  const rightConstant = constantOf(frame, right);
  const literal = rightConstant ?? constantOf(frame, left);
  const other = withoutAssertions(rightConstant === null ? right : left);
  // `(flags & 1) === 0` has no place to compare; it may still be a pure condition.
  const hasPlace = other.type !== 'BinaryExpression' && other.type !== 'UnaryExpression';
  if (literal === null || !hasPlace) return null;
  const operand = lowerExpression(frame, other, null);
  // What is no boolean holds null instead of `false`: see `storable`.
  const isUnset = literal.kind === 'boolean' && !literal.value && operand.kind === 'place';
  return isUnset && frame.kindOf(operand.place) === 'object' ? isNull(operand.place) : equalsTest(operand, literal);
}

/**
 * `typeof x === 'undefined'`, and `typeof x.close === 'function'`, which asks whether there is such a method. Whoever
 * asks for a number, `typeof handle === 'number'`, asks for the type of what has been opened.
 */
function lowerTypeof(frame: Frame, left: Node, right: Node): Test | null {
  for (const [one, other] of [
    [withoutAssertions(left), withoutAssertions(right)],
    [withoutAssertions(right), withoutAssertions(left)],
  ] as const) {
    const operand =
      one.type === 'UnaryExpression' && textIn(one, 'operator') === 'typeof' ? childOf(one, 'argument') : null;
    const literal = operand === null ? null : literalOf(frame, other);
    if (operand === null || literal?.kind !== 'string') continue;
    if (literal.text === 'number' && isDotted(withoutAssertions(operand))) {
      const value = lowerExpression(frame, operand, null);
      return value.kind === 'place' ? { test: 'type', place: value.place, type: literal.text, negated: false } : null;
    }
    const isMethodTest = literal.text === 'function' && withoutAssertions(operand).type === 'MemberExpression';
    if (literal.text !== 'undefined' && !isMethodTest) continue;
    const isUnset = equalsTest(lowerExpression(frame, operand, null), { kind: 'null' });
    return isMethodTest ? negateTest(isUnset) : isUnset;
  }
  return null;
}

/** `'close' in x` asks whether there is such a method, as `typeof x.close === 'function'` does. */
function lowerMemberTest(frame: Frame, left: Node, right: Node): Test | null {
  const literal = literalOf(frame, withoutAssertions(left));
  if (literal?.kind !== 'string') return null;
  const { places } = frame.builder;
  const value = lowerExpression(frame, right, null);
  const member = value.kind === 'place' ? places.path(value.place, literal.text) : null;
  return member === null ? null : negateTest(equalsTest(placeValue(member), { kind: 'null' }));
}

function lowerTypeTest(frame: Frame, left: Node, right: Node): Test {
  const value = lowerExpression(frame, left, null);
  const type = dottedText(right);
  if (type === null) lowerExpression(frame, right, null);
  if (value.kind !== 'place' || type === null) return 'unknown';
  return { test: 'type', place: value.place, type, negated: false };
}

/** null for what is no `c ? a : b`, and for a broken one. */
export function choiceOf(node: Node): Choice<Node> | null {
  if (node.type !== 'ConditionalExpression') return null;
  const [condition, first, second] = [childOf(node, 'test'), childOf(node, 'consequent'), childOf(node, 'alternate')];
  if (condition === null || first === null || second === null) return null;
  return { condition, first, second: withoutAssertions(second) };
}

function negatedBy(node: Node): Node | null {
  const isNegation = node.type === 'UnaryExpression' && textIn(node, 'operator') === '!';
  const operand = isNegation ? childOf(node, 'argument') : null;
  return operand === null ? null : withoutAssertions(operand);
}

function branchOnAll(frame: Frame, node: Node, operator: '&&' | '||', ways: readonly [BlockId, BlockId]): void {
  const operands = operandsOf(node, (joined) => joined === operator);
  lowerChain(frame.builder, operands, operator === '&&', ways, conditionsIn(frame));
}

/** For code that the languages share. */
export function conditionsIn(frame: Frame): ConditionLowering<Node> {
  return (condition, thenTo, elseTo) => {
    lowerCondition(frame, condition, thenTo, elseTo);
  };
}
