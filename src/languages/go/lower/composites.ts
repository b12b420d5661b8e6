/**
 * Composite literals. A struct is constructed with its fields as named arguments; a slice, array or map holds
 * what is in it. The elements of a collection may leave their type out.
 *
 *     []Pair{{"a", open()}}      new Pair ("a", %1); aggregate (%2)
 */
import type { Argument, Callee, Operand } from '../../../ir/ir.ts';
import { positional, unknownValue } from '../../lowering/values.ts';
import { childInField, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { typeName, typeText } from '../type-text.ts';
import { emitCall } from './calls.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { maxDepth } from './frame.ts';
import { parts } from './nodes.ts';
import { lowerOpaque } from './opaque.ts';
import { deliver, freshOf, intoPlace } from './values.ts';
import type { Into } from './values.ts';

export function lowerComposite(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const [type, body] = [childInField(node, 'type'), childInField(node, 'body')];
  if (body === null) return deliver(frame, unknownValue, into);
  return lowerValue(frame, { node, type, body, isImplied: false }, into);
}

interface Composite {
  /** The whole literal. */
  readonly node: SyntaxNode;
  readonly type: SyntaxNode | null;
  readonly body: SyntaxNode;
  /** The type is that of the collection's elements. */
  readonly isImplied: boolean;
}

function lowerValue(frame: Frame, composite: Composite, into: Into): Operand {
  const { node, body } = composite;
  if (frame.depth >= maxDepth) {
    lowerOpaque(frame, node, 'too deep');
    return deliver(frame, unknownValue, into);
  }
  frame.depth++;
  const type = composite.type === null ? null : pointedType(composite.type);
  const isStruct = type !== null && isStructType(frame, type);
  const args = parts(body).flatMap((element) => lowerElement(frame, element, { type, isStruct }));
  frame.depth--;
  const holdsNothing = args.every(({ value }) => value.kind === 'literal' || value.kind === 'fresh');
  const hint = type === null ? null : typeText(frame.text, type);
  // A table of numbers, or a row of one, holds nothing to follow.
  if (holdsNothing && (!isStruct || composite.isImplied || hint === 'struct')) {
    return deliver(frame, freshOf(hint), into);
  }
  const callee: Callee = isStruct ? { kind: 'construct', type: hint ?? 'struct' } : { kind: 'aggregate' };
  const span = spanOf(node);
  // The call does not say what it makes.
  const dest = into ?? intoPlace(frame.builder.places.temp(isStruct ? null : hint), span);
  return emitCall(frame, { callee, receiver: null, args, span }, dest);
}

function isStructType(frame: Frame, type: SyntaxNode): boolean {
  if (/^(?:slice|array|implicit_length_array|map)_type$/.test(type.type)) return false;
  const name = typeName(frame.text, type);
  return name === null || frame.names.types.get(name) !== 'collection';
}

function pointedType(type: SyntaxNode): SyntaxNode {
  let at = type;
  while (at.type === 'pointer_type' || at.type === 'parenthesized_type') {
    const inner = parts(at)[0];
    if (inner === undefined) break;
    at = inner;
  }
  return at;
}

interface Around {
  readonly type: SyntaxNode | null;
  readonly isStruct: boolean;
}

function lowerElement(frame: Frame, element: SyntaxNode, { type, isStruct }: Around): Argument[] {
  const [key, value] = [childInField(element, 'key'), childInField(element, 'value')];
  if (element.type !== 'keyed_element' || key === null || value === null) {
    return [positional(lowerPart(frame, element, elementType(type, 'element') ?? elementType(type, 'value')))];
  }
  const keyNode = contentOf(key);
  if (isStruct && keyNode?.type === 'identifier') {
    return [{ value: lowerPart(frame, value, null), name: frame.textOf(keyNode), isSpread: false }];
  }
  const keyed = lowerPart(frame, key, elementType(type, 'key'));
  const held = positional(lowerPart(frame, value, elementType(type, 'value') ?? elementType(type, 'element')));
  // A map may be there for its keys.
  return keyed.kind === 'place' ? [positional(keyed), held] : [held];
}

function elementType(type: SyntaxNode | null, field: string): SyntaxNode | null {
  return type === null ? null : childInField(type, field);
}

function contentOf(element: SyntaxNode): SyntaxNode | null {
  const inner = element.type === 'literal_element' ? (parts(element)[0] ?? null) : element;
  return inner === null ? null : withoutParentheses(inner);
}

function lowerPart(frame: Frame, element: SyntaxNode, type: SyntaxNode | null): Operand {
  const node = contentOf(element);
  if (node === null) return unknownValue;
  if (node.type !== 'literal_value') return lowerExpression(frame, node, null);
  return lowerValue(frame, { node, type, body: node, isImplied: true }, null);
}
