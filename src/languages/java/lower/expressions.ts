/**
 * Expressions to operands: whatever has an effect is emitted, the value is a place or a literal.
 * Calls and access chains are in `calls.ts`, conditions in `conditions.ts`.
 */
import type { Operand, TypeHint } from '../../../ir/ir.ts';
import { lowerChoice } from '../../lowering/branches.ts';
import { emitAggregate } from '../../lowering/calls.ts';
import { freshValue, literalValue, placeValue, positional, unknownValue } from '../../lowering/values.ts';
import {
  childInField,
  childrenInField,
  operandsOf,
  operatorOf,
  spanOf,
  withoutParentheses,
} from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { typeText } from '../type-text.ts';
import { lowerCreation, lowerPrimary, lowerElement } from './calls.ts';
import { lowerLambda, lowerMethodReference } from './closures.ts';
import { choiceOf, conditionsIn, lowerBoolean } from './conditions.ts';
import type { Frame } from './frame.ts';
import { maxDepth } from './frame.ts';
import { literalOf } from './literals.ts';
import { extendFor, lookUp, lookUpDotted } from './names.ts';
import { isAnnotationNode, parts } from './nodes.ts';
import { lowerOpaque } from './opaque.ts';
import { lowerSwitchExpression } from './switches.ts';
import { deliver, freshClass, freshText } from './values.ts';
import type { Into } from './values.ts';

/** The value, and in `into` if that is given. */
export function lowerExpression(frame: Frame, written: SyntaxNode, into: Into): Operand {
  const node = withoutParentheses(written);
  if (frame.depth >= maxDepth) {
    lowerOpaque(frame, node, 'too deep');
    return deliver(frame, unknownValue, into);
  }
  frame.depth++;
  const value = lowerByType(frame, node, into);
  frame.depth--;
  return value;
}

/** Evaluates only for what it does. */
export function lowerEffects(frame: Frame, nodes: readonly SyntaxNode[]): void {
  for (const node of nodes) lowerExpression(frame, node, null);
}

function lowerByType(frame: Frame, node: SyntaxNode, into: Into): Operand {
  switch (node.type) {
    case 'identifier':
    case 'this':
    case 'field_access':
    case 'array_access':
    case 'method_invocation':
      return lowerPrimary(frame, node, into);
    case 'object_creation_expression':
      return lowerCreation(frame, node, into);
    case 'assignment_expression':
      return deliver(frame, lowerAssignment(frame, node), into);
    case 'binary_expression':
      return lowerBinary(frame, node, into);
    case 'instanceof_expression':
      return lowerBoolean(frame, node, into);
    case 'unary_expression':
      return lowerUnary(frame, node, into);
    case 'update_expression':
      return deliver(frame, lowerUpdate(frame, node), into);
    case 'ternary_expression':
      return lowerTernary(frame, node, into);
    case 'cast_expression':
      return lowerCast(frame, node, into);
    case 'lambda_expression':
      return lowerLambda(frame, node, into);
    case 'method_reference':
      return lowerMethodReference(frame, node, into);
    case 'array_creation_expression':
      return lowerArrayCreation(frame, node, into);
    case 'array_initializer':
    case 'element_value_array_initializer':
      return lowerArrayInitializer(frame, node, into, null);
    case 'switch_expression':
      return lowerSwitchExpression(frame, node, into);
    case 'class_literal':
      return deliver(frame, freshClass, into);
    case 'template_expression':
      lowerEffects(frame, parts(node));
      return deliver(frame, freshValue, into);
    default:
      return deliver(frame, lowerLeaf(frame, node), into);
  }
}

function lowerLeaf(frame: Frame, node: SyntaxNode): Operand {
  const literal = literalOf(frame, node);
  if (literal !== null) return literalValue(literal);
  if (node.type === 'string_literal') {
    for (const part of node.children) if (part.type === 'string_interpolation') lowerEffects(frame, parts(part));
    return freshText;
  }
  return lowerUnknown(frame, node);
}

/** Broken or new syntax: what is recognisable in it happens, the rest may do anything. */
export function lowerUnknown(frame: Frame, node: SyntaxNode): Operand {
  // Names alone do nothing; `lowerOpaque` reads them.
  lowerEffects(
    frame,
    parts(node).filter((part) => part.type !== 'identifier' && isExpression(part)),
  );
  lowerOpaque(frame, node, node.type);
  return unknownValue;
}

export function isExpression(node: SyntaxNode): boolean {
  return /_expression$|_access$|^method_(invocation|reference)$/.test(node.type) && node.type !== 'switch_expression';
}

function lowerAssignment(frame: Frame, node: SyntaxNode): Operand {
  const left = childInField(node, 'left');
  const right = childInField(node, 'right');
  if (left === null || right === null) return lowerUnknown(frame, node);
  const target = assignable(frame, withoutParentheses(left));
  const span = spanOf(node);
  const operator = operatorOf(node);
  if (target === null) {
    const value = lowerExpression(frame, right, null);
    return operator === '=' ? value : freshValue;
  }
  if (operator !== '=') {
    lowerExpression(frame, right, null);
    // `|=` and its like may make booleans, which are told apart from other values.
    const value = /^[&|^]=$/.test(operator) ? unknownValue : freshValue;
    frame.builder.assign(target, value, span);
    return placeValue(target);
  }
  if (frame.builder.places.get(target).kind === 'local') return lowerExpression(frame, right, { place: target, span });
  const value = lowerExpression(frame, right, null);
  frame.builder.assign(target, value, span);
  return placeValue(target);
}

/** The place written to; its object and index are evaluated. */
function assignable(frame: Frame, left: SyntaxNode) {
  if (left.type === 'identifier') {
    const found = lookUp(frame, frame.textOf(left));
    return found.kind === 'place' ? found.place : null;
  }
  if (left.type === 'array_access') return lowerElement(frame, left);
  if (left.type !== 'field_access') return null;
  const found = lookUpDotted(frame, left, extendFor(frame, spanOf(left)));
  if (found !== null) {
    if (found.kind === 'type') return frame.builder.places.global(found.text);
    return found.kind === 'place' ? found.place : null;
  }
  const value = lowerPrimary(frame, left, null);
  return value.kind === 'place' ? value.place : null;
}

function lowerUpdate(frame: Frame, node: SyntaxNode): Operand {
  const operand = parts(node)[0];
  const target = operand === undefined ? null : assignable(frame, withoutParentheses(operand));
  if (target !== null) frame.builder.assign(target, freshValue, spanOf(node));
  return freshValue;
}

function lowerUnary(frame: Frame, node: SyntaxNode, into: Into): Operand {
  if (operatorOf(node) === '!') return lowerBoolean(frame, node, into);
  const literal = literalOf(frame, node);
  if (literal !== null) return deliver(frame, literalValue(literal), into);
  const operand = childInField(node, 'operand');
  if (operand !== null) lowerExpression(frame, operand, null);
  return deliver(frame, freshValue, into);
}

/** Arithmetic and concatenation nest to the left, 10,000s deep in generated code: no recursion there. */
function lowerBinary(frame: Frame, node: SyntaxNode, into: Into): Operand {
  if (isLogical(operatorOf(node))) return lowerBoolean(frame, node, into);
  const operands = operandsOf(node, (operator) => !isLogical(operator));
  lowerEffects(frame, operands);
  if (operatorOf(node) === '+' && operands.some((operand) => operand.type === 'string_literal')) {
    return deliver(frame, freshText, into);
  }
  // `a | b` may be a boolean.
  return deliver(frame, /^[&|^]$/.test(operatorOf(node)) ? unknownValue : freshValue, into);
}

function isLogical(operator: string): boolean {
  return /^(&&|\|\||[=!]=|[<>]=?)$/.test(operator);
}

function lowerTernary(frame: Frame, node: SyntaxNode, into: Into): Operand {
  if (choiceOf(node) === null) return deliver(frame, lowerUnknown(frame, node), into);
  const target = into ?? { place: frame.builder.places.temp(), span: spanOf(node) };
  const lowerValue = (value: SyntaxNode): unknown => lowerExpression(frame, value, target);
  return lowerChoice(frame.builder, node, target, { choiceOf, lowerCondition: conditionsIn(frame), lowerValue });
}

/** A cast makes no new object, but the temporary knows the type. */
function lowerCast(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const { builder } = frame;
  const type = childInField(node, 'type');
  const operand = childInField(node, 'value');
  if (operand === null) return deliver(frame, lowerUnknown(frame, node), into);
  const value = lowerExpression(frame, operand, null);
  if (value.kind !== 'place' || type === null) return deliver(frame, value, into);
  const isPrimitive = type.type === 'integral_type' || type.type === 'floating_point_type';
  if (isPrimitive) return deliver(frame, freshValue, into);
  if (type.type === 'boolean_type') return deliver(frame, value, into);
  const temp = builder.places.temp(typeText(frame.text, type));
  builder.assign(temp, value, spanOf(node));
  return deliver(frame, placeValue(temp), into);
}

function lowerArrayCreation(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const type = createdType(frame, node);
  const initializer = childInField(node, 'value');
  if (initializer !== null) return lowerArrayInitializer(frame, initializer, into, type);
  for (const dimension of childrenInField(node, 'dimensions')) {
    if (dimension.type === 'dimensions_expr')
      lowerEffects(
        frame,
        parts(dimension).filter((part) => !isAnnotationNode(part)),
      );
  }
  return deliver(frame, { kind: 'fresh', type }, into);
}

/** `new String[2][]` makes a `String[][]`. */
function createdType(frame: Frame, node: SyntaxNode): TypeHint | null {
  const type = childInField(node, 'type');
  if (type === null) return null;
  const dimensions = childrenInField(node, 'dimensions').map((one) => frame.textOf(one).split(']').length - 1);
  return typeText(frame.text, type) + '[]'.repeat(dimensions.reduce((sum, count) => sum + count, 0));
}

function lowerArrayInitializer(frame: Frame, node: SyntaxNode, into: Into, type: TypeHint | null): Operand {
  const { builder } = frame;
  const values = parts(node).map((element) => lowerExpression(frame, element, null));
  // A table of numbers holds nothing to follow.
  if (values.every((value) => value.kind === 'literal' || value.kind === 'fresh'))
    return deliver(frame, { kind: 'fresh', type }, into);
  const dest = into?.place ?? builder.places.temp(type);
  emitAggregate(builder, dest, values.map(positional), spanOf(node));
  return placeValue(dest);
}
