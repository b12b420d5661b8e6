/**
 * `match`: each case is a chain of tests, tried in order. What a pattern finds inside a collection is an element
 * of it, and whether it fits is not known.
 */
import type { BlockId, Operand } from '../../../ir/ir.ts';
import { placeValue } from '../../lowering/values.ts';
import { childInField, childrenInField, childrenOfType, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { closingSpan, parts } from '../nodes.ts';
import { isCollection } from './collections.ts';
import { lowerCondition } from './conditions.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { matchAll, matchPattern } from './patterns.ts';
import { lowerBlock } from './statements.ts';

export function lowerMatch(frame: Frame, node: SyntaxNode): void {
  const { builder } = frame;
  const end = builder.block();
  const subjects = lowerSubjects(frame, node);
  const body = childInField(node, 'body');
  for (const clause of body === null ? [] : childrenOfType(body, 'case_clause')) {
    const [matched, next] = [builder.block(), builder.block()];
    lowerCase(frame, clause, { subjects, matched, next });
    builder.start(matched);
    const consequence = childInField(clause, 'consequence');
    if (consequence !== null) lowerBlock(frame, consequence);
    builder.jump(end, closingSpan(clause));
    builder.start(next);
  }
  builder.continueIn(end, closingSpan(node));
}

/** `match a, b:` compares part by part. */
function lowerSubjects(frame: Frame, node: SyntaxNode): Operand[] {
  const subjects = childrenInField(node, 'subject');
  const [only] = subjects;
  const isTuple = subjects.length === 1 && only !== undefined && isCollection(only) && only.type === 'tuple';
  return (isTuple ? parts(only) : subjects).map((subject) => {
    const value = lowerExpression(frame, subject, null);
    return placeValue(frame.builder.hold(value, spanOf(subject)));
  });
}

interface Case {
  readonly subjects: readonly Operand[];
  readonly matched: BlockId;
  readonly next: BlockId;
}

function lowerCase(frame: Frame, clause: SyntaxNode, { subjects, matched, next }: Case): void {
  const { builder } = frame;
  const patterns = childrenOfType(clause, 'case_pattern');
  const guard = childInField(clause, 'guard');
  const condition = guard === null ? undefined : parts(guard)[0];
  const passed = condition === undefined ? matched : builder.block();
  const ways = { matched: passed, next, span: spanOf(clause) };
  const [pattern] = patterns;
  const [subject] = subjects;
  if (subjects.length === 1 && patterns.length === 1 && pattern !== undefined && subject !== undefined) {
    matchPattern(frame, pattern, subject, ways);
  } else matchAll(frame, patterns, subjects, ways);
  if (condition === undefined) return;
  builder.start(passed);
  lowerCondition(frame, condition, matched, next);
}
