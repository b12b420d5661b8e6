/**
 * One `defer`: what is evaluated now, and the call made at the end. A deferred literal is no closure: its body
 * becomes part of each way out, where it sees the variables, and what the path knows of them, as they are then.
 *
 *     defer func(n string) { if err != nil { os.Remove(n) } }(f.Name())      n = f.Name() now; the `if` at the end
 */
import type { Argument, Operand, PlaceId, TypeHint } from '../../../ir/ir.ts';
import { booleanValue, placeValue, unknownValue } from '../../lowering/values.ts';
import { childInField, spanOf, walk, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { readVariables } from '../signatures.ts';
import { inlinedDepth, lowerInlinedBody } from './bodies.ts';
import { lowerPanic } from './builtins.ts';
import { emitCall, lowerArguments, prepareCall } from './calls.ts';
import type { PreparedCall } from './calls.ts';
import { lowerCallBase } from './chains.ts';
import { genericCall } from './conversions.ts';
import { lowerExpression } from './expressions.ts';
import { maxDepth } from './frame.ts';
import type { Deferral, Frame } from './frame.ts';
import { lookUp } from './names.ts';
import { deferredLiteral, parts } from './nodes.ts';
import { lowerOpaque } from './opaque.ts';
import { declareResults } from './signature.ts';

/** Evaluates the operands; gives what is to be done at the end. */
export function lowerDeferred(frame: Frame, statement: SyntaxNode, isRepeated: boolean): () => void {
  const literal = deferredLiteral(statement);
  if (frame.depth + inlinedDepth >= maxDepth) {
    lowerOpaque(frame, statement, 'too deep');
    return () => undefined;
  }
  const call = literal === null ? deferredCall(statement) : (parts(statement)[0] ?? null);
  if (call === null) {
    lowerOpaque(frame, statement, statement.type);
    return () => undefined;
  }
  const later = { frame, statement, call, isRepeated };
  return literal === null ? laterCall(later) : laterBody(later, literal);
}

/** A `defer` that has a flag; without one it stands where none can be. */
export function runDeferred(frame: Frame, statement: SyntaxNode, deferral: Deferral | null): void {
  if (deferral === null) return lowerOpaque(frame, statement, statement.type);
  deferral.run = lowerDeferred(frame, statement, deferral.isRepeated);
  frame.builder.assign(deferral.flag, booleanValue(true), spanOf(statement));
}

/** `if flag { call }` */
export function guardedRun(frame: Frame, statement: SyntaxNode, deferral: Deferral): void {
  if (deferral.run === null) return;
  const { builder } = frame;
  const span = spanOf(statement);
  const [reached, after] = [builder.block(), builder.block()];
  // Nobody wrote this test, so no path tells of it.
  builder.branch({ test: 'true', place: deferral.flag, negated: false }, reached, after, { ...span, end: span.start });
  builder.start(reached);
  deferral.run();
  builder.continueIn(after, span);
}

interface Later {
  readonly frame: Frame;
  readonly statement: SyntaxNode;
  readonly call: SyntaxNode;
  readonly isRepeated: boolean;
}

function deferredCall(statement: SyntaxNode): SyntaxNode | null {
  const [written] = parts(statement);
  const call = written === undefined ? null : withoutParentheses(written);
  return call?.type === 'call_expression' || call?.type === 'type_conversion_expression' ? call : null;
}

function laterCall({ frame, statement, call, isRepeated }: Later): () => void {
  if (isPanic(frame, call)) return () => lowerPanic(frame, call);
  const prepared = preparedCall(frame, call);
  const keep = (value: Operand, part: string): Operand =>
    value.kind === 'place' ? placeValue(kept(value.place, part)) : value;
  const kept = (place: PlaceId, part: string): PlaceId => {
    const slot = frame.slot(`${statement.start} ${part}`, null, hintOf(frame, place), isRepeated);
    frame.builder.assign(slot, placeValue(place), spanOf(statement));
    return slot;
  };
  const { callee, receiver } = prepared;
  const later: PreparedCall = {
    ...prepared,
    callee: callee.kind === 'value' ? { kind: 'value', place: kept(callee.place, 'function') } : callee,
    receiver: receiver === null ? null : kept(receiver, 'receiver'),
    args: prepared.args.map((arg, index): Argument => ({ ...arg, value: keep(arg.value, String(index)) })),
  };
  return () => {
    emitCall(frame, { ...later, isDeferred: true }, null);
  };
}

/** The call with its operands evaluated, whatever it looks like. */
function preparedCall(frame: Frame, call: SyntaxNode): PreparedCall {
  const generic = call.type === 'type_conversion_expression' ? genericCall(frame, call) : null;
  return generic ?? prepareCall(frame, call, lowerCallBase(frame, call));
}

function isPanic(frame: Frame, call: SyntaxNode): boolean {
  const called = childInField(call, 'function');
  return (
    called?.type === 'identifier' && frame.textOf(called) === 'panic' && lookUp(frame, 'panic').kind === 'elsewhere'
  );
}

function hintOf(frame: Frame, id: PlaceId): TypeHint | null {
  const place = frame.builder.places.get(id);
  return place.kind === 'local' || place.kind === 'global' ? place.typeHint : null;
}

function laterBody(later: Later, literal: SyntaxNode): () => void {
  const { frame, call, isRepeated } = later;
  const { builder } = frame;
  const body = childInField(literal, 'body');
  const args = lowerArguments(frame, childInField(call, 'arguments'));
  const held: { readonly name: string; readonly place: PlaceId }[] = [];
  for (const [index, param] of readVariables(frame.text, childInField(literal, 'parameters')).entries()) {
    const name = param.name === null ? '_' : frame.textOf(param.name);
    const place = frame.slot(`parameter ${param.node.start}`, name, param.type, isRepeated);
    builder.assign(place, param.isVariadic ? unknownValue : (args[index]?.value ?? unknownValue), spanOf(call));
    held.push({ name, place });
  }
  if (isRepeated) held.unshift(...holdLoopVariables(later, literal));
  if (body === null) return () => undefined;
  return frame.bound(() => {
    frame.scoped(() => {
      for (const { name, place } of held) frame.declare(name, place);
      const results = declareResults(frame, childInField(literal, 'result'));
      lowerInlinedBody(frame, body, results);
    });
  });
}

/**
 * Each round of a loop has its own variables, but one place stands for all of them: what this round's literal
 * will see is put aside. Variables that change later are not, so that the literal sees the change.
 */
function holdLoopVariables({ frame, statement }: Later, literal: SyntaxNode) {
  const variables = frame.loopVariables();
  const held = new Map<string, PlaceId>();
  walk(literal, (node) => {
    const name = node.type === 'identifier' ? frame.textOf(node) : '';
    const place = variables.get(name);
    const changesLater = (frame.body.lastAssignments.get(name) ?? -1) > statement.start;
    if (place === undefined || held.has(name) || changesLater) return 'inside';
    const slot = frame.slot(`${statement.start} ${name}`, name, hintOf(frame, place), true);
    frame.builder.assign(slot, placeValue(place), spanOf(statement));
    held.set(name, slot);
    return 'inside';
  });
  return [...held].map(([name, place]) => ({ name, place }));
}

/** `go f(x)`: a literal is a closure here, as the function around goes on. */
export function lowerGo(frame: Frame, node: SyntaxNode): void {
  const [written] = parts(node);
  const call = written === undefined ? null : withoutParentheses(written);
  if (call === null) return lowerOpaque(frame, node, node.type);
  if (call.type !== 'call_expression' && call.type !== 'type_conversion_expression') {
    lowerExpression(frame, call, null);
    return lowerOpaque(frame, node, node.type);
  }
  const prepared = preparedCall(frame, call);
  const made = { op: 'call', dests: [], ...prepared, throws: 'never', isImplicit: false } as const;
  frame.builder.emit({ op: 'spawn', call: made, span: spanOf(node) });
}
