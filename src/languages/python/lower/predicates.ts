/**
 * Pure conditions as predicate places: `n > 0` twice over an unassigned `n` is the same fact. A condition with an
 * assignment or a call in it is not pure, unless the call only asks (`questions.ts`).
 */
import type { Condition, PlaceId } from '../../../ir/ir.ts';
import { comparison, maxParts, placeText } from '../../lowering/predicates.ts';
import type { Side } from '../../lowering/predicates.ts';
import { isTrue } from '../../lowering/values.ts';
import { childInField, operatorOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { isConstantName, lastName, parts } from '../nodes.ts';
import type { Frame, Named } from './frame.ts';
import { literalOf } from './literals.ts';
import { isBuiltinType, memberOf } from './names.ts';
import { questionOf } from './questions.ts';

interface Reading {
  readonly frame: Frame;
  readonly roots: PlaceId[];
  /** What does not change; a condition of nothing else has it for a root. */
  readonly constants: string[];
  parts: number;
}

/** null if the comparison is not pure. Emits nothing. */
export function predicateOf(
  frame: Frame,
  operands: readonly SyntaxNode[],
  operators: readonly string[],
): Condition | null {
  if (operands.length !== operators.length + 1 || operands.length > maxParts) return null;
  const reading: Reading = { frame, roots: [], constants: [], parts: 0 };
  const sides: Side[] = [];
  for (const [index, operand] of operands.entries()) {
    const isMembership = index > 0 && /^(?:not )?in$/.test(operators[index - 1] ?? '');
    const text = isMembership ? memberListText(reading, operand) : pureText(reading, operand);
    if (text === null) return null;
    sides.push({ text, isLiteral: isWrittenOut(frame, withoutParentheses(operand)) });
  }
  const { places } = frame.builder;
  const [constant] = reading.constants;
  if (reading.roots.length === 0 && constant !== undefined) reading.roots.push(places.global(constant));
  if (reading.roots.length === 0) return null;
  const [left, right] = sides;
  const [operator] = operators;
  if (operators.length === 1 && left !== undefined && right !== undefined && operator !== undefined) {
    return comparison(places, reading.roots, [left, operator, right]);
  }
  const text = sides.map((one, index) => one.text + (operators[index] ?? '')).join('');
  return isTrue(places.predicate(text, reading.roots));
}

/** `hasattr(out, "write")` and its like, as conditions of their own; null for anything else. Emits nothing. */
export function questionPredicate(frame: Frame, node: SyntaxNode): Condition | null {
  const reading: Reading = { frame, roots: [], constants: [], parts: 0 };
  const text = questionText(reading, node);
  return text === null || reading.roots.length === 0
    ? null
    : isTrue(frame.builder.places.predicate(text, reading.roots));
}

/** Only what is written out: a list may change between two tests. */
function memberListText(reading: Reading, written: SyntaxNode): string | null {
  const node = withoutParentheses(written);
  if (node.type !== 'tuple' && node.type !== 'list' && node.type !== 'set') return null;
  const members = parts(node);
  if (members.length > maxParts) return null;
  const texts = members.map((member) => literalText(reading.frame, withoutParentheses(member)));
  return texts.every((text) => text !== null) ? `(${texts.join()})` : null;
}

/** `2.` is `2.0`, and `2`. */
function literalText(frame: Frame, node: SyntaxNode): string | null {
  if (literalOf(frame, node) === null) return null;
  const text = frame.textOf(node);
  const number = node.type === 'float' ? Number(text) : Number.NaN;
  return Number.isNaN(number) ? text : String(number);
}

/** `(3, 0)`, to compare versions by. An empty list is asked whether another one is still empty. */
function seriesText(frame: Frame, node: SyntaxNode): string | null {
  const members = parts(node);
  if (members.length === 0 || members.length > maxParts) return null;
  const texts = members.map((member) => literalText(frame, withoutParentheses(member)));
  return texts.every((text) => text !== null) ? `[${texts.join()}]` : null;
}

function isWrittenOut(frame: Frame, node: SyntaxNode): boolean {
  return node.type === 'tuple' || node.type === 'list' || literalOf(frame, node) !== null;
}

function pureText(reading: Reading, written: SyntaxNode): string | null {
  const node = withoutParentheses(written);
  const { frame } = reading;
  if (++reading.parts > maxParts) return null;
  switch (node.type) {
    case 'identifier':
    case 'attribute':
      return pureName(reading, node);
    case 'unary_operator': {
      const operand = childInField(node, 'argument');
      const inner = operand === null ? null : pureText(reading, operand);
      return inner === null ? null : `${operatorOf(node)}${inner}`;
    }
    case 'binary_operator': {
      const [left, right] = [childInField(node, 'left'), childInField(node, 'right')];
      if (left === null || right === null) return null;
      const first = pureText(reading, left);
      const second = first === null ? null : pureText(reading, right);
      return first === null || second === null ? null : `(${first}${operatorOf(node)}${second})`;
    }
    case 'call':
    case 'subscript':
      return questionText(reading, node);
    case 'tuple':
    case 'list':
      return seriesText(frame, node);
    default:
      return literalText(frame, node);
  }
}

function questionText(reading: Reading, node: SyntaxNode): string | null {
  const question = questionOf(reading.frame, node);
  const subject = question === null ? null : pureText(reading, question.subject);
  return question === null || subject === null ? null : `${subject}${question.text}`;
}

/** `n`, `self.size`, `socket.AF_INET`. */
function pureName(reading: Reading, node: SyntaxNode): string | null {
  const { frame, roots } = reading;
  const names: string[] = [];
  let at = node;
  for (; at.type === 'attribute';) {
    const [object, name] = [childInField(at, 'object'), childInField(at, 'attribute')];
    if (object === null || name === null || names.length >= maxParts) return null;
    names.push(frame.textOf(name));
    at = object;
  }
  if (at.type !== 'identifier') return null;
  let named: Named = frame.lookUp(frame.textOf(at));
  for (const name of names.toReversed()) {
    const path = named.kind === 'place' ? frame.builder.places.path(named.place, name) : null;
    const next = path === null ? memberOf(named, name) : ({ kind: 'place', place: path } as const);
    if (next === null) return null;
    named = next;
  }
  if (named.kind === 'place') {
    roots.push(named.place);
    return placeText(frame.builder.places, named.place);
  }
  // Constants do not change, nor do types: they need not be roots.
  if (named.kind === 'free') return isBuiltinType(named.text) ? named.text : null;
  if (named.kind !== 'scope') return null;
  if (isConstantName(lastName(named.text))) {
    reading.constants.push(named.text);
    return named.text;
  }
  if (!named.text.includes('.')) return null;
  roots.push(frame.builder.places.global(named.text));
  return named.text;
}
