/** Negations around a condition and in front of a number. */
import type { Literal } from '../../ir/ir.ts';

/** `operandOf`: what a negation negates, without parentheses; null of any other node. */
export function withoutNegations<Node>(
  written: Node,
  operandOf: (node: Node) => Node | null,
): { readonly node: Node; readonly isNegated: boolean } {
  let node = written;
  let isNegated = false;
  for (let operand = operandOf(node); operand !== null; operand = operandOf(node)) {
    node = operand;
    isNegated = !isNegated;
  }
  return { node, isNegated };
}

/** `-1`; null: what stands behind the sign is no number that is written out. */
export function negativeNumber(operand: Literal | null): Literal | null {
  return operand?.kind === 'number' ? { kind: 'number', text: `-${operand.text}` } : null;
}
