/**
 * Functions of test libraries that ask something of an argument, and say what came of it or end the test. They read as the
 * test they make:
 *
 *     if assert.NoError(t, err) { … }            if err == nil { … }
 *     require.False(t, rows.Next())              if rows.Next() { end of the test }
 */
import type { BlockId } from '../../../ir/ir.ts';
import { isNull, negate } from '../../lowering/values.ts';
import { childInField, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { lowerCondition } from './conditions.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { lookUp, plainPlace } from './names.ts';
import { parts } from './nodes.ts';

/** As a condition; false: it is no assertion. */
export function lowerAssertion(frame: Frame, call: SyntaxNode, thenTo: BlockId, elseTo: BlockId): boolean {
  const { assertions } = frame.habits;
  const subject = assertions === null ? null : subjectOf(frame, call);
  if (assertions === null || subject === null) return false;
  const name = calledBy(frame, call);
  const { true: isTrue, false: isFalse } = assertions;
  if (isTrue.test(name)) lowerCondition(frame, subject, thenTo, elseTo);
  else if (isFalse.test(name)) lowerCondition(frame, subject, elseTo, thenTo);
  else return lowerNullAssertion(frame, call, subject, thenTo, elseTo);
  return true;
}

/** As a statement: where it does not hold the test may end. */
export function lowerAssertionStatement(frame: Frame, call: SyntaxNode): boolean {
  if (frame.habits.assertions?.ending.test(calledBy(frame, call)) !== true) return false;
  const { builder } = frame;
  const span = spanOf(call);
  const [holds, fails] = [builder.block(), builder.block()];
  if (!lowerAssertion(frame, call, holds, fails)) return false;
  builder.start(fails);
  builder.halt(span);
  builder.start(holds);
  return true;
}

function lowerNullAssertion(
  frame: Frame,
  call: SyntaxNode,
  subject: SyntaxNode,
  thenTo: BlockId,
  elseTo: BlockId,
): boolean {
  const name = calledBy(frame, call);
  const wantsNull = frame.habits.assertions?.null.test(name) === true;
  const place = plainPlace(frame, subject);
  if (place === null || (!wantsNull && frame.habits.assertions?.set.test(name) !== true)) return false;
  lowerExpression(frame, call, null);
  frame.builder.branch(wantsNull ? isNull(place) : negate(isNull(place)), thenTo, elseTo, spanOf(call));
  return true;
}

/** `require.NoError`, `s.Require().NoError` */
function calledBy(frame: Frame, call: SyntaxNode): string {
  const called = childInField(call, 'function');
  return called === null ? '' : frame.textOf(called);
}

/** A function of a package is given the test first, a method of an assertion has it. */
function subjectOf(frame: Frame, call: SyntaxNode): SyntaxNode | null {
  const list = childInField(call, 'arguments');
  const called = childInField(call, 'function');
  const operand = called?.type === 'selector_expression' ? childInField(called, 'operand') : null;
  if (list === null || operand === null) return null;
  const isOfPackage = operand.type === 'identifier' && lookUp(frame, frame.textOf(operand)).kind === 'package';
  return parts(list)[isOfPackage ? 1 : 0] ?? null;
}
