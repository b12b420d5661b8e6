/** What loops and comprehensions run over: elements are the `[]` of it. */
import type { Operand } from '../../../ir/ir.ts';
import { elementField } from '../../../ir/places.ts';
import { placeValue, unknownValue } from '../../lowering/values.ts';
import { childInField, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { assignOperand } from './assignments.ts';
import { emitImplicitCall } from './calls.ts';
import { isCollection } from './collections.ts';
import { isComprehension } from './comprehensions.ts';
import { lowerExpression } from './expressions.ts';
import { markInline } from './opens.ts';
import { isConstantName, parts } from '../nodes.ts';
import type { Frame } from './frame.ts';

/** Evaluates it once, before the first turn; the value of an element. */
export function lowerIterable(frame: Frame, written: SyntaxNode, isAwaited: boolean): Operand {
  const { builder } = frame;
  const node = withoutParentheses(written);
  const span = spanOf(node);
  markInline(frame, node);
  const value = lowerExpression(frame, node, null);
  if (value.kind !== 'place') return unknownValue;
  if (!isQuiet(frame, node)) {
    const name = isAwaited ? '__aiter__' : '__iter__';
    const dests = [builder.places.temp()];
    emitImplicitCall(frame, { receiver: value.place, name, dests, throws: 'possible', span });
  }
  return placeValue(builder.field(value.place, elementField, span));
}

/** The next element comes to the target; in an `async for` it is waited for. */
export function assignElement(frame: Frame, target: SyntaxNode, element: Operand | null, isAwaited: boolean): void {
  const span = spanOf(target);
  if (!isAwaited) return assignOperand(frame, target, element ?? unknownValue, span);
  const temp = frame.builder.places.temp();
  frame.builder.emit({ op: 'await', dest: temp, source: element ?? unknownValue, throws: frame.tier, span });
  assignOperand(frame, target, placeValue(temp), span);
}

/** There surely is a first one: `("a", "b")`, `range(3)`, `range(ATTEMPTS)`, as nobody gives a name to no attempt. */
export function hasElement(frame: Frame, written: SyntaxNode): boolean {
  const node = withoutParentheses(written);
  if (isCollection(node)) return parts(node).some((part) => !part.type.includes('splat'));
  const [callee, list] = node.type === 'call' ? [childInField(node, 'function'), childInField(node, 'arguments')] : [];
  if (callee === undefined || callee === null || list === undefined || list === null) return false;
  const [count, ...others] = parts(list);
  if (count === undefined || others.length > 0 || frame.textOf(callee) !== 'range') return false;
  if (count.type === 'identifier') return isConstantName(frame.textOf(count));
  return count.type === 'integer' && Number(frame.textOf(count)) > 0;
}

/** Going through it cannot fail: it has been made here, or by what makes nothing else. */
function isQuiet(frame: Frame, node: SyntaxNode): boolean {
  if (isCollection(node) || isComprehension(node)) return true;
  const callee = node.type === 'call' ? childInField(node, 'function') : null;
  if (callee === null) return false;
  const name = callee.type === 'attribute' ? childInField(callee, 'attribute') : callee;
  return name !== null && frame.habits.quietIterables?.test(frame.textOf(name)) === true;
}
