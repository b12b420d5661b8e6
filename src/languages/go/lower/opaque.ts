/** Syntax that is not lowered: broken code, a node this frontend does not know, nesting without end. */
import type { PlaceId } from '../../../ir/ir.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { spanOf, walk } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { targetsOf } from './shared-names.ts';

/** Reads what the node mentions, writes what it assigns. */
export function lowerOpaque(frame: Frame, node: SyntaxNode, why: string): void {
  const reads = new Set<PlaceId>();
  const writes = new Set<PlaceId>();
  const names = new Map<string, PlaceId | null>();
  const place = (name: string): PlaceId | null => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const found = frame.variable(name);
    names.set(name, found);
    return found;
  };
  walk(node, (child) => {
    // In broken code a variable may have been taken for a type or package.
    if (/^(?:type_|package_)?identifier$/.test(child.type)) {
      const found = place(frame.textOf(child));
      if (found !== null) reads.add(found);
    }
    for (const target of targetsOf(child)) {
      const written = place(frame.textOf(target));
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
