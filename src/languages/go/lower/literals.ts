/** Literals, and the constants that serve as such in comparisons and case clauses. */
import type { Literal } from '../../../ir/ir.ts';
import { negativeNumber } from '../../lowering/negations.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childInField, operatorOf, withoutParentheses } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { lookUp } from './names.ts';

/** null for anything but a plain literal, or a constant of this file that is `true` or `false`. */
export function literalOf(frame: Frame, node: SyntaxNode): Literal | null {
  const text = frame.textOf(node);
  switch (node.type) {
    case 'nil':
      return { kind: 'null' };
    case 'true':
    case 'false':
      return { kind: 'boolean', value: node.type === 'true' };
    case 'interpreted_string_literal':
    case 'raw_string_literal':
      return { kind: 'string', text: text.slice(1, -1) };
    case 'rune_literal':
      return { kind: 'string', text };
    case 'int_literal':
    case 'float_literal':
    case 'imaginary_literal':
      return { kind: 'number', text };
    case 'unary_expression':
      return unaryLiteral(frame, node);
    case 'identifier':
      return switchedBy(frame, text);
    default:
      return null;
  }
}

/**
 * A literal, or a constant as the string of its name: `io.EOF`, `stateOpen`. Error variables are taken for
 * constants, which is what they are in all but name; so `err == io.EOF` means that `err` is not nil.
 */
export function constantOf(frame: Frame, written: SyntaxNode): Literal | null {
  const node = withoutParentheses(written);
  const literal = literalOf(frame, node);
  if (literal !== null) return literal;
  if (node.type === 'identifier') return namedConstant(frame, frame.textOf(node));
  if (node.type !== 'selector_expression') return null;
  const operand = childInField(node, 'operand');
  const field = childInField(node, 'field');
  if (operand?.type !== 'identifier' || field === null) return null;
  const base = lookUp(frame, frame.textOf(operand));
  return base.kind === 'package' ? { kind: 'string', text: `${base.name}.${frame.textOf(field)}` } : null;
}

/** The number that is written, or that a constant of this file stands for, as text; null: neither. */
export function numberOf(frame: Frame, written: SyntaxNode): string | null {
  const node = withoutParentheses(written);
  const literal = literalOf(frame, node);
  if (literal !== null) return literal.kind === 'number' ? literal.text : null;
  return node.type === 'identifier' ? constantText(frame, frame.textOf(node)) : null;
}

/** `const lockReads = false` */
function switchedBy(frame: Frame, name: string): Literal | null {
  const text = constantText(frame, name);
  return text === 'true' || text === 'false' ? { kind: 'boolean', value: text === 'true' } : null;
}

function constantText(frame: Frame, name: string): string | null {
  return frame.variable(name) === null ? (frame.names.constants.get(name) ?? null) : null;
}

function namedConstant(frame: Frame, name: string): Literal | null {
  if (name === '' || frame.variable(name) !== null) return null;
  const { constants, variables } = frame.names;
  const isErrorVariable = frame.habits.errorValues?.test(name) === true;
  const isConstant = constants.has(name) || (variables.has(name) ? isErrorVariable : isDeclaredElsewhere(frame, name));
  return isConstant ? { kind: 'string', text: name } : null;
}

function isDeclaredElsewhere(frame: Frame, name: string): boolean {
  return lookUp(frame, name).kind === 'elsewhere';
}

function unaryLiteral(frame: Frame, node: SyntaxNode): Literal | null {
  const operand = childInField(node, 'operand');
  if (operand === null || operatorOf(node) !== '-' || operand.type === 'unary_expression') return null;
  return negativeNumber(literalOf(frame, operand));
}
