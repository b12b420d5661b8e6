/**
 * Names and what hangs on them: `a.b().c[i].d()`. A chain nests to the left, in generated builders 10,000s
 * deep, so it is walked from the innermost operand outward.
 */
import type { Operand, PlaceId, Span } from '../../../ir/ir.ts';
import { elementField } from '../../../ir/places.ts';
import { placeValue, unknownValue } from '../../lowering/values.ts';
import { childInField, operatorOf, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { isMethodName } from '../file-names.ts';
import { lowerSpecialCall } from './builtins.ts';
import { emitCall, prepareCall } from './calls.ts';
import { lowerMethodValue } from './closures.ts';
import { asserted, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { globalPlace, lookUp, plainPlace } from './names.ts';
import type { Named } from './names.ts';
import { pointed } from './nodes.ts';
import { deliver, freshFunction } from './values.ts';
import type { Into } from './values.ts';

/** What a step of a chain applies to. */
export type Base = { readonly kind: 'value'; readonly value: Operand } | Exclude<Named, { kind: 'place' }>;

export function lowerChain(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const steps: SyntaxNode[] = [];
  const base = innermost(frame, node, steps);
  let on: Base | null = base === null ? null : lowerBase(frame, base);
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index];
    if (step !== undefined) on = lowerStep(frame, step, on, index === 0 ? into : null);
  }
  // The outermost step, if it is a call, has put its results where they are wanted already.
  const isDelivered = node.type === 'call_expression' || node.type === 'type_assertion_expression';
  const value = on === null ? unknownValue : baseValue(frame, on);
  return isDelivered || into === null ? value : deliver(frame, value, into);
}

/** What a call is made on, evaluated: for `go` and `defer`, which make the call themselves. */
export function lowerCallBase(frame: Frame, call: SyntaxNode): Base | null {
  const steps: SyntaxNode[] = [];
  const base = innermost(frame, call, steps);
  let on: Base | null = base === null ? null : lowerBase(frame, base);
  for (let index = steps.length - 1; index >= 1; index--) {
    const step = steps[index];
    if (step !== undefined) on = lowerStep(frame, step, on, null);
  }
  return on;
}

/** null: the innermost step is a call of a name, which is its own base. */
function innermost(frame: Frame, node: SyntaxNode, steps: SyntaxNode[]): SyntaxNode | null {
  let at = node;
  for (;;) {
    if (at.type === 'parenthesized_expression' || isDereference(at)) {
      const inner = at.type === 'parenthesized_expression' ? withoutParentheses(at) : childInField(at, 'operand');
      if (inner === null || inner === at) return at;
      at = inner;
      continue;
    }
    if (!linkTypes.has(at.type)) return at;
    const inner = innerOf(frame, at);
    steps.push(at);
    if (inner === null) return null;
    at = inner;
  }
}

const linkTypes = new Set([
  'selector_expression',
  'index_expression',
  'slice_expression',
  'type_assertion_expression',
  'call_expression',
]);

function innerOf(frame: Frame, node: SyntaxNode): SyntaxNode | null {
  if (node.type !== 'call_expression') return childInField(node, 'operand');
  const called = calledNode(frame, node);
  if (called === null || called.type === 'identifier' || isTypeLike(frame, called)) return null;
  // `a.b()` is one step.
  return called.type === 'selector_expression' ? childInField(called, 'operand') : called;
}

/** `f[int](x)` calls `f`: type arguments say nothing of what is called. */
export function calledNode(frame: Frame, call: SyntaxNode): SyntaxNode | null {
  const written = childInField(call, 'function');
  if (written === null) return null;
  const called = withoutParentheses(written);
  const generic = called.type === 'index_expression' ? childInField(called, 'operand') : null;
  return generic !== null && isFunctionName(frame, generic) ? generic : called;
}

function isFunctionName(frame: Frame, node: SyntaxNode): boolean {
  if (node.type === 'identifier') return lookUp(frame, frame.textOf(node)).kind !== 'place';
  return isPackageMember(frame, node);
}

function isPackageMember(frame: Frame, node: SyntaxNode): boolean {
  const operand = node.type === 'selector_expression' ? childInField(node, 'operand') : null;
  return operand?.type === 'identifier' && lookUp(frame, frame.textOf(operand)).kind === 'package';
}

/** `(*T)(x)` looks like a call of what `T` points to. */
function isTypeLike(frame: Frame, called: SyntaxNode): boolean {
  if (!isDereference(called)) return false;
  const target = pointed(called);
  return target.type === 'identifier' || target.type === 'selector_expression' ? isFunctionName(frame, target) : false;
}

function isDereference(node: SyntaxNode): boolean {
  return node.type === 'unary_expression' && /^[*&]$/.test(operatorOf(node));
}

function lowerBase(frame: Frame, base: SyntaxNode): Base {
  if (base.type !== 'identifier') return { kind: 'value', value: lowerExpression(frame, base, null) };
  return baseOf(lookUp(frame, frame.textOf(base)));
}

function baseOf(named: Named): Base {
  return named.kind === 'place' ? { kind: 'value', value: placeValue(named.place) } : named;
}

/** A name that is not called upon. */
function baseValue(frame: Frame, base: Base): Operand {
  switch (base.kind) {
    case 'value':
      return base.value;
    case 'function':
      // By its name, as one of another file is: whoever asks can tell that it is handed on.
      return placeValue(frame.builder.places.global(base.name, 'func'));
    case 'elsewhere':
      return base.name === '' || base.name === '_' ? unknownValue : placeValue(globalPlace(frame, base.name));
    case 'package':
    case 'type':
      return unknownValue;
  }
}

function lowerStep(frame: Frame, step: SyntaxNode, on: Base | null, into: Into): Base {
  switch (step.type) {
    case 'call_expression': {
      const special = lowerSpecialCall(frame, step, on, into);
      return { kind: 'value', value: special ?? emitCall(frame, prepareCall(frame, step, on), into) };
    }
    case 'selector_expression':
      return { kind: 'value', value: lowerSelector(frame, step, on) };
    case 'type_assertion_expression': {
      const value = on === null ? unknownValue : baseValue(frame, on);
      return { kind: 'value', value: asserted(frame, value, step, into) };
    }
    case 'slice_expression': {
      for (const bound of step.children) if (bound.field !== 'operand') lowerExpression(frame, bound, null);
      return on ?? { kind: 'value', value: unknownValue };
    }
    default:
      return lowerIndex(frame, step, on);
  }
}

function lowerIndex(frame: Frame, step: SyntaxNode, on: Base | null): Base {
  // `f[int]`: a generic function, or a type.
  if (on?.kind === 'function' || on?.kind === 'type') return on;
  const index = childInField(step, 'index');
  if (index !== null) lowerExpression(frame, index, null);
  const value = on === null ? unknownValue : baseValue(frame, on);
  if (value.kind !== 'place') return { kind: 'value', value: unknownValue };
  const span = spanOf(step);
  const temp = frame.builder.places.temp();
  frame.builder.assign(temp, placeValue(frame.builder.field(value.place, elementField, span)), span);
  return { kind: 'value', value: placeValue(temp) };
}

function lowerSelector(frame: Frame, step: SyntaxNode, on: Base | null): Operand {
  const field = childInField(step, 'field');
  if (field === null || on === null) return unknownValue;
  const name = frame.textOf(field);
  if (on.kind === 'package') return placeValue(frame.builder.places.global(`${on.name}.${name}`));
  // `T.Method` as a value.
  if (on.kind === 'type') return freshFunction;
  const value = baseValue(frame, on);
  if (value.kind !== 'place') return unknownValue;
  if (isMethodName(frame.names, name, frame.habits)) return lowerMethodValue(frame, step, value.place, name);
  return placeValue(frame.builder.field(value.place, name, spanOf(step)));
}

/** The place written to; its operand and index are evaluated. null: nothing that has a place. */
export function assignable(frame: Frame, written: SyntaxNode): PlaceId | null {
  const left = withoutParentheses(written);
  if (left.type === 'identifier') return plainPlace(frame, left);
  const operand = childInField(left, 'operand');
  if (operand === null) return null;
  if (isDereference(left)) return assignable(frame, operand);
  const span = spanOf(left);
  if (left.type === 'index_expression') {
    const value = lowerExpression(frame, operand, null);
    const index = childInField(left, 'index');
    if (index !== null) lowerExpression(frame, index, null);
    return value.kind === 'place' ? frame.builder.field(value.place, elementField, span) : null;
  }
  if (left.type !== 'selector_expression') return null;
  const field = childInField(left, 'field');
  const target = plainPlace(frame, left) ?? fieldOf(frame, operand, field, span);
  const place = target === null ? null : frame.builder.places.get(target);
  if (place?.kind === 'path' && field !== null) frame.noteField(place.root, place.fields.join('.'));
  return target;
}

function fieldOf(frame: Frame, operand: SyntaxNode, field: SyntaxNode | null, span: Span): PlaceId | null {
  if (field === null) return null;
  const value = lowerExpression(frame, operand, null);
  return value.kind === 'place' ? frame.builder.field(value.place, frame.textOf(field), span) : null;
}
