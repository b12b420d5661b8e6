/**
 * Calls, member accesses and the chains they hang on: `a.b()?.c[i].d()`. A chain nests to the left, in
 * generated code 10,000s deep, so it is walked from the innermost receiver outward.
 *
 * `a?.b.c()` gives null where `a` is null, and nothing after it is evaluated.
 */
import { elementField } from '../../../ir/places.ts';
import type { Argument, BlockId, Callee, Operand, PlaceId, Span } from '../../../ir/ir.ts';
import { isNull, negate, nullValue, placeValue, positional, unknownValue } from '../../lowering/values.ts';
import {
  bare,
  childOf,
  identifierName,
  isFunction,
  isSet,
  memberName,
  nodesOf,
  spanOf,
  valueIn,
  withoutAssertions,
} from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { dottedText, typeArgumentsText } from '../type-text.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { textBefore } from './literals.ts';
import { constantNumber, extendFor, isDotted, lookUp, lookUpDotted, placeOf } from './names.ts';
import type { Named } from './names.ts';
import { deliver, resultPlace } from './values.ts';
import type { Into } from './values.ts';

/** What a member is read from or called on. */
type Receiver =
  | { readonly kind: 'value'; readonly value: Operand }
  | { readonly kind: 'scope'; readonly text: string }
  | { readonly kind: 'super' };

interface Chain {
  readonly base: Node;
  /** Outermost first: calls, and members that are not called. */
  readonly steps: readonly Node[];
}

export function lowerPrimary(frame: Frame, node: Node, into: Into): Operand {
  const chain = chainOf(node);
  if (chain.steps.length === 0) return deliver(frame, namedOperand(frame, chain.base), into);
  const optional = chain.steps.some(isOptionalStep);
  return optional ? lowerOptional(frame, node, chain, into) : lowerSteps(frame, chain, into, null);
}

/** `if (options?.pool)`: the value of a chain with optional links where all of them are there; null if it has none. */
export function lowerPresent(frame: Frame, node: Node, missing: BlockId): Operand | null {
  const at = bare(node);
  if (at.type !== 'MemberExpression' && at.type !== 'CallExpression') return null;
  const chain = chainOf(at);
  return chain.steps.some(isOptionalStep) ? lowerSteps(frame, chain, null, missing) : null;
}

/** A property or an element as something to write to; its object and index are evaluated. */
export function lowerTarget(frame: Frame, node: Node): PlaceId | null {
  const object = childOf(node, 'object');
  const property = childOf(node, 'property');
  if (object === null || property === null) return null;
  const isComputed = valueIn(node, 'computed') === true;
  const field = memberName(property, isComputed);
  if (!isComputed && isDotted(node)) {
    const named = lookUpDotted(frame, node, extendFor(frame, spanOf(node)));
    return named === null ? null : placeOf(frame, named);
  }
  const value = lowerExpression(frame, object, null);
  if (isComputed) lowerEffects(frame, [property]);
  return value.kind === 'place' ? frame.builder.field(value.place, field, spanOf(node)) : null;
}

/** `new Pool(…)`, `new pg.Client<T>(…)`; of a class that is worked out, the call of a value. */
export function lowerCreation(frame: Frame, node: Node, into: Into): Operand {
  const callee = childOf(node, 'callee');
  const written = dottedText(callee);
  const name = written === 'this' ? frame.thisClass() : written;
  if (callee === null || (name === null && callee.type === 'Super')) return deliver(frame, unknownValue, into);
  // Making an error is taken not to fail; what matters is that it is thrown next.
  const throws = name !== null && frame.habits.errorTypes?.test(name) === true ? 'never' : frame.tier;
  if (name !== null) {
    const type = name + typeArgumentsText(node);
    return emitCall(frame, node, { kind: 'construct', type }, { receiver: null, into, throws });
  }
  const place = frame.builder.hold(lowerExpression(frame, callee, null), spanOf(callee));
  return emitCall(frame, node, { kind: 'value', place }, { receiver: null, into, throws });
}

/** A call the source does not show: `receiver.name()`. */
export function emitImplicitCall(frame: Frame, receiver: PlaceId, name: string, span: Span): PlaceId {
  const dest = frame.builder.places.temp();
  const callee: Callee = { kind: 'method', name, isSuper: false };
  const throws = name.endsWith('terator]') ? 'possible' : frame.tier;
  frame.builder.emit({ op: 'call', dests: [dest], callee, receiver, args: [], throws, span, isImplicit: true });
  return dest;
}

export function lowerArguments(frame: Frame, nodes: readonly Node[]): Argument[] {
  return nodes.map((node) => {
    if (node.type !== 'SpreadElement') {
      const argument = positional(lowerExpression(frame, asWritten(node), null));
      if (argument.value.kind === 'literal') return argument;
      const number = constantNumber(frame, node);
      if (number !== null) return { ...argument, number };
      const begins = textBefore(frame, node);
      return begins === '' ? argument : { ...argument, begins };
    }
    const spread = childOf(node, 'argument');
    const value = spread === null ? unknownValue : lowerExpression(frame, spread, null);
    return { value, name: null, isSpread: true };
  });
}

/** `bus.on('moved', this.follow as Listener)`: a field that is handed over stays that field, whatever it passes for. */
function asWritten(node: Node): Node {
  const inner = withoutAssertions(node);
  return inner.type === 'MemberExpression' && childOf(inner, 'object')?.type === 'ThisExpression' ? inner : node;
}

// Chains

function chainOf(written: Node): Chain {
  const steps: Node[] = [];
  let at = bare(written);
  // What one property of `f().a.b.c` says of the rest holds for all of them: it is looked at once.
  let isNameRuledOut = false;
  for (;;) {
    if (at.type !== 'MemberExpression') isNameRuledOut = false;
    else if (!isNameRuledOut && isDotted(at)) return { base: at, steps };
    else isNameRuledOut = true;
    const inner = innerOf(at);
    if (inner !== null || isCall(at)) steps.push(at);
    if (inner === null) return { base: at, steps };
    at = bare(inner);
  }
}

/** What a step hangs on; null where the chain begins: a name, `super(…)`, `f(…)`. */
function innerOf(node: Node): Node | null {
  if (node.type === 'MemberExpression') return childOf(node, 'object');
  if (!isCall(node)) return null;
  const callee = calleeOf(node);
  if (callee === null || identifierName(callee) !== null || callee.type === 'Super') return null;
  return callee.type === 'MemberExpression' ? childOf(callee, 'object') : callee;
}

function calleeOf(call: Node): Node | null {
  const callee = childOf(call, call.type === 'CallExpression' ? 'callee' : 'tag');
  return callee === null ? null : bare(callee);
}

function isCall(node: Node): boolean {
  return node.type === 'CallExpression' || node.type === 'TaggedTemplateExpression';
}

function isOptionalStep(step: Node): boolean {
  if (isSet(step, 'optional')) return true;
  const callee = isCall(step) ? calleeOf(step) : null;
  return callee?.type === 'MemberExpression' && isSet(callee, 'optional');
}

/** Where a link finds null, the chain is done and its value is null. */
function lowerOptional(frame: Frame, node: Node, chain: Chain, into: Into): Operand {
  const { builder } = frame;
  const target = into ?? { place: builder.places.temp(), span: spanOf(node) };
  const [missing, end] = [builder.block(), builder.block()];
  deliver(frame, lowerSteps(frame, chain, target, missing), target);
  builder.jump(end, target.span);
  builder.start(missing);
  builder.assign(target.place, nullValue, target.span);
  builder.continueIn(end, target.span);
  return placeValue(target.place);
}

function lowerSteps(frame: Frame, { base, steps }: Chain, into: Into, missing: BlockId | null): Operand {
  let on: Receiver | null = null;
  let value: Operand = unknownValue;
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index];
    if (step === undefined) continue;
    on ??= step === base ? null : lowerBase(frame, base);
    const wanted = index === 0 ? into : null;
    value = isCall(step)
      ? lowerCall(frame, step, on, { into: wanted, missing })
      : lowerMember(frame, step, on, missing);
    on = { kind: 'value', value };
  }
  const last = steps[0];
  return last !== undefined && isCall(last) ? value : deliver(frame, value, into);
}

function lowerBase(frame: Frame, base: Node): Receiver {
  if (base.type === 'Super') return { kind: 'super' };
  if (!isDotted(base)) return { kind: 'value', value: lowerExpression(frame, base, null) };
  const named = lookUpDotted(frame, base, extendFor(frame, spanOf(base)));
  if (named?.kind === 'scope' || named?.kind === 'function') return { kind: 'scope', text: named.text };
  return { kind: 'value', value: valueOf(frame, named) };
}

function namedOperand(frame: Frame, node: Node): Operand {
  if (!isDotted(node)) return lowerExpression(frame, node, null);
  return valueOf(frame, lookUpDotted(frame, node, extendFor(frame, spanOf(node))));
}

function valueOf(frame: Frame, named: Named | null): Operand {
  const place = named === null ? null : placeOf(frame, named);
  return place === null ? unknownValue : placeValue(place);
}

/** A property of a value; an element goes to a temporary, as the next one may be another. */
function lowerMember(frame: Frame, step: Node, on: Receiver | null, missing: BlockId | null): Operand {
  const { builder } = frame;
  const span = spanOf(step);
  const root = receiverPlace(frame, on, span);
  if (isSet(step, 'optional')) leaveIfNull(frame, root, missing, span);
  const property = childOf(step, 'property');
  const isComputed = valueIn(step, 'computed') === true;
  if (isComputed && property !== null) lowerEffects(frame, [property]);
  if (root === null) return unknownValue;
  const name = memberName(property, isComputed);
  const field = builder.field(root, name, span);
  if (name !== elementField) return placeValue(field);
  const temp = builder.places.temp();
  builder.assign(temp, placeValue(field), span);
  return placeValue(temp);
}

function receiverPlace(frame: Frame, on: Receiver | null, span: Span): PlaceId | null {
  if (on === null) return null;
  if (on.kind === 'super') return frame.thisPlace();
  if (on.kind === 'scope') return frame.builder.places.global(on.text);
  // Nobody knows what it is, so there is nothing to hold.
  return on.value.kind === 'unknown' ? null : frame.builder.hold(on.value, span);
}

function leaveIfNull(frame: Frame, place: PlaceId | null, missing: BlockId | null, span: Span): void {
  if (missing === null) return;
  const { builder } = frame;
  const present = builder.block();
  builder.branch(place === null ? 'unknown' : negate(isNull(place)), present, missing, span);
  builder.start(present);
}

// Calls

interface CallOptions {
  readonly into: Into;
  readonly missing: BlockId | null;
}

function lowerCall(frame: Frame, node: Node, on: Receiver | null, { into, missing }: CallOptions): Operand {
  const callee = calleeOf(node);
  const throws = frame.tier;
  if (callee === null) return deliver(frame, unknownValue, into);
  if (callee.type === 'MemberExpression') return lowerMethodCall(frame, node, callee, on, { into, missing });
  if (callee.type === 'Super') return lowerDelegation(frame, node, into);
  const name = identifierName(callee);
  const named = name === null ? null : lookUp(frame, name);
  if (named === null) {
    const place = frame.builder.hold(on?.kind === 'value' ? on.value : unknownValue, spanOf(callee));
    if (isSet(node, 'optional')) leaveIfNull(frame, place, missing, spanOf(callee));
    return emitCall(frame, node, { kind: 'value', place }, { receiver: null, into, throws });
  }
  const local = named.kind === 'place' && frame.builder.places.get(named.place).kind === 'local' ? named.place : null;
  if (isSet(node, 'optional')) leaveIfNull(frame, placeOf(frame, named), missing, spanOf(callee));
  const target: Callee =
    local === null ? { kind: 'function', name: name ?? '', scope: null } : { kind: 'value', place: local };
  return emitCall(frame, node, target, { receiver: null, into, throws });
}

function lowerMethodCall(frame: Frame, node: Node, callee: Node, on: Receiver | null, options: CallOptions): Operand {
  const { into, missing } = options;
  const span = spanOf(callee);
  const property = childOf(callee, 'property');
  const isComputed = valueIn(callee, 'computed') === true;
  const name = memberName(property, isComputed);
  const throws = frame.tier;
  if (on?.kind === 'scope') {
    if (isComputed && property !== null) lowerEffects(frame, [property]);
    return emitCall(frame, node, { kind: 'function', name, scope: on.text }, { receiver: null, into, throws });
  }
  // A method needs a receiver, even if nothing is known of it.
  const receiver = receiverPlace(frame, on, span) ?? frame.builder.hold(unknownValue, span);
  if (isSet(callee, 'optional')) leaveIfNull(frame, receiver, missing, span);
  if (isComputed && property !== null) lowerEffects(frame, [property]);
  // `x.close?.()`: where there is no such method, there is nothing it could have done.
  const target: Callee = { kind: 'method', name, isSuper: on?.kind === 'super' };
  // A bound function holds what the function does.
  if (name === 'bind' && missing === null && isBoundFunction(frame, node, callee)) {
    emitCall(frame, node, target, { receiver, into: null, throws });
    // Each time it is another one, so what is bound once more is not what was bound before.
    return deliver(frame, placeValue(receiver), into ?? { place: frame.builder.places.temp(), span: spanOf(node) });
  }
  return emitCall(frame, node, target, { receiver, into, throws });
}

/**
 * `list.bind(this)`, `server.close.bind(server)`: told who to be, and not, as a socket, where to listen; or what is bound is
 * a function in so many words.
 */
function isBoundFunction(frame: Frame, call: Node, callee: Node): boolean {
  const object = childOf(callee, 'object');
  const fn = object === null ? null : bare(object);
  if (fn === null) return false;
  const name = identifierName(fn);
  if (isFunction(fn) || (name !== null && lookUp(frame, name).kind === 'function')) return true;
  const [self] = nodesOf(call, 'arguments');
  if (self === undefined) return false;
  if (self.type === 'ThisExpression' || /^(?:null|undefined)$/.test(frame.textOf(self))) return true;
  const owner = fn.type === 'MemberExpression' ? childOf(fn, 'object') : null;
  return owner !== null && frame.textOf(owner) === frame.textOf(self);
}

/** `super(…)` gives the object under construction. */
function lowerDelegation(frame: Frame, node: Node, into: Into): Operand {
  const args = lowerArguments(frame, nodesOf(node, 'arguments'));
  const receiver = frame.thisPlace();
  const callee: Callee = { kind: 'delegate', to: 'super' };
  const span = spanOf(node);
  frame.builder.emit({ op: 'call', dests: [], callee, receiver, args, throws: frame.tier, span, isImplicit: false });
  return deliver(frame, receiver === null ? unknownValue : placeValue(receiver), into);
}

interface Emission {
  readonly receiver: PlaceId | null;
  readonly into: Into;
  readonly throws: Frame['tier'];
}

function emitCall(frame: Frame, node: Node, callee: Callee, { receiver, into, throws }: Emission): Operand {
  const args = lowerArguments(frame, argumentsOf(node));
  const dest = resultPlace(frame, into);
  frame.builder.emit({
    op: 'call',
    dests: [dest],
    callee,
    receiver,
    args,
    throws,
    span: spanOf(node),
    isImplicit: false,
  });
  return placeValue(dest);
}

/** A tagged template passes its values. */
function argumentsOf(node: Node): readonly Node[] {
  if (node.type !== 'TaggedTemplateExpression') return nodesOf(node, 'arguments');
  const quasi = childOf(node, 'quasi');
  return quasi === null ? [] : nodesOf(quasi, 'expressions');
}
