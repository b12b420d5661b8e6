/** `==`, `is`, `in`, `<` and their like, also several in a row: `0 < n < 10`. */
import { equalsTest } from '../../lowering/tests.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childrenInField, withoutParentheses } from '../../tree-sitter.ts';
import { parts } from '../nodes.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { constantOf } from './literals.ts';
import { predicateOf } from './predicates.ts';
import { questionOf } from './questions.ts';
import { negateTest } from './tests.ts';
import type { Test } from './tests.ts';

const equalities = new Map([
  ['==', false],
  ['is', false],
  ['!=', true],
  ['is not', true],
  ['<>', true],
]);

export function lowerComparison(frame: Frame, node: SyntaxNode): Test {
  const operands = parts(node);
  const operators = childrenInField(node, 'operators').map((operator) => operator.type);
  const [left, right] = operands;
  const operator = operators[0];
  if (left !== undefined && right !== undefined && operator !== undefined && operators.length === 1) {
    const test = lowerEquality(frame, left, operator, right);
    if (test !== null) return test;
  }
  const predicate = predicateOf(frame, operands, operators);
  if (predicate !== null) return predicate;
  lowerEffects(frame, operands);
  return 'unknown';
}

/** null where neither side is a constant. */
function lowerEquality(frame: Frame, left: SyntaxNode, operator: string, right: SyntaxNode): Test | null {
  const isNegated = equalities.get(operator);
  if (isNegated === undefined) return null;
  const onRight = constantOf(frame, right);
  const literal = onRight ?? constantOf(frame, left);
  const other = withoutParentheses(onRight === null ? right : left);
  // `flags & 1 == 0` has no place to compare, nor has `options["log"] == "-"` that is asked again: they may be pure conditions.
  if (literal === null || other.type === 'binary_operator' || questionOf(frame, other) !== null) return null;
  const test = equalsTest(lowerExpression(frame, other, null), literal);
  return isNegated ? negateTest(test) : test;
}
