/** Reading syntax nodes: children that matter, in the grammar's own terms. Nothing is lowered here. */
import type { Span } from '../../../ir/ir.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';

/** Words of the grammar that are nodes of no interest: they only mark what their parent is. */
const keywords = new Set(
  (
    'abstract assert break case catch class continue default do else enum extends final finally for if implements ' +
    'import instanceof interface native new package private protected public record return sealed static strictfp ' +
    'switch synchronized throw throws transient try volatile when while yield'
  ).split(' '),
);

/** Nodes that stand for code, without keywords and operators; errors are seen to by `lowerBrokenParts`. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter(
    (child) => child.field !== 'operator' && !keywords.has(child.type) && child.type !== 'ERROR' && !isComment(child),
  );
}

/** The statements of a block, errors among them. */
export function statementsOf(block: SyntaxNode): SyntaxNode[] {
  return block.children.filter((child) => !isComment(child));
}

export function childrenOfType(node: SyntaxNode, type: string): SyntaxNode[] {
  return node.children.filter((child) => child.type === type);
}

export function childrenInField(node: SyntaxNode, field: string): SyntaxNode[] {
  return node.children.filter((child) => child.field === field);
}

export function spanOf(node: SyntaxNode): Span {
  return { start: node.start, end: node.end };
}

/** The closing brace, or wherever the node ends. */
export function closingSpan(node: SyntaxNode): Span {
  return { start: Math.max(node.start, node.end - 1), end: node.end };
}

/** `((x))` is `x`. */
export function withoutParentheses(node: SyntaxNode): SyntaxNode {
  let inner = node;
  while (inner.type === 'parenthesized_expression') {
    const next = parts(inner)[0];
    if (next === undefined) return inner;
    inner = next;
  }
  return inner;
}

export function operatorOf(node: SyntaxNode): string {
  return node.children.find((child) => child.field === 'operator')?.type ?? '';
}

/** All nodes below and including this one, in source order; the callback says whether to look inside. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => 'inside' | 'skip'): void {
  const pending: SyntaxNode[] = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (visit(next) === 'skip') continue;
    for (let index = next.children.length - 1; index >= 0; index--) {
      const child = next.children[index];
      if (child !== undefined) pending.push(child);
    }
  }
}

export function isAnnotationNode(node: SyntaxNode): boolean {
  return node.type === 'annotation' || node.type === 'marker_annotation';
}

function isComment(node: SyntaxNode): boolean {
  return node.type === 'line_comment' || node.type === 'block_comment';
}
