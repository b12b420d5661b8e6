/**
 * `mode in ("r", "w")`: one comparison after the other, so that it contradicts `mode == "a"`. Longer lists, and what is not a
 * plain variable, stay one condition.
 */
import type { BlockId, Literal } from '../../../ir/ir.ts';
import { equalsTest } from '../../lowering/tests.ts';
import { childrenInField, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { parts } from '../nodes.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { constantOf } from './literals.ts';
import { branchOn } from './tests.ts';

/** Each literal is a way of its own, and ways are few. */
const maxLiterals = 3;

interface Membership {
  readonly subject: SyntaxNode;
  readonly literals: readonly Literal[];
  readonly negated: boolean;
}

/** null: something else is asked. */
export function membershipOf(frame: Frame, node: SyntaxNode): Membership | null {
  if (node.type !== 'comparison_operator') return null;
  const [operator, ...others] = childrenInField(node, 'operators').map(({ type }) => type);
  const [subject, list] = parts(node);
  if (others.length > 0 || (operator !== 'in' && operator !== 'not in') || list === undefined) return null;
  if (subject?.type !== 'identifier' || !/^(?:tuple|list|set)$/.test(withoutParentheses(list).type)) return null;
  const elements = parts(withoutParentheses(list));
  const literals = elements.flatMap((element) => constantOf(frame, element) ?? []);
  if (literals.length === 0 || literals.length < elements.length || literals.length > maxLiterals) return null;
  return { subject, literals, negated: operator === 'not in' };
}

export function branchOnMembership(frame: Frame, node: SyntaxNode, asked: Membership, to: [BlockId, BlockId]): void {
  const [thenTo, elseTo] = asked.negated ? [to[1], to[0]] : to;
  const value = lowerExpression(frame, asked.subject, null);
  for (const [index, literal] of asked.literals.entries()) {
    const next = index === asked.literals.length - 1 ? elseTo : frame.builder.block();
    branchOn(frame, equalsTest(value, literal), node, thenTo, next);
    if (next !== elseTo) frame.builder.start(next);
  }
}
