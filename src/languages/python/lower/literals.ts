/** Literals, and the constants that serve as such in comparisons and patterns. */
import type { Literal } from '../../../ir/ir.ts';
import { negativeNumber } from '../../lowering/negations.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childInField, operatorOf, withoutParentheses } from '../../tree-sitter.ts';
import { dottedText, isConstantName, isTypeName, lastName } from '../nodes.ts';
import type { Frame } from './frame.ts';

/** null for anything but a plain literal; a string with interpolations is none. */
export function literalOf(frame: Frame, node: SyntaxNode): Literal | null {
  switch (node.type) {
    case 'none':
      return { kind: 'null' };
    case 'true':
    case 'false':
      return { kind: 'boolean', value: node.type === 'true' };
    case 'integer':
    case 'float':
      return { kind: 'number', text: frame.textOf(node) };
    case 'string':
    case 'concatenated_string':
      return stringLiteral(frame, node);
    case 'unary_operator':
      return unaryLiteral(frame, node);
    default:
      return null;
  }
}

/** A literal, or a constant as the string of its name: `State.OPEN` and `OPEN` are the same, and `Family.inet6` is one of its class. */
export function constantOf(frame: Frame, written: SyntaxNode): Literal | null {
  const node = withoutParentheses(written);
  const literal = literalOf(frame, node);
  if (literal !== null) return literal;
  const dotted = dottedText(frame.text, node);
  if (dotted === null || !(isConstantName(lastName(dotted)) || isOfType(dotted))) return null;
  const named = frame.lookUp(dotted.split('.')[0] ?? dotted);
  const isVariable = named.kind === 'place' && frame.builder.places.get(named.place).kind !== 'global';
  return isVariable ? null : { kind: 'string', text: lastName(dotted) };
}

/** `Family.inet6`, `net.Family.inet6` */
function isOfType(dotted: string): boolean {
  const owner = dotted.split('.').at(-2);
  return owner !== undefined && isTypeName(owner);
}

/** Is the literal true where it is tested? */
export function literalTruth(literal: Literal): boolean {
  switch (literal.kind) {
    case 'null':
      return false;
    case 'boolean':
      return literal.value;
    case 'number':
      return !/^-?0*[.]?0*(?:[eE].*)?$/.test(literal.text) && !/^0[xXoObB][0_]+$/.test(literal.text);
    case 'string':
      return literal.text !== '';
  }
}

/** The quotes may be three, and have letters before them: `rb'''…'''`. */
function stringLiteral(frame: Frame, node: SyntaxNode): Literal | null {
  const strings = node.type === 'string' ? [node] : node.children;
  let text = '';
  for (const part of strings) {
    const [open, close] = [part.children[0], part.children.at(-1)];
    if (open?.type !== 'string_start' || close?.type !== 'string_end') return null;
    // A backquote is Python 2's `repr`.
    if (frame.textOf(open) === '`' || part.children.some((child) => child.type === 'interpolation')) return null;
    text += frame.text.slice(open.end, close.start);
  }
  return { kind: 'string', text };
}

function unaryLiteral(frame: Frame, node: SyntaxNode): Literal | null {
  const operand = childInField(node, 'argument');
  if (operand === null || operatorOf(node) !== '-' || operand.type === 'unary_operator') return null;
  return negativeNumber(literalOf(frame, operand));
}
