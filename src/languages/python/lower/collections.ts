/** Lists, tuples, sets and dictionaries: the values are kept by the new object. */
import type { Argument, Operand } from '../../../ir/ir.ts';
import { emitAggregate } from '../../lowering/calls.ts';
import { placeValue } from '../../lowering/values.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { spanOf } from '../../tree-sitter.ts';
import { parts } from '../nodes.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { deliver } from './values.ts';
import type { Into, Target } from './values.ts';

/** With the type an object of it has; `a, b` without parentheses is a tuple as well. */
const collectionTypes = new Map([
  ['list', 'list'],
  ['tuple', 'tuple'],
  ['set', 'set'],
  ['dictionary', 'dict'],
  ['expression_list', 'tuple'],
  ['pattern_list', 'tuple'],
]);

export function isCollection(node: SyntaxNode): boolean {
  return collectionTypes.has(node.type);
}

export function lowerCollection(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const args = elementNodes(node).map(({ value, isSpread }): Argument => {
    return { value: lowerExpression(frame, value, null), name: null, isSpread };
  });
  return collect(frame, args, { type: collectionTypes.get(node.type) ?? 'list', into, node });
}

/** `a + [b] + c` */
export function lowerJoined(frame: Frame, operands: readonly SyntaxNode[], into: Target): Operand {
  const args = operands.map((operand): Argument => {
    return { value: lowerExpression(frame, operand, null), name: null, isSpread: true };
  });
  emitAggregate(frame.builder, into.place, args, into.span);
  return placeValue(into.place);
}

interface Element {
  readonly value: SyntaxNode;
  readonly isSpread: boolean;
}

/** A dictionary holds its keys as well. */
function elementNodes(node: SyntaxNode): Element[] {
  return parts(node).flatMap((element): Element[] => {
    if (element.type === 'pair') return parts(element).map((value) => ({ value, isSpread: false }));
    const isSpread = /^(?:list_splat|dictionary_splat|list_splat_pattern)$/.test(element.type);
    return [{ value: isSpread ? (parts(element)[0] ?? element) : element, isSpread }];
  });
}

interface Wanted {
  readonly type: string;
  readonly into: Into;
  readonly node: SyntaxNode;
}

function collect(frame: Frame, args: readonly Argument[], { type, into, node }: Wanted): Operand {
  // A table of numbers holds nothing to follow.
  if (args.every(({ value }) => value.kind === 'literal' || value.kind === 'fresh')) {
    return deliver(frame, { kind: 'fresh', type }, into);
  }
  const dest = into?.place ?? frame.builder.places.temp();
  emitAggregate(frame.builder, dest, args, spanOf(node));
  return placeValue(dest);
}
