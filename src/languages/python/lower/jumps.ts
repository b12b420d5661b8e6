/** `return`, `raise`, `break` and `continue`. */
import type { Operand, TypeHint } from '../../../ir/ir.ts';
import { unknownValue } from '../../lowering/values.ts';
import { childInField, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { dottedText, isTypeName, lastName, parts } from '../nodes.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { lowerOpaque } from './opaque.ts';

/** `return a, b` hands out two values. */
export function lowerReturn(frame: Frame, node: SyntaxNode): void {
  const written = parts(node)[0];
  const value = written === undefined ? null : withoutParentheses(written);
  const elements = value?.type === 'expression_list' || value?.type === 'tuple' ? parts(value) : [];
  const isPlain = elements.length > 0 && !elements.some((element) => element.type.startsWith('list_splat'));
  const nodes = isPlain ? elements : value === null ? [] : [value];
  const values = nodes.map((one) => lowerExpression(frame, one, null));
  frame.builder.returnValues(values, spanOf(node));
}

/** Also the forms of Python 2: `raise Error, "text", traceback`. */
export function lowerRaise(frame: Frame, node: SyntaxNode): void {
  const cause = childInField(node, 'cause');
  const written = parts(node).find((part) => part.field !== 'cause');
  const value = written === undefined ? null : withoutParentheses(written);
  const [raised, ...others] = value?.type === 'expression_list' ? parts(value) : value === null ? [] : [value];
  const operand = raised === undefined ? unknownValue : lowerExpression(frame, raised, null);
  lowerEffects(frame, others);
  if (cause !== null) lowerEffects(frame, [cause]);
  const type = raised === undefined ? null : raisedType(frame, raised);
  // Like an assertion that fails: see `lowerAssert`. The other is all that `sys.exit` does.
  const isEnd = type === 'SystemExit' || (type === 'AssertionError' && frame.tier === 'possible');
  if (isEnd) frame.builder.halt(spanOf(node));
  else frame.builder.throwValue(thrownValue(operand), type, spanOf(node));
}

export function lowerBreak(frame: Frame, node: SyntaxNode): void {
  const { builder } = frame;
  const span = spanOf(node);
  const isLeft = node.type === 'break_statement' ? builder.breakTo(null, span) : builder.continueTo(null, span);
  if (!isLeft) lowerOpaque(frame, node, node.type);
}

function thrownValue(operand: Operand): Operand {
  return operand.kind === 'condition' ? unknownValue : operand;
}

/** `raise Error(…)`, `raise Error`, or `raise e` in the clause that caught it. */
function raisedType(frame: Frame, raised: SyntaxNode): TypeHint | null {
  const callee = raised.type === 'call' ? childInField(raised, 'function') : null;
  const name = dottedText(frame.text, callee ?? raised);
  if (name === null) return null;
  const caught = callee === null ? frame.caught.get(name) : undefined;
  if (caught !== undefined) return caught.length === 1 ? (caught[0] ?? null) : null;
  return isTypeName(lastName(name)) || frame.habits.errorTypes?.test(name) === true ? name : null;
}
