/** Literals, and the constants that serve as such in comparisons and switch labels. */
import type { Literal } from '../../../ir/ir.ts';
import { negativeNumber } from '../../lowering/negations.ts';
import { childOf, identifierName, memberName, nodesOf, textIn, valueIn, withoutAssertions } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import type { Frame } from './frame.ts';
import { isConstantName, isDotted, isTypeName, lookUpDotted } from './names.ts';

/** null for anything but a plain literal; `undefined` and `void 0` are one. */
export function literalOf(frame: Frame, node: Node): Literal | null {
  switch (node.type) {
    case 'Literal':
      return plainLiteral(frame, node);
    case 'Identifier':
      return identifierName(node) === 'undefined' && frame.variable('undefined') === null ? { kind: 'null' } : null;
    case 'TemplateLiteral':
      return textLiteral(node);
    case 'UnaryExpression':
      return unaryLiteral(frame, node);
    default:
      return null;
  }
}

/** A literal, or a constant as the string of its name: `State.Open`. */
export function constantOf(frame: Frame, written: Node): Literal | null {
  const node = withoutAssertions(written);
  const literal = literalOf(frame, node);
  if (literal !== null) return literal;
  const name = identifierName(node);
  if (name !== null) {
    return isConstantName(name) && frame.variable(name) === null ? { kind: 'string', text: name } : null;
  }
  if (node.type !== 'MemberExpression' || !isDotted(node)) return null;
  const field = memberName(childOf(node, 'property'), false);
  const object = childOf(node, 'object');
  if (object === null || !isTypeName(field)) return null;
  const owner = lookUpDotted(frame, object, (root, next) => frame.builder.places.path(root, next));
  return owner?.kind === 'scope' ? { kind: 'string', text: field } : null;
}

function plainLiteral(frame: Frame, node: Node): Literal | null {
  const value = valueIn(node, 'value');
  if (typeof value === 'string') return { kind: 'string', text: value };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'number') return { kind: 'number', text: frame.textOf(node) };
  if (typeof value === 'bigint' || textIn(node, 'bigint') !== '') return { kind: 'number', text: frame.textOf(node) };
  // A regular expression has no value where it cannot be compiled.
  return value === null && textIn(node, 'raw') === 'null' ? { kind: 'null' } : null;
}

/** What a text that is put together begins with: of `/orders/${id}`, and of `'/orders/' + id`. Empty: nobody can tell. */
export function textBefore(frame: Frame, written: Node): string {
  let node = withoutAssertions(written);
  while (node.type === 'BinaryExpression' && textIn(node, 'operator') === '+') {
    const left = childOf(node, 'left');
    if (left === null) return '';
    node = left;
  }
  if (node.type === 'TemplateLiteral') return cookedText(nodesOf(node, 'quasis')[0]) ?? '';
  const literal = node === written ? null : literalOf(frame, node);
  return literal?.kind === 'string' ? literal.text : '';
}

function textLiteral(node: Node): Literal | null {
  const [quasi, ...others] = nodesOf(node, 'quasis');
  if (others.length > 0 || nodesOf(node, 'expressions').length > 0) return null;
  const text = cookedText(quasi);
  return text === null ? null : { kind: 'string', text };
}

function cookedText(quasi: Node | undefined): string | null {
  const value = quasi === undefined ? null : valueIn(quasi, 'value');
  const cooked = typeof value === 'object' && value !== null && 'cooked' in value ? value.cooked : null;
  return typeof cooked === 'string' ? cooked : null;
}

function unaryLiteral(frame: Frame, node: Node): Literal | null {
  const operand = childOf(node, 'argument');
  const operator = textIn(node, 'operator');
  if (operand?.type !== 'Literal') return null;
  if (operator === 'void') return { kind: 'null' };
  return operator === '-' ? negativeNumber(plainLiteral(frame, operand)) : null;
}

/** Whether a test of the literal holds: `0`, `0n`, `''`, `null` and `false` do not. */
export function literalTruth(literal: Literal): boolean {
  switch (literal.kind) {
    case 'null':
      return false;
    case 'boolean':
      return literal.value;
    case 'number':
      return !/^-?0[xob]?[0._]*n?$/i.test(literal.text);
    case 'string':
      return literal.text !== '';
  }
}
