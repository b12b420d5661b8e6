/** Assignments: to names, fields and elements, to several at once, and the other ways to set a variable. */
import type { Operand, PlaceId, Span } from '../../../ir/ir.ts';
import { elementField } from '../../../ir/places.ts';
import { freshValue, nullValue, placeValue, unknownValue } from '../../lowering/values.ts';
import { childInField, operatorOf, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { parts } from '../nodes.ts';
import { isCollection } from './collections.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import { maxDepth } from './frame.ts';
import type { Frame } from './frame.ts';
import { lowerOpaque } from './opaque.ts';
import { lowerKeyed, lowerMember } from './primaries.ts';
import { isAwaiting } from './suspensions.ts';
import { target } from './values.ts';
import type { Target } from './values.ts';

/** `a = b = value` nests to the right; the value is assigned from left to right. */
export function lowerAssignment(frame: Frame, node: SyntaxNode): void {
  const targets: SyntaxNode[] = [];
  let value: SyntaxNode | null = node;
  while (value?.type === 'assignment') {
    const left = childInField(value, 'left');
    if (left !== null) targets.push(left);
    value = childInField(value, 'right');
  }
  // `x: T` alone assigns nothing.
  if (value === null) return;
  const [first, ...others] = targets;
  const span = spanOf(node);
  if (value.type === 'augmented_assignment') lowerAugmented(frame, value);
  if (first === undefined || value.type === 'augmented_assignment') return;
  if (others.length === 0) {
    assignTo(frame, first, value, span);
    return;
  }
  const operand = lowerExpression(frame, value, null);
  for (const one of targets) assignOperand(frame, one, operand, span);
}

/** Evaluates the value and assigns it. */
export function assignTo(frame: Frame, written: SyntaxNode, value: SyntaxNode, span: Span): Operand {
  const left = withoutParentheses(written);
  const place = left.type === 'identifier' ? frame.assigned(frame.textOf(left)) : null;
  if (place !== null && isLocal(frame, place)) return lowerExpression(frame, value, target(place, span));
  if (isPattern(left)) return unpack(frame, left, value, span);
  const operand = lowerExpression(frame, value, null);
  assignOperand(frame, left, operand, span);
  return place === null ? operand : placeValue(place);
}

/** Assigns what is evaluated already: an element in a loop, what a `with` enters, a part of a tuple. */
export function assignOperand(frame: Frame, written: SyntaxNode, operand: Operand, span: Span): void {
  const left = withoutParentheses(written);
  if (frame.depth >= maxDepth) return lowerOpaque(frame, left, 'too deep');
  frame.depth++;
  if (isPattern(left)) unpackOperand(frame, left, operand, span);
  else if (left.type === 'list_splat_pattern' || left.type === 'list_splat') {
    const inner = parts(left)[0];
    if (inner !== undefined) assignOperand(frame, inner, operand, span);
  } else {
    const place = targetPlace(frame, left);
    if (place !== null) frame.builder.assign(place, operand, span);
  }
  frame.depth--;
}

/** `a += b`: lists and sets are extended in place, anything else becomes new. */
export function lowerAugmented(frame: Frame, node: SyntaxNode): void {
  const [left, right] = [childInField(node, 'left'), childInField(node, 'right')];
  if (left === null || right === null) return;
  const span = spanOf(node);
  const value = lowerExpression(frame, right, null);
  const place = targetPlace(frame, withoutParentheses(left));
  if (place === null) return;
  const mayExtend = value.kind === 'place' && /^[+|]=$/.test(operatorOf(node));
  if (mayExtend) frame.builder.assign(frame.builder.field(place, elementField, span), value, span);
  frame.builder.assign(place, freshValue, span);
}

/** Elements go from their collection, of which nothing is known. */
export function lowerDelete(frame: Frame, node: SyntaxNode): void {
  const pending = parts(node).reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const written = withoutParentheses(next);
    if (isCollection(written)) pending.push(...parts(written).reverse());
    else if (written.type === 'subscript') lowerMember(frame, written);
    else {
      const place = targetPlace(frame, written);
      if (place !== null) frame.builder.assign(place, nullValue, spanOf(node));
    }
  }
}

/** The local a value may be put into at once; null where that is no plain variable. */
export function localTarget(frame: Frame, written: SyntaxNode): PlaceId | null {
  const left = withoutParentheses(written);
  if (left.type !== 'identifier') return null;
  const place = frame.assigned(frame.textOf(left));
  return isLocal(frame, place) ? place : null;
}

function targetPlace(frame: Frame, left: SyntaxNode): PlaceId | null {
  if (left.type === 'identifier') return frame.assigned(frame.textOf(left));
  if (left.type === 'attribute') return lowerMember(frame, left);
  if (left.type === 'subscript') return lowerKeyed(frame, left);
  lowerEffects(frame, [left]);
  return null;
}

function isLocal(frame: Frame, place: PlaceId): boolean {
  return frame.builder.places.get(place).kind === 'local';
}

function isPattern(node: SyntaxNode): boolean {
  return isCollection(node) || node.type === 'tuple_pattern' || node.type === 'list_pattern';
}

function isSplat(node: SyntaxNode): boolean {
  return node.type === 'list_splat_pattern' || node.type === 'list_splat';
}

function unpack(frame: Frame, pattern: SyntaxNode, written: SyntaxNode, span: Span): Operand {
  const value = withoutParentheses(written);
  const targets = parts(pattern);
  const values = isCollection(value) && value.type !== 'dictionary' ? parts(value) : [];
  if (values.length === targets.length && ![...targets, ...values].some(isSplat)) {
    assignEach(frame, targets, values, span);
    return unknownValue;
  }
  if (targets.length > 1 && hasSeveralResults(frame, value)) {
    unpackCall(frame, targets, value, span);
    return unknownValue;
  }
  const operand = lowerExpression(frame, value, null);
  unpackOperand(frame, pattern, operand, span);
  return operand;
}

/** `a, b = b, a`: all values are there before the first is assigned. */
function assignEach(frame: Frame, targets: readonly SyntaxNode[], values: readonly SyntaxNode[], span: Span): void {
  const operands = values.map((value) => keep(frame, lowerExpression(frame, value, null), span));
  for (const [index, one] of targets.entries()) assignOperand(frame, one, operands[index] ?? unknownValue, span);
}

function keep(frame: Frame, operand: Operand, span: Span): Operand {
  if (operand.kind !== 'place') return operand;
  const place = frame.builder.places.get(operand.place);
  if (place.kind === 'local' && place.name === null) return operand;
  const temp = frame.builder.places.temp();
  frame.builder.assign(temp, operand, span);
  return placeValue(temp);
}

function hasSeveralResults(frame: Frame, value: SyntaxNode): boolean {
  if (value.type === 'call') return true;
  const awaited = isAwaiting(frame, value) ? parts(value)[0] : undefined;
  return awaited !== undefined && withoutParentheses(awaited).type === 'call';
}

/** `a, b = pair()`: each target has a result of its own, so that they are told apart. */
function unpackCall(frame: Frame, targets: readonly SyntaxNode[], value: SyntaxNode, span: Span): void {
  const { places } = frame.builder;
  const dests = targets.map((one) => localTarget(frame, one) ?? places.temp());
  const [first, ...others] = dests;
  if (first === undefined) return;
  const into: Target = { place: first, span, others };
  lowerExpression(frame, value, into);
  for (const [index, one] of targets.entries()) {
    const dest = dests[index];
    if (dest !== undefined && localTarget(frame, one) === null) assignOperand(frame, one, placeValue(dest), span);
  }
}

/** Each target may get any element. */
function unpackOperand(frame: Frame, pattern: SyntaxNode, operand: Operand, span: Span): void {
  const { builder } = frame;
  const element: Operand =
    operand.kind === 'place' ? placeValue(builder.field(operand.place, elementField, span)) : unknownValue;
  for (const one of parts(pattern)) assignOperand(frame, one, element, span);
}
