/** Syntax that is not lowered: broken code, a node this frontend does not know, nesting without end. */
import type { PlaceId } from '../../../ir/ir.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childInField, spanOf, walk, withoutParentheses } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { declaredName } from './names.ts';

/** Reads what the node mentions, writes what it assigns. */
export function lowerOpaque(frame: Frame, node: SyntaxNode, why: string): void {
  const reads = new Set<PlaceId>();
  const writes = new Set<PlaceId>();
  const names = new Map<string, PlaceId | null>();
  const place = (name: string): PlaceId | null => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const found = declaredName(frame, name);
    names.set(name, found);
    return found;
  };
  walk(node, (child) => {
    if (child.type === 'identifier') {
      const found = place(frame.textOf(child));
      if (found !== null) reads.add(found);
    }
    const target = writtenName(child);
    const written = target === null ? null : place(frame.textOf(target));
    if (written !== null) writes.add(written);
    return 'inside';
  });
  frame.builder.emit({ op: 'opaque', reads: [...reads], writes: [...writes], why, span: spanOf(node) });
}

/** What the parser could not make sense of in this statement, before it does anything else. */
export function lowerBrokenParts(frame: Frame, statement: SyntaxNode): void {
  for (const part of frame.output.broken.get(statement) ?? []) lowerOpaque(frame, part, part.type);
}

function writtenName(node: SyntaxNode): SyntaxNode | null {
  if (node.type !== 'assignment_expression' && node.type !== 'update_expression') return null;
  const target = node.type === 'assignment_expression' ? childInField(node, 'left') : (node.children[0] ?? null);
  const name = target === null ? null : withoutParentheses(target);
  return name?.type === 'identifier' ? name : null;
}
