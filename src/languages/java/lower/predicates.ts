/**
 * Pure conditions as predicate places: `n > 0` twice over an unassigned `n` is the same fact.
 * A condition with a call, an assignment or an array element in it is not pure.
 */
import type { Condition, PlaceId } from '../../../ir/ir.ts';
import { comparison, maxParts, placeText } from '../../lowering/predicates.ts';
import type { Side } from '../../lowering/predicates.ts';
import { childInField, operatorOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { literalOf } from './literals.ts';
import { isConstantName, lookUp, lookUpDotted } from './names.ts';

interface Reading {
  readonly frame: Frame;
  readonly roots: PlaceId[];
  parts: number;
}

/** null if the expression is not pure. Emits nothing. */
export function predicateOf(frame: Frame, node: SyntaxNode): Condition | null {
  const reading: Reading = { frame, roots: [], parts: 0 };
  const operator = operatorOf(node);
  const left = childInField(node, 'left');
  const right = childInField(node, 'right');
  if (node.type !== 'binary_expression' || left === null || right === null) return null;
  const [first, second] = [pureSide(reading, left), pureSide(reading, right)];
  if (first === null || second === null || reading.roots.length === 0) return null;
  return comparison(frame.builder.places, reading.roots, [first, operator, second]);
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
    case 'identifier': {
      const name = frame.textOf(node);
      const found = lookUp(frame, name);
      if (found.kind !== 'place') return null;
      // Constants do not change: they need not be roots.
      if (!isConstantName(name) || frame.variable(name) !== null) reading.roots.push(found.place);
      return placeText(frame.builder.places, found.place);
    }
    case 'this':
    case 'field_access': {
      const found = lookUpDotted(frame, node, (root, field) => frame.builder.places.path(root, field));
      if (found?.kind !== 'place') return null;
      reading.roots.push(found.place);
      return placeText(frame.builder.places, found.place);
    }
    case 'unary_expression': {
      const operand = childInField(node, 'operand');
      const inner = operand === null ? null : pureText(reading, operand);
      return inner === null ? null : `${operatorOf(node)}${inner}`;
    }
    case 'binary_expression':
      return pureBinary(reading, node);
    default:
      return literalOf(frame, node) === null ? null : frame.textOf(node);
  }
}

function pureBinary(reading: Reading, node: SyntaxNode): string | null {
  const left = childInField(node, 'left');
  const right = childInField(node, 'right');
  if (left === null || right === null) return null;
  const first = pureText(reading, left);
  const second = first === null ? null : pureText(reading, right);
  return first === null || second === null ? null : `(${first}${operatorOf(node)}${second})`;
}
