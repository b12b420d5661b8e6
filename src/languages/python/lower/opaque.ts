/** Syntax that is not lowered: broken code, a node this frontend does not know, nesting without end. */
import type { PlaceId } from '../../../ir/ir.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childInField, spanOf, walk } from '../../tree-sitter.ts';
import { targetNames } from '../bindings.ts';
import type { Frame } from './frame.ts';

/** Reads what the node mentions, writes what it assigns. */
export function lowerOpaque(frame: Frame, node: SyntaxNode, why: string): void {
  const reads = new Set<PlaceId>();
  const writes = new Set<PlaceId>();
  walk(node, (child) => {
    const found = child.type === 'identifier' ? mentioned(frame, child) : null;
    if (found !== null) reads.add(found);
    const left = child.type.endsWith('assignment') ? childInField(child, 'left') : null;
    for (const name of left === null ? [] : targetNames(left)) {
      const written = mentioned(frame, name);
      if (written !== null) writes.add(written);
    }
    return 'inside';
  });
  frame.builder.emit({ op: 'opaque', reads: [...reads], writes: [...writes], why, span: spanOf(node) });
}

/** What the parser could not make sense of in this statement, before it does anything else. */
export function lowerBrokenParts(frame: Frame, statement: SyntaxNode): void {
  for (const part of frame.output.broken.get(statement) ?? []) lowerOpaque(frame, part, part.type);
}

/** A variable; names of functions and modules hold nothing to follow. */
function mentioned(frame: Frame, name: SyntaxNode): PlaceId | null {
  const named = frame.lookUp(frame.textOf(name));
  return named.kind === 'place' ? named.place : null;
}
