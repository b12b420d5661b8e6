/** Syntax that is not lowered: broken code, a node this frontend does not know, nesting without end. */
import type { PlaceId } from '../../../ir/ir.ts';
import { Mentions } from '../../lowering/mentions.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childInField, spanOf, walk } from '../../tree-sitter.ts';
import { targetNames } from '../bindings.ts';
import type { Frame } from './frame.ts';

/** Reads what the node mentions, writes what it assigns. */
export function lowerOpaque(frame: Frame, node: SyntaxNode, why: string): void {
  const mentions = new Mentions((name) => variable(frame, name));
  walk(node, (child) => {
    if (child.type === 'identifier') mentions.read(frame.textOf(child));
    const left = child.type.endsWith('assignment') ? childInField(child, 'left') : null;
    for (const name of left === null ? [] : targetNames(left)) mentions.write(frame.textOf(name));
    return 'inside';
  });
  mentions.emit(frame.builder, why, spanOf(node));
}

/** What the parser could not make sense of in this statement, before it does anything else. */
export function lowerBrokenParts(frame: Frame, statement: SyntaxNode): void {
  for (const part of frame.output.broken.get(statement) ?? []) lowerOpaque(frame, part, part.type);
}

/** A variable; names of functions and modules hold nothing to follow. */
function variable(frame: Frame, name: string): PlaceId | null {
  const named = frame.lookUp(name);
  return named.kind === 'place' ? named.place : null;
}
