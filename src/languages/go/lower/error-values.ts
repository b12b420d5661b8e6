/**
 * Expressions of which the habits of the language say whether they are nil: an error that was just made is not, one
 * that wraps another is if that one is.
 *
 *     return nil, fmt.Errorf("open: %w", err)      err = errors.Wrap(err, "open")      return ErrClosed
 */
import type { Operand, PlaceId, Span } from '../../../ir/ir.ts';
import { placeValue } from '../../lowering/values.ts';
import { childInField, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { functionOfPackage, lookUp, plainPlace } from './names.ts';
import { parts } from './nodes.ts';
import { assign } from './values.ts';

/** After the assignment of `node` to `target`: what is known of it beside its value. */
export function noteError(frame: Frame, target: PlaceId, written: SyntaxNode, span: Span): void {
  const node = withoutParentheses(written);
  if (isMade(frame, node)) return assign(frame, target, { kind: 'fresh', type: 'error' }, span);
  const inner = isCallOf(frame, node, frame.habits.errorWrappers) ? wrappedPlace(frame, node) : null;
  if (inner !== null && inner !== target) assign(frame, target, placeValue(inner), span);
}

/** The value of an expression that is returned, with what is known of it. */
export function returnedError(frame: Frame, value: Operand, written: SyntaxNode): Operand {
  const node = withoutParentheses(written);
  if (isMade(frame, node)) return { kind: 'fresh', type: 'error' };
  const inner = isCallOf(frame, node, frame.habits.errorWrappers) ? wrappedPlace(frame, node) : null;
  return inner === null ? value : placeValue(inner);
}

function isMade(frame: Frame, node: SyntaxNode): boolean {
  if (node.type === 'call_expression') return isCallOf(frame, node, frame.habits.errorMakers);
  // `ErrClosed`, `io.ErrUnexpectedEOF`: made when the program starts.
  if (node.type === 'selector_expression') {
    const [operand, field] = [childInField(node, 'operand'), childInField(node, 'field')];
    if (operand?.type !== 'identifier' || field === null) return false;
    return lookUp(frame, frame.textOf(operand)).kind === 'package' && isSentinel(frame, field);
  }
  return node.type === 'identifier' && isSentinel(frame, node) && frame.variable(frame.textOf(node)) === null;
}

function isSentinel(frame: Frame, name: SyntaxNode): boolean {
  return frame.habits.errorValues?.test(frame.textOf(name)) === true;
}

function isCallOf(frame: Frame, node: SyntaxNode, known: RegExp | null): boolean {
  const callee = node.type === 'call_expression' ? functionOfPackage(frame, node) : null;
  return callee !== null && known?.test(callee) === true;
}

function wrappedPlace(frame: Frame, call: SyntaxNode): PlaceId | null {
  const list = childInField(call, 'arguments');
  const [first] = list === null ? [] : parts(list);
  return first === undefined ? null : plainPlace(frame, first);
}
