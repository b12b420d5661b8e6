/** Literals, and the constants that serve as such in comparisons and switch labels. */
import type { Literal } from '../../../ir/ir.ts';
import { negativeNumber } from '../../lowering/negations.ts';
import { childInField, operatorOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { declaredName, isConstantName, isDotted, isTypeName } from './names.ts';

/** null for anything but a plain literal; a string with interpolations is none. */
export function literalOf(frame: Frame, node: SyntaxNode): Literal | null {
  const text = frame.textOf(node);
  switch (node.type) {
    case 'null_literal':
      return { kind: 'null' };
    case 'true':
    case 'false':
      return { kind: 'boolean', value: node.type === 'true' };
    case 'string_literal':
      if (node.children.some((child) => child.type === 'string_interpolation')) return null;
      return { kind: 'string', text: text.startsWith('"""') ? text.slice(3, -3) : text.slice(1, -1) };
    case 'character_literal':
      return { kind: 'string', text };
    case 'unary_expression':
      return unaryLiteral(frame, node);
    default:
      return node.type.endsWith('_literal') && node.type !== 'class_literal' ? { kind: 'number', text } : null;
  }
}

/** A literal, or a constant as the string of its name: `State.OPEN` and `OPEN` are the same. */
export function constantOf(frame: Frame, written: SyntaxNode): Literal | null {
  const node = withoutParentheses(written);
  const literal = literalOf(frame, node);
  if (literal !== null) return literal;
  if (node.type === 'identifier') {
    const name = frame.textOf(node);
    if (!isConstantName(name) || frame.variable(name) !== null) return null;
    return { kind: 'string', text: name };
  }
  if (node.type !== 'field_access' || !isDotted(node)) return null;
  const object = childInField(node, 'object');
  const field = childInField(node, 'field');
  if (object === null || field === null || !isTypeReference(frame, object)) return null;
  const name = frame.textOf(field);
  return isTypeName(name) ? { kind: 'string', text: name } : null;
}

function isTypeReference(frame: Frame, object: SyntaxNode): boolean {
  const last = object.type === 'field_access' ? childInField(object, 'field') : object;
  if (last?.type !== 'identifier') return false;
  const name = frame.textOf(last);
  return isTypeName(name) && declaredName(frame, name) === null;
}

function unaryLiteral(frame: Frame, node: SyntaxNode): Literal | null {
  const operand = childInField(node, 'operand');
  if (operand === null || operatorOf(node) !== '-' || operand.type === 'unary_expression') return null;
  return negativeNumber(literalOf(frame, operand));
}
