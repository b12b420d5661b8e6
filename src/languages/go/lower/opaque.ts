/** Syntax that is not lowered: broken code, a node this frontend does not know, nesting without end. */
import { Mentions } from '../../lowering/mentions.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { spanOf, walk } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { targetsOf } from './shared-names.ts';

/** Reads what the node mentions, writes what it assigns. */
export function lowerOpaque(frame: Frame, node: SyntaxNode, why: string): void {
  const mentions = new Mentions((name) => frame.variable(name));
  walk(node, (child) => {
    // In broken code a variable may have been taken for a type or package.
    if (/^(?:type_|package_)?identifier$/.test(child.type)) mentions.read(frame.textOf(child));
    for (const target of targetsOf(child)) mentions.write(frame.textOf(target));
    return 'inside';
  });
  mentions.emit(frame.builder, why, spanOf(node));
}

/** What the parser could not make sense of in this statement, before it does anything else. */
export function lowerBrokenParts(frame: Frame, statement: SyntaxNode): void {
  for (const part of frame.output.broken.get(statement) ?? []) lowerOpaque(frame, part, part.type);
}
