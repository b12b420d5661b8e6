/**
 * What an expression of numbers and constants comes to: `5 * SECOND`, `-1`, `Limits.idle`, and `given ?? 2000` where nobody
 * says otherwise. Nothing is said of anything else that is not the same number each time.
 */
import { childOf, textIn, valueIn, withoutAssertions } from './nodes.ts';
import type { Node } from './nodes.ts';
import { dottedText } from './type-text.ts';

type ValueOf = (name: string) => number | null;

/** Nobody writes longer ones. */
const mostSteps = 8;

/** `valueOf`: what a name or dotted name is known to be; null: not known. */
export function numberOf(written: Node, valueOf: ValueOf, steps = mostSteps): number | null {
  if (steps === 0) return null;
  const node = withoutAssertions(written);
  switch (node.type) {
    case 'Literal': {
      const value = valueIn(node, 'value');
      return typeof value === 'number' ? value : null;
    }
    case 'Identifier':
    case 'MemberExpression': {
      const name = dottedText(node);
      return name === null ? null : valueOf(name);
    }
    case 'UnaryExpression': {
      const operand = partOf(node, 'argument', valueOf, steps);
      return operand !== null && textIn(node, 'operator') === '-' ? -operand : null;
    }
    case 'BinaryExpression': {
      const left = partOf(node, 'left', valueOf, steps);
      const right = left === null ? null : partOf(node, 'right', valueOf, steps);
      return left === null || right === null ? null : resultOf(textIn(node, 'operator'), left, right);
    }
    case 'LogicalExpression':
      return textIn(node, 'operator') === '&&' ? null : partOf(node, 'right', valueOf, steps);
    default:
      return null;
  }
}

function partOf(node: Node, field: string, valueOf: ValueOf, steps: number): number | null {
  const part = childOf(node, field);
  return part === null ? null : numberOf(part, valueOf, steps - 1);
}

function resultOf(operator: string, left: number, right: number): number | null {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    default:
      return null;
  }
}
