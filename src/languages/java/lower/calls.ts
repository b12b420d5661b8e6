/**
 * Calls, creations and the chains they hang on: `a.b().c[i].d()`. A chain nests to the left, in
 * generated builders 10,000s deep, so it is walked from the innermost receiver outward.
 */
import type { Callee, Operand, PlaceId, Span, ThrowTier } from '../../../ir/ir.ts';
import { elementField } from '../../../ir/places.ts';
import { placeValue, positional, unknownValue } from '../../lowering/values.ts';
import { childInField, childOfType, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { typeText } from '../type-text.ts';
import { lowerAnonymousBody } from './closures.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { extendFor, isDotted, lookUp, lookUpDotted } from './names.ts';
import type { Named } from './names.ts';
import { isAnnotationNode, parts } from './nodes.ts';
import { deliver, resultPlace } from './values.ts';
import type { Into } from './values.ts';

/** What a call is made on. */
type Receiver = { readonly kind: 'value'; readonly value: Operand } | { readonly kind: 'type'; readonly text: string };

export function lowerPrimary(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const steps: SyntaxNode[] = [];
  const base = innermost(node, steps);
  let value: Receiver | null = null;
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index];
    if (step === undefined) continue;
    value ??= step === base ? null : lowerBase(frame, base, step.type === 'method_invocation');
    const part = steadyPart(frame, step, steps[index - 1], value);
    value = { kind: 'value', value: part ?? lowerStep(frame, step, value, index === 0 ? into : null) };
  }
  if (value?.kind === 'value') return isDelivered(node, into) ? value.value : deliver(frame, value.value, into);
  return deliver(frame, valueOf(frame, base), into);
}

/** `rw.writeLock()` in `rw.writeLock().lock()` is a part of `rw`, the same at each call; null: the step is none. */
function steadyPart(frame: Frame, step: SyntaxNode, next: SyntaxNode | undefined, on: Receiver | null): Operand | null {
  if (step.type !== 'method_invocation' || next?.type !== 'method_invocation') return null;
  if (on?.kind !== 'value' || on.value.kind !== 'place') return null;
  const name = childInField(step, 'name');
  const args = childInField(step, 'arguments');
  if (name === null || args === null || parts(args).length > 0) return null;
  if (frame.habits.steadyGetters?.test(frame.textOf(name)) !== true) return null;
  return placeValue(frame.builder.field(on.value.place, frame.textOf(name), spanOf(step)));
}

/** The outermost step of a chain of calls has put its result where it is wanted already. */
function isDelivered(node: SyntaxNode, into: Into): boolean {
  return into === null || node.type === 'method_invocation';
}

/** The base is a name, or what is no link of a chain; a call without an object is its own base. */
function innermost(node: SyntaxNode, steps: SyntaxNode[]): SyntaxNode {
  let at = node;
  // What one field of `f().a.b.c` says of the rest holds for all of them: it is looked at once.
  let isNameRuledOut = false;
  for (;;) {
    if (at.type !== 'field_access') isNameRuledOut = false;
    else if (!isNameRuledOut && isDotted(at)) return at;
    else isNameRuledOut = true;
    const inner = objectOf(at);
    if (at.type === 'method_invocation' || inner !== null) steps.push(at);
    if (inner === null) return at;
    at = withoutParentheses(inner);
  }
}

function objectOf(node: SyntaxNode): SyntaxNode | null {
  if (node.type === 'array_access') return childInField(node, 'array');
  if (node.type !== 'method_invocation' && node.type !== 'field_access') return null;
  return childInField(node, 'object');
}

function lowerBase(frame: Frame, base: SyntaxNode, isCalled: boolean): Receiver {
  if (!isNameLike(base)) return { kind: 'value', value: lowerExpression(frame, base, null) };
  const named = lookUpDotted(frame, base, extendFor(frame, spanOf(base)));
  if (named?.kind === 'type' && isCalled) return named;
  return { kind: 'value', value: namedValue(frame, named) };
}

function isNameLike(node: SyntaxNode): boolean {
  return node.type === 'identifier' || node.type === 'field_access' || node.type === 'this' || node.type === 'super';
}

/** A name that is not called upon. */
function valueOf(frame: Frame, node: SyntaxNode): Operand {
  if (node.type === 'identifier') return namedValue(frame, lookUp(frame, frame.textOf(node)));
  return namedValue(frame, lookUpDotted(frame, node, extendFor(frame, spanOf(node))));
}

function namedValue(frame: Frame, named: Named | null): Operand {
  if (named?.kind === 'place') return placeValue(named.place);
  // `Color.Red`: a constant in spite of its spelling.
  if (named?.kind === 'type' && named.text.includes('.')) return placeValue(frame.builder.places.global(named.text));
  return unknownValue;
}

function lowerStep(frame: Frame, step: SyntaxNode, on: Receiver | null, into: Into): Operand {
  if (step.type === 'method_invocation') return lowerInvocation(frame, step, on, into);
  const value = on?.kind === 'value' ? on.value : unknownValue;
  if (step.type === 'array_access') {
    const index = childInField(step, 'index');
    if (index !== null) lowerExpression(frame, index, null);
  }
  if (value.kind !== 'place') return unknownValue;
  const span = spanOf(step);
  if (step.type === 'array_access') {
    const element = frame.builder.field(value.place, elementField, span);
    const temp = frame.builder.places.temp();
    frame.builder.assign(temp, placeValue(element), span);
    return placeValue(temp);
  }
  const field = childInField(step, 'field');
  return field === null ? unknownValue : placeValue(frame.builder.field(value.place, frame.textOf(field), span));
}

/** `array[i]` as something to write to. */
export function lowerElement(frame: Frame, node: SyntaxNode): PlaceId | null {
  const array = childInField(node, 'array');
  const index = childInField(node, 'index');
  if (array === null) return null;
  const value = lowerExpression(frame, array, null);
  if (index !== null) lowerExpression(frame, index, null);
  return value.kind === 'place' ? frame.builder.field(value.place, elementField, spanOf(node)) : null;
}

function lowerInvocation(frame: Frame, node: SyntaxNode, on: Receiver | null, into: Into): Operand {
  const nameNode = childInField(node, 'name');
  const name = nameNode === null ? '' : frame.textOf(nameNode);
  const isSuper = childOfType(node, 'super') !== null;
  let receiver: PlaceId | null = null;
  let callee: Callee = { kind: 'method', name, isSuper };
  if (isSuper) receiver = frame.thisPlace();
  else if (on === null) {
    callee = { kind: 'function', name, scope: null };
    receiver = bareReceiver(frame, name);
  } else if (on.kind === 'type') callee = { kind: 'function', name, scope: on.text };
  else receiver = frame.builder.hold(on.value, spanOf(node));
  // In a static context `super` is an error; a method needs a receiver all the same.
  if (callee.kind === 'method' && receiver === null) callee = { kind: 'function', name, scope: null };
  return emitCall(frame, { node, callee, receiver, into, tier: frame.tier });
}

/** Whose method a bare `name()` is: the anonymous class's if it declares it, else that of the class around. */
function bareReceiver(frame: Frame, name: string): PlaceId | null {
  for (let at: Frame | null = frame; at !== null; at = at.parent) {
    if (at.body === null) continue;
    if (!at.body.methods.has(name) && !at.body.isInitializer) continue;
    return at === frame ? frame.thisPlace() : outward(frame, at);
  }
  return frame.outerThis() ?? frame.thisPlace();
}

/** `this` of a frame around, captured all the way in. */
function outward(frame: Frame, owner: Frame): PlaceId | null {
  if (frame === owner) return frame.receiver;
  const outer = frame.parent === null ? null : outward(frame.parent, owner);
  return outer === null ? null : frame.capture(outer);
}

interface Call {
  readonly node: SyntaxNode;
  readonly callee: Callee;
  readonly receiver: PlaceId | null;
  readonly into: Into;
  readonly tier: ThrowTier;
}

function emitCall(frame: Frame, call: Call): Operand {
  const args = lowerArguments(frame, call.node).map(positional);
  const dest = resultPlace(frame, call.into);
  const { callee, receiver, tier: throws } = call;
  const span = spanOf(call.node);
  frame.builder.emit({ op: 'call', dests: [dest], callee, receiver, args, throws, span, isImplicit: false });
  return placeValue(dest);
}

function lowerArguments(frame: Frame, node: SyntaxNode): Operand[] {
  const list = childInField(node, 'arguments');
  return list === null ? [] : parts(list).map((argument) => lowerExpression(frame, argument, null));
}

/** `new T(…)`, `outer.new T(…)`, `new T(…) { … }`. */
export function lowerCreation(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const typeNode = childInField(node, 'type');
  const outer = parts(node).find((part) => part.field === null && part.end <= (typeNode?.start ?? node.start));
  if (outer !== undefined && !isAnnotationNode(outer)) lowerExpression(frame, outer, null);
  const type = typeNode === null ? '' : typeText(frame.text, typeNode);
  const body = childOfType(node, 'class_body');
  // Making an exception is taken not to fail; what matters is that it is thrown next.
  const tier = frame.habits.errorTypes?.test(type) === true ? 'never' : frame.tier;
  const callee: Callee = { kind: 'construct', type };
  if (body === null) return emitCall(frame, { node, callee, receiver: null, into, tier });
  const base = emitCall(frame, { node, callee, receiver: null, into: null, tier });
  const made = lowerAnonymousBody(frame, body, type);
  if (base.kind !== 'place') return unknownValue;
  const dest = resultPlace(frame, into);
  frame.builder.emit({ op: 'closure', dest, base: base.place, ...made, span: spanOf(node) });
  return placeValue(dest);
}

/** An enum constant is an object like any other, made when its class is loaded. */
export function lowerEnumConstant(frame: Frame, node: SyntaxNode, type: string): Operand {
  const callee: Callee = { kind: 'construct', type };
  return emitCall(frame, { node, callee, receiver: null, into: null, tier: frame.tier });
}

/** `super(…)` and `this(…)` at the head of a constructor. */
export function lowerDelegation(frame: Frame, node: SyntaxNode): void {
  const outer = childInField(node, 'object');
  if (outer !== null) lowerExpression(frame, outer, null);
  const args = lowerArguments(frame, node).map(positional);
  const to = childInField(node, 'constructor')?.type === 'this' ? 'this' : 'super';
  const [callee, receiver, span] = [{ kind: 'delegate', to } as const, frame.thisPlace(), spanOf(node)];
  frame.builder.emit({ op: 'call', dests: [], callee, receiver, args, throws: frame.tier, span, isImplicit: false });
}

/** A call the source does not show: `receiver.name()`. */
export function emitImplicitCall(frame: Frame, receiver: PlaceId, name: string, span: Span): PlaceId {
  const dest = frame.builder.places.temp();
  const callee: Callee = { kind: 'method', name, isSuper: false };
  const throws = name === 'iterator' ? 'possible' : frame.tier;
  frame.builder.emit({ op: 'call', dests: [dest], callee, receiver, args: [], throws, span, isImplicit: true });
  return dest;
}
