/**
 * The standard idioms for asking what an error is. All are false for nil, so when one is true the error
 * is there; that is told as a type test, which says nothing when it is false.
 *
 *     if errors.Is(err, fs.ErrNotExist) { … }      call, then: err is a fs.ErrNotExist
 */
import type { Condition } from '../../../ir/ir.ts';
import { childInField } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { lookUp, plainPlace } from './names.ts';
import { parts } from './nodes.ts';

const questions: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['errors', new Set(['Is', 'As'])],
  ['xerrors', new Set(['Is', 'As'])],
  ['os', new Set(['IsExist', 'IsNotExist', 'IsPermission', 'IsTimeout'])],
]);

/** What it means that the call gives true; null if it is no such call. Emits nothing. */
export function errorTest(frame: Frame, call: SyntaxNode): Condition | null {
  const called = childInField(call, 'function');
  if (called?.type !== 'selector_expression') return null;
  const [operand, field] = [childInField(called, 'operand'), childInField(called, 'field')];
  if (operand?.type !== 'identifier' || field === null) return null;
  const scope = lookUp(frame, frame.textOf(operand));
  if (scope.kind !== 'package') return null;
  const name = frame.textOf(field);
  if (questions.get(scope.name)?.has(name) !== true) return null;
  const list = childInField(call, 'arguments');
  const [subject, wanted] = list === null ? [] : parts(list);
  const place = subject === undefined ? null : plainPlace(frame, subject);
  if (place === null) return null;
  const type = name === 'Is' && wanted !== undefined ? frame.textOf(wanted) : 'error';
  return { test: 'type', place, type, negated: false };
}
