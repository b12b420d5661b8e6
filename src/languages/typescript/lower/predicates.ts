/**
 * Pure conditions as predicate places: `n > 0` twice over an unassigned `n` is the same fact.
 * A condition with a call, an assignment or an array element in it is not pure.
 */
import type { Condition, PlaceId } from '../../../ir/ir.ts';
import { comparison, maxParts, placeText, spaced } from '../../lowering/predicates.ts';
import type { Side } from '../../lowering/predicates.ts';
import { isTrue } from '../../lowering/values.ts';
import { childOf, textIn, withoutAssertions } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import type { Frame } from './frame.ts';
import { literalOf } from './literals.ts';
import { isConstantName, isDotted, lookUpDotted, placeOf } from './names.ts';

interface Reading {
  readonly frame: Frame;
  readonly roots: PlaceId[];
  parts: number;
}

/** null if the expression is not pure. Emits nothing. */
export function predicateOf(frame: Frame, node: Node): Condition | null {
  const reading: Reading = { frame, roots: [], parts: 0 };
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (node.type !== 'BinaryExpression' || left === null || right === null) return null;
  const first = pureSide(reading, left);
  const second = first === null ? null : pureSide(reading, right);
  if (first === null || second === null || reading.roots.length === 0) return null;
  // `===` is `==`.
  const operator = textIn(node, 'operator').replace('===', '==').replace('!==', '!=');
  return comparison(frame.builder.places, reading.roots, [first, operator, second]);
}

/** `if (n)` for a number or text: a fact of its own. */
export function truthOf(frame: Frame, place: PlaceId): Condition {
  return isTrue(frame.builder.places.predicate(`!!${placeText(frame.builder.places, place)}`, [place]));
}

function pureSide(reading: Reading, node: Node): Side | null {
  const text = pureText(reading, node);
  return text === null ? null : { text, isLiteral: literalOf(reading.frame, withoutAssertions(node)) !== null };
}

function pureText(reading: Reading, written: Node): string | null {
  const node = withoutAssertions(written);
  const { frame } = reading;
  if (++reading.parts > maxParts) return null;
  const literal = literalOf(frame, node);
  if (literal !== null) return literal.kind === 'string' ? `'${literal.text}'` : frame.textOf(node);
  if (isDotted(node)) return pureName(reading, node);
  if (node.type === 'UnaryExpression') {
    const operand = childOf(node, 'argument');
    const inner = operand === null || textIn(node, 'operator') === 'delete' ? null : pureText(reading, operand);
    return inner === null ? null : `${spaced(textIn(node, 'operator')).trimStart()}${inner}`;
  }
  return node.type === 'BinaryExpression' ? pureBinary(reading, node) : null;
}

function pureName(reading: Reading, node: Node): string | null {
  const { frame } = reading;
  const found = lookUpDotted(frame, node, (root, field) => frame.builder.places.path(root, field));
  const place = found === null ? null : placeOf(frame, found);
  if (place === null) return null;
  const known = frame.builder.places.get(place);
  // Constants do not change: they need not be roots.
  if (known.kind !== 'global' || !isConstantName(known.name)) reading.roots.push(place);
  return placeText(frame.builder.places, place);
}

function pureBinary(reading: Reading, node: Node): string | null {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === null || right === null) return null;
  const first = pureText(reading, left);
  const second = first === null ? null : pureText(reading, right);
  return first === null || second === null ? null : `(${first}${spaced(textIn(node, 'operator'))}${second})`;
}
