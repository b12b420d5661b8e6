/** Syntax that is not lowered: broken code, a node this frontend does not know, nesting without end. */
import { Mentions } from '../../lowering/mentions.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childInField, spanOf, walk, withoutParentheses } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';
import { declaredName } from './names.ts';

/** Reads what the node mentions, writes what it assigns. */
export function lowerOpaque(frame: Frame, node: SyntaxNode, why: string): void {
  const mentions = new Mentions((name) => declaredName(frame, name));
  walk(node, (child) => {
    if (child.type === 'identifier') mentions.read(frame.textOf(child));
    const target = writtenName(child);
    if (target !== null) mentions.write(frame.textOf(target));
    return 'inside';
  });
  mentions.emit(frame.builder, why, spanOf(node));
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
