/**
 * Conversions. What is made of numbers and text is fresh, but for `uintptr(fd)`, which may be the number of something
 * open; otherwise the value stays what it is, under another type. `f[int](x)` has the form of one: it is a call unless `f` is known to be a type.
 */
import type { Operand } from '../../../ir/ir.ts';
import { placeValue, positional, unknownValue } from '../../lowering/values.ts';
import { childInField, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { namedType, typeName, typeText } from '../type-text.ts';
import { emitCall, functionTarget, lowerArguments } from './calls.ts';
import type { PreparedCall } from './calls.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { builtinTypes, lookUp } from './names.ts';
import { deliver, freshOf } from './values.ts';
import type { Into } from './values.ts';

export function lowerConversion(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const [type, operand] = [childInField(node, 'type'), childInField(node, 'operand')];
  const call = genericCall(frame, node);
  if (call !== null) return emitCall(frame, call, into);
  return convert(frame, { type: type === null ? 'any' : typeText(frame.text, type), operand, node }, into);
}

/** `f[int](x)` or `pkg.F[int](x)`, prepared; null for a conversion. */
export function genericCall(frame: Frame, node: SyntaxNode): PreparedCall | null {
  const type = childInField(node, 'type');
  const written = type?.type === 'generic_type' ? typeName(frame.text, type) : null;
  if (type === null || written === null) return null;
  const dot = written.lastIndexOf('.');
  const name = written.slice(dot + 1);
  if (dot < 0 && frame.names.types.has(name)) return null;
  const operand = childInField(node, 'operand');
  const args = operand === null ? lowerArguments(frame, null) : [positional(lowerExpression(frame, operand, null))];
  return { ...functionTarget(name, dot < 0 ? null : scopeOf(frame, type)), args, span: spanOf(node) };
}

function scopeOf(frame: Frame, type: SyntaxNode): string {
  const qualified = namedType(type);
  const scope = qualified === null ? null : childInField(qualified, 'package');
  const name = scope === null ? '' : frame.textOf(scope);
  const found = lookUp(frame, name);
  return found.kind === 'package' ? found.name : name;
}

interface Conversion {
  readonly type: string;
  /** `(*byte)(p)` points where `p` does. */
  readonly isPointer?: boolean;
  readonly operand: SyntaxNode | null;
  readonly node: SyntaxNode;
}

export function convert(frame: Frame, { type, isPointer = false, operand, node }: Conversion, into: Into): Operand {
  const value = operand === null ? unknownValue : lowerExpression(frame, operand, null);
  const element = type.replace(/(?:\[\])+$/, '');
  const isPlain = !isPointer && builtinTypes.has(element) && element !== 'any' && element !== 'error';
  if (isPlain && !isNumberOfVariable(type, operand)) return deliver(frame, freshOf(type), into);
  if (value.kind !== 'place') return deliver(frame, value, into);
  const temp = frame.builder.places.temp(type);
  frame.builder.assign(temp, value, spanOf(node));
  return deliver(frame, placeValue(temp), into);
}

/** The same number under another type, as what the system gives is asked for: `os.NewFile(uintptr(fd), name)`. */
function isNumberOfVariable(type: string, operand: SyntaxNode | null): boolean {
  const written = operand === null ? null : withoutParentheses(operand);
  return (type === 'uintptr' || type === 'int') && /^(?:identifier|selector_expression)$/.test(written?.type ?? '');
}
