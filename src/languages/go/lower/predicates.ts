/**
 * Pure conditions as predicate places: `n > 0` twice over an unassigned `n` is the same fact. A condition
 * with a call other than `len` and `cap`, a receive or an element of a collection in it is not pure.
 */
import type { Condition, PlaceId } from '../../../ir/ir.ts';
import { comparison, maxParts, placeText } from '../../lowering/predicates.ts';
import type { Side } from '../../lowering/predicates.ts';
import { childInField, operatorOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { constantOf, literalOf, numberOf } from './literals.ts';
import { lookUp, plainPlace } from './names.ts';
import { parts } from './nodes.ts';

interface Reading {
  readonly frame: Frame;
  readonly roots: PlaceId[];
  parts: number;
}

/** null if the expression is not pure. Emits nothing. */
export function predicateOf(frame: Frame, node: SyntaxNode): Condition | null {
  if (node.type !== 'binary_expression') return null;
  const [left, right] = [childInField(node, 'left'), childInField(node, 'right')];
  return left === null || right === null ? null : comparisonOf(frame, operatorOf(node), left, right);
}

export function comparisonOf(frame: Frame, operator: string, left: SyntaxNode, right: SyntaxNode): Condition | null {
  const reading: Reading = { frame, roots: [], parts: 0 };
  const side = (node: SyntaxNode): Side | null =>
    (/[<>]/.test(operator) ? orderedSide(frame, node) : null) ?? pureSide(reading, node);
  const [first, second] = [side(left), side(right)];
  if (first === null || second === null || reading.roots.length === 0) return null;
  return comparison(frame.builder.places, reading.roots, [first, operator, second]);
}

/** What is bigger or smaller is asked of the number itself, whatever its name; what is equal is not, as another file may not know the number. */
function orderedSide(frame: Frame, node: SyntaxNode): Side | null {
  const number = numberOf(frame, node);
  return number === null ? null : { text: number, isLiteral: true };
}

function pureSide(reading: Reading, node: SyntaxNode): Side | null {
  const text = pureText(reading, node);
  return text === null ? null : { text, isLiteral: literalOf(reading.frame, withoutParentheses(node)) !== null };
}

function pureText(reading: Reading, written: SyntaxNode): string | null {
  const node = withoutParentheses(written);
  const { frame } = reading;
  if (++reading.parts > maxParts) return null;
  switch (node.type) {
    case 'identifier':
    case 'selector_expression': {
      const constant = constantOf(frame, node);
      if (constant?.kind === 'string') return constant.text;
      const place = plainPlace(frame, node);
      if (place === null) return null;
      reading.roots.push(place);
      return placeText(frame.builder.places, place);
    }
    case 'unary_expression': {
      const operator = operatorOf(node);
      const operand = childInField(node, 'operand');
      const inner = operand === null || operator === '<-' ? null : pureText(reading, operand);
      return inner === null ? null : `${operator}${inner}`;
    }
    case 'binary_expression':
      return pureBinary(reading, node);
    case 'call_expression':
      return pureCall(reading, node);
    default:
      return literalOf(frame, node) === null ? null : frame.textOf(node);
  }
}

function pureBinary(reading: Reading, node: SyntaxNode): string | null {
  const [left, right] = [childInField(node, 'left'), childInField(node, 'right')];
  if (left === null || right === null) return null;
  const first = pureText(reading, left);
  const second = first === null ? null : pureText(reading, right);
  return first === null || second === null ? null : `(${first}${operatorOf(node)}${second})`;
}

/** `len(x)` changes only with `x`, near enough. */
function pureCall(reading: Reading, node: SyntaxNode): string | null {
  const [called, list] = [childInField(node, 'function'), childInField(node, 'arguments')];
  const name = called?.type === 'identifier' ? reading.frame.textOf(called) : '';
  if ((name !== 'len' && name !== 'cap') || list === null) return null;
  if (lookUp(reading.frame, name).kind !== 'elsewhere') return null;
  const [argument] = parts(list);
  const inner = argument === undefined ? null : pureText(reading, argument);
  return inner === null ? null : `${name}(${inner})`;
}
