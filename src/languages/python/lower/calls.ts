/** What is called, with what, and the calls the source does not show. */
import type { Argument, Callee, Operand, PlaceId, Span, ThrowTier } from '../../../ir/ir.ts';
import { placeValue, positional } from '../../lowering/values.ts';
import { childInField } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { isTypeName, lastName, parts } from '../nodes.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame, Named } from './frame.ts';
import { isFreeScope, namedValue } from './names.ts';
import { resultPlaces } from './values.ts';
import type { Into } from './values.ts';

/** What a link of `a.b().c[0]` hangs on. */
export type Base =
  | { readonly kind: 'value'; readonly value: Operand }
  | { readonly kind: 'name'; readonly named: Exclude<Named, { kind: 'place' }> }
  /** `super()` */
  | { readonly kind: 'super' };

export interface Call {
  readonly span: Span;
  readonly args: readonly Argument[];
  readonly into: Into;
}

interface Target {
  readonly callee: Callee;
  readonly receiver: PlaceId | null;
  readonly args: readonly Argument[];
}

/** `base(…)` */
export function emitPlainCall(frame: Frame, base: Base, call: Call): Operand {
  return emitCall(frame, plainTarget(frame, base, call), call);
}

/** `base.name(…)` */
export function emitMemberCall(frame: Frame, base: Base, name: string, call: Call): Operand {
  return emitCall(frame, memberTarget(frame, base, name, call), call);
}

export function lowerArguments(frame: Frame, list: SyntaxNode | null): Argument[] {
  if (list === null) return [];
  // `f(x for x in y)`
  if (list.type !== 'argument_list') return [positional(lowerExpression(frame, list, null))];
  return parts(list).map((written) => {
    const name = written.type === 'keyword_argument' ? childInField(written, 'name') : null;
    const isSpread = written.type === 'list_splat' || written.type === 'dictionary_splat';
    const inner = name !== null ? childInField(written, 'value') : isSpread ? parts(written)[0] : written;
    const value = lowerExpression(frame, inner ?? written, null);
    return { value, name: name === null ? null : frame.textOf(name), isSpread };
  });
}

/** A call the source does not show: `receiver.name()`. */
export function emitImplicitCall(
  frame: Frame,
  call: { receiver: PlaceId; name: string; dests: readonly PlaceId[]; throws: ThrowTier; span: Span },
): void {
  const { receiver, name, dests, throws, span } = call;
  const callee: Callee = { kind: 'method', name, isSuper: false };
  frame.builder.emit({ op: 'call', dests, callee, receiver, args: [], throws, span, isImplicit: true });
}

/** A statement that works like a function: `print x`, `exec code`. */
export function emitStatementCall(frame: Frame, name: string, args: readonly Argument[], span: Span): void {
  const callee: Callee = { kind: 'function', name, scope: null };
  const dests = [frame.builder.places.temp()];
  frame.builder.emit({ op: 'call', dests, callee, receiver: null, args, throws: frame.tier, span, isImplicit: false });
}

function emitCall(frame: Frame, target: Target, { span, into }: Call): Operand {
  const { callee, receiver, args } = target;
  const results = resultPlaces(frame, into);
  const dests = callee.kind === 'delegate' && into === null ? [] : results;
  // Making an exception is taken not to fail; what matters is that it is raised next.
  const isException = callee.kind === 'construct' && frame.habits.errorTypes?.test(callee.type) === true;
  const throws = isException ? 'never' : frame.tier;
  frame.builder.emit({ op: 'call', dests, callee, receiver, args, throws, span, isImplicit: false });
  return placeValue(results[0]);
}

function plainTarget(frame: Frame, base: Base, { span, args }: Call): Target {
  if (base.kind === 'super') return { callee: { kind: 'function', name: 'super', scope: null }, receiver: null, args };
  if (base.kind === 'value') {
    return { callee: { kind: 'value', place: frame.builder.hold(base.value, span) }, receiver: null, args };
  }
  const { text } = base.named;
  const isClass = base.named.kind === 'scope' && base.named.sort === 'class';
  const isHabit = base.named.kind !== 'function' && isTypeName(lastName(text));
  const callee: Callee = isClass || isHabit ? { kind: 'construct', type: text } : scopedFunction(text);
  return { callee, receiver: null, args };
}

function memberTarget(frame: Frame, base: Base, name: string, call: Call): Target {
  const { args } = call;
  if (base.kind === 'super') return superTarget(frame, name, args);
  if (base.kind === 'value') return methodTarget(frame, base.value, name, call);
  const { named } = base;
  if (named.kind === 'function' || (named.kind === 'free' && !isFreeScope(named.text))) {
    return methodTarget(frame, namedValue(frame, named), name, call);
  }
  const onSelf = explicitSelf(frame, named.text, args);
  if (onSelf !== null) return superTarget(frame, name, onSelf, named.text);
  const text = `${named.text}.${name}`;
  return { callee: isTypeName(name) ? { kind: 'construct', type: text } : scopedFunction(text), receiver: null, args };
}

function methodTarget(frame: Frame, on: Operand, name: string, { span, args }: Call): Target {
  return { callee: { kind: 'method', name, isSuper: false }, receiver: frame.builder.hold(on, span), args };
}

/** `Base.__init__(self, path)` and `Base.close(self)`, without `self`; null for any other call. */
function explicitSelf(frame: Frame, type: string, args: readonly Argument[]): readonly Argument[] | null {
  const { owner } = frame.output.unit;
  const [first, ...others] = args;
  if (owner === null || first?.value.kind !== 'place' || first.value.place !== frame.thisPlace()) return null;
  return owner.supertypes.some((supertype) => supertype.replace(/<.*$/, '') === type) ? others : null;
}

/** `type`: which superclass, where it is named. */
function superTarget(frame: Frame, name: string, args: readonly Argument[], type?: string): Target {
  const receiver = frame.thisPlace();
  const named = type === undefined ? {} : { of: type };
  // A class method has no object to call it on.
  if (receiver === null) return { callee: { kind: 'function', name, scope: 'super' }, receiver, args };
  if (name === '__init__') return { callee: { kind: 'delegate', to: 'super', ...named }, receiver, args };
  return { callee: { kind: 'method', name, isSuper: true, ...named }, receiver, args };
}

function scopedFunction(text: string): Callee {
  const dot = text.lastIndexOf('.');
  return { kind: 'function', name: text.slice(dot + 1), scope: dot < 0 ? null : text.slice(0, dot) };
}
