/** Calls: who is called, on what, with what. `go` and `defer` prepare a call here and make it later. */
import type { Argument, Callee, Operand, PlaceId, Span } from '../../../ir/ir.ts';
import { placeValue, positional, unknownValue } from '../../lowering/values.ts';
import { childInField, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { calledNode } from './chains.ts';
import type { Base } from './chains.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { globalPlace, lookUp } from './names.ts';
import { parts } from './nodes.ts';
import { resultPlaces } from './values.ts';
import type { Into } from './values.ts';

/** A call whose operands have been evaluated. */
export interface PreparedCall {
  readonly callee: Callee;
  readonly receiver: PlaceId | null;
  readonly args: readonly Argument[];
  readonly span: Span;
  readonly isDeferred?: true;
}

/** `on`: what the chain before the call gave; null if the call is on a bare name. */
export function prepareCall(frame: Frame, node: SyntaxNode, on: Base | null): PreparedCall {
  const span = spanOf(node);
  const called = calledNode(frame, node);
  const target = calledOn(frame, called, on, span);
  return { ...target, args: lowerArguments(frame, childInField(node, 'arguments')), span };
}

export function emitCall(frame: Frame, call: PreparedCall, into: Into): Operand {
  const dests = resultPlaces(frame, into);
  frame.builder.emit({ op: 'call', dests, ...call, throws: 'never', isImplicit: false });
  const [first] = dests;
  return first === undefined ? unknownValue : placeValue(first);
}

/** A call of a value that is at hand. */
export function valueCall(place: PlaceId, args: readonly Argument[], span: Span): PreparedCall {
  return { callee: { kind: 'value', place }, receiver: null, args, span };
}

export function lowerArguments(frame: Frame, list: SyntaxNode | null): Argument[] {
  if (list === null) return [];
  return parts(list).map((argument) => {
    if (argument.type !== 'variadic_argument') return positional(lowerExpression(frame, argument, null));
    const [spread] = parts(argument);
    const value = spread === undefined ? unknownValue : lowerExpression(frame, spread, null);
    return { value, name: null, isSpread: true };
  });
}

type Target = Pick<PreparedCall, 'callee' | 'receiver'>;

function calledOn(frame: Frame, called: SyntaxNode | null, on: Base | null, span: Span): Target {
  if (called?.type === 'selector_expression' && on !== null) {
    const field = childInField(called, 'field');
    return memberTarget(frame, field === null ? '' : frame.textOf(field), on, span);
  }
  if (on === null) return called === null ? valueTarget(frame, unknownValue, span) : nameTarget(frame, called);
  if (on.kind === 'function' || on.kind === 'elsewhere' || on.kind === 'type') return functionTarget(on.name, null);
  return valueTarget(frame, on.kind === 'value' ? on.value : unknownValue, span);
}

function memberTarget(frame: Frame, name: string, on: Base, span: Span): Target {
  if (on.kind === 'package' || on.kind === 'type') return functionTarget(name, on.name);
  let value: Operand = unknownValue;
  if (on.kind === 'value') value = on.value;
  else if (on.kind === 'elsewhere') value = placeValue(globalPlace(frame, on.name));
  if (isFunctionInField(frame, value, name))
    return valueTarget(frame, placeValue(frame.builder.field(value.place, name, span)), span);
  return { callee: { kind: 'method', name, isSuper: false }, receiver: frame.builder.hold(value, span) };
}

/**
 * `s.cancel()`, where `s.cancel` was written before, or of a struct of this file: a field that holds a function, as the file
 * has no method of that name.
 */
function isFunctionInField(frame: Frame, value: Operand, name: string): value is Extract<Operand, { kind: 'place' }> {
  const { names, builder } = frame;
  if (value.kind !== 'place' || names.methods.has(name)) return false;
  if (frame.isFieldWritten(value.place, name)) return true;
  if (!names.fields.has(name)) return false;
  const place = builder.places.get(value.place);
  return place.kind === 'local' && names.types.get(place.typeHint ?? '') === 'struct';
}

function nameTarget(frame: Frame, called: SyntaxNode): Target {
  const name = frame.textOf(called);
  const found = lookUp(frame, name);
  return found.kind === 'place'
    ? valueTarget(frame, placeValue(found.place), spanOf(called))
    : functionTarget(name, null);
}

export function functionTarget(name: string, scope: string | null): Target {
  return { callee: { kind: 'function', name, scope }, receiver: null };
}

function valueTarget(frame: Frame, value: Operand, span: Span): Target {
  return { callee: { kind: 'value', place: frame.builder.hold(value, span) }, receiver: null };
}
