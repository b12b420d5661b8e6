/** What looks like a call and is none: the built-in functions, and conversions. */
import type { Operand } from '../../../ir/ir.ts';
import { freshValue, nullValue, positional } from '../../lowering/values.ts';
import { childInField, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { isType, typeText } from '../type-text.ts';
import { panicLabel } from './bodies.ts';
import { emitCall, lowerArguments } from './calls.ts';
import type { PreparedCall } from './calls.ts';
import { calledNode } from './chains.ts';
import type { Base } from './chains.ts';
import { convert } from './conversions.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { builtinTypes, lookUp } from './names.ts';
import { parts, pointed } from './nodes.ts';
import { deliver, freshOf } from './values.ts';
import type { Into } from './values.ts';

/** null: an ordinary call. */
export function lowerSpecialCall(frame: Frame, node: SyntaxNode, on: Base | null, into: Into): Operand | null {
  const called = calledNode(frame, node);
  if (called === null || on !== null) return null;
  const list = childInField(node, 'arguments');
  const args = list === null ? [] : parts(list);
  const name = frame.textOf(pointed(called));
  const found = lookUp(frame, name);
  // `(*T)(x)` is a conversion whoever declares `T`.
  if (found.kind === 'type' || called.type !== 'identifier') {
    const isPointer = pointed(called) !== withoutParentheses(called);
    return convert(frame, { type: name, isPointer, operand: args[0] ?? null, node }, into);
  }
  return found.kind === 'elsewhere' ? lowerBuiltin(frame, { name, args, node }, into) : null;
}

interface BuiltinCall {
  readonly name: string;
  readonly args: readonly SyntaxNode[];
  readonly node: SyntaxNode;
}

function lowerBuiltin(frame: Frame, { name, args, node }: BuiltinCall, into: Into): Operand | null {
  switch (name) {
    case 'cap':
    case 'complex':
    case 'imag':
    case 'len':
    case 'max':
    case 'min':
    case 'real':
      lowerEffects(frame, args);
      return deliver(frame, freshValue, into);
    case 'make':
      lowerEffects(frame, args.slice(1));
      return deliver(frame, freshOf(writtenType(frame, args[0])), into);
    case 'new':
      return lowerNew(frame, args, node, into);
    case 'append':
      return emitCall(frame, aggregate(frame, node), into);
    case 'recover':
      return frame.isDeferred && !frame.isPanicking ? deliver(frame, nullValue, into) : null;
    case 'panic':
      lowerEffects(frame, args);
      lowerPanic(frame, node);
      return deliver(frame, freshValue, into);
    default:
      return null;
  }
}

/** Deferred calls run; nobody is taken to recover. */
export function lowerPanic(frame: Frame, node: SyntaxNode): void {
  const span = spanOf(node);
  const { isPanicking } = frame;
  frame.isPanicking = true;
  if (!frame.builder.breakTo(panicLabel, span)) frame.builder.halt(span);
  frame.isPanicking = isPanicking;
}

function aggregate(frame: Frame, node: SyntaxNode): PreparedCall {
  const args = lowerArguments(frame, childInField(node, 'arguments'));
  return { callee: { kind: 'aggregate' }, receiver: null, args, span: spanOf(node) };
}

function lowerNew(frame: Frame, args: readonly SyntaxNode[], node: SyntaxNode, into: Into): Operand {
  const [given] = args;
  const value = given === undefined ? null : newValue(frame, given);
  if (value !== null) return deliver(frame, value, into);
  const type = writtenType(frame, args[0]);
  const isObject = type !== null && !builtinTypes.has(type) && /^[\p{L}_][\p{L}\p{N}_.]*(?:<|$)/u.test(type);
  if (!isObject) return deliver(frame, freshOf(type), into);
  const callee = { kind: 'construct', type } as const;
  return emitCall(frame, { callee, receiver: null, args: [], span: spanOf(node) }, into);
}

/** `new(file)` of a variable, `new(len(names))`: what holds a copy of a value stands for it. null: it is a type. */
function newValue(frame: Frame, node: SyntaxNode): Operand | null {
  if (!isType(node) && node.type !== 'identifier') return lowerExpression(frame, node, null);
  const [first = '', ...fields] = frame.textOf(node).split('.');
  const found = lookUp(frame, first);
  if (found.kind !== 'place') return null;
  return fields.length === 0 ? { kind: 'place', place: found.place } : freshValue;
}

function writtenType(frame: Frame, node: SyntaxNode | undefined): string | null {
  if (node === undefined) return null;
  return isType(node) || node.type === 'identifier' ? typeText(frame.text, node) : null;
}

/** `ch <- x` hands `x` over. */
export function lowerHandingOver(frame: Frame, value: Operand, node: SyntaxNode): void {
  const call = { callee: { kind: 'aggregate' } as const, receiver: null, args: [positional(value)] };
  frame.builder.emit({ op: 'call', dests: [], ...call, throws: 'never', span: spanOf(node), isImplicit: false });
}
