/**
 * The idioms for asking what an error is. All are false for nil, so when one is true the error is there; that is told
 * as a type test, which says nothing when it is false.
 *
 *     if errors.Is(err, fs.ErrNotExist) { … }      call, then: err is a fs.ErrNotExist
 *     if store.IsNotExist(err) { … }               call, then: err is an error
 */
import type { Condition, PlaceId } from '../../../ir/ir.ts';
import { childInField } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { functionOfPackage, plainPlace } from './names.ts';
import { parts } from './nodes.ts';

/** What it means that the call gives true; null if it is no such call. Emits nothing. */
export function errorTest(frame: Frame, call: SyntaxNode): Condition | null {
  const list = childInField(call, 'arguments');
  const [subject, wanted, ...others] = list === null ? [] : parts(list);
  const place = subject === undefined ? null : plainPlace(frame, subject);
  if (place === null || others.length > 0) return null;
  const called = childInField(call, 'function');
  const field = called?.type === 'selector_expression' ? childInField(called, 'field') : called;
  const name = field == null ? '' : frame.textOf(field);
  const known = functionOfPackage(frame, call);
  const { errorQuestions, errorComparisons } = frame.habits;
  const isKnown = known !== null && errorQuestions?.test(known) === true;
  if (!isKnown && !(wanted === undefined && asksByName(frame, name, place))) return null;
  const isCompared = known !== null && errorComparisons?.test(known) === true;
  const type = isCompared && wanted !== undefined ? frame.textOf(wanted) : 'error';
  return { test: 'type', place, type, negated: false };
}

/** `store.IsNotExist(err)`, `isTimeout(err)` */
function asksByName(frame: Frame, name: string, subject: PlaceId): boolean {
  const place = frame.builder.places.get(subject);
  return place.kind === 'local' && place.typeHint === 'error' && frame.habits.errorTests?.test(name) === true;
}
