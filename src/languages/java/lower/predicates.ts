/**
 * Pure conditions as predicate places: `n > 0` twice over an unassigned `n` is the same fact.
 * A condition with a call, an assignment or an array element in it is not pure.
 */
import type { Condition, PlaceId } from '../../../ir/ir.ts';
import { isTrue, negate } from '../../lowering/values.ts';
import { childInField, operatorOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { literalOf } from './literals.ts';
import { isConstantName, lookUp, lookUpDotted } from './names.ts';

/** Parts of a condition looked at; a longer one is not worth a fact. */
const maxParts = 40;

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
  const texts = { left: pureText(reading, left), right: pureText(reading, right) };
  if (texts.left === null || texts.right === null || reading.roots.length === 0) return null;
  const isLeftLiteral = literalOf(frame, withoutParentheses(left)) !== null;
  const isRightLiteral = literalOf(frame, withoutParentheses(right)) !== null;
  const swap = isLeftLiteral || (!isRightLiteral && texts.right < texts.left);
  return normalised(reading, operator, texts.left, texts.right, swap);
}

/** `a <= b` is not `a > b`; `0 < n` is `n > 0`; `!=` is not `==`. */
function normalised(reading: Reading, operator: string, left: string, right: string, swap: boolean): Condition {
  const mirrored = swap ? mirror(operator) : null;
  const [first, second] = mirrored === null ? [left, right] : [right, left];
  const wanted = mirrored ?? operator;
  const opposite = opposites.get(wanted);
  const { places } = reading.frame.builder;
  if (opposite === undefined) return isTrue(places.predicate(`${first}${wanted}${second}`, reading.roots));
  return negate(isTrue(places.predicate(`${first}${opposite}${second}`, reading.roots)));
}

const opposites = new Map([
  ['!=', '=='],
  ['<=', '>'],
  ['>=', '<'],
]);

function mirror(operator: string): string | null {
  switch (operator) {
    case '==':
    case '!=':
      return operator;
    case '<':
      return '>';
    case '>':
      return '<';
    case '<=':
      return '>=';
    case '>=':
      return '<=';
    default:
      return null;
  }
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
      return placeText(frame, found.place);
    }
    case 'this':
    case 'field_access': {
      const found = lookUpDotted(frame, node, (root, field) => frame.builder.places.path(root, field));
      if (found?.kind !== 'place') return null;
      reading.roots.push(found.place);
      return placeText(frame, found.place);
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

function placeText(frame: Frame, id: PlaceId): string {
  const place = frame.builder.places.get(id);
  switch (place.kind) {
    case 'local':
    case 'global':
      return place.name ?? '?';
    case 'path':
      return [placeText(frame, place.root), ...place.fields].join('.');
    case 'predicate':
      return place.text;
  }
}
