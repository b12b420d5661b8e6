/**
 * What is to be known of a function body before it is lowered: its `defer` statements, which act at its end,
 * its returns, and its labels. Function literals in it are other bodies.
 */
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childOfType } from '../../tree-sitter.ts';

export interface Deferred {
  readonly node: SyntaxNode;
  /** The statement of the body it is in; null: it is one itself, so it surely runs once it is reached. */
  readonly within: SyntaxNode | null;
  readonly isInLoop: boolean;
}

export interface Survey {
  /** In source order. */
  readonly deferred: readonly Deferred[];
  readonly returns: readonly SyntaxNode[];
  /** Labels that some `goto` names and a statement carries. */
  readonly labels: readonly string[];
}

export function surveyBody(text: string, statements: readonly SyntaxNode[]): Survey {
  const deferred: Deferred[] = [];
  const returns: SyntaxNode[] = [];
  const wanted = new Set<string>();
  const present = new Set<string>();
  const pending = statements.toReversed().map((node) => ({ node, top: node, isInLoop: false }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, top } = next;
    if (node.type === 'func_literal') continue;
    const isInLoop = next.isInLoop || node.type === 'for_statement';
    const label = childOfType(node, 'label_name');
    if (node.type === 'defer_statement') deferred.push({ node, within: node === top ? null : top, isInLoop });
    else if (node.type === 'return_statement') returns.push(node);
    else if (label !== null && node.type === 'goto_statement') wanted.add(text.slice(label.start, label.end));
    else if (label !== null && node.type === 'labeled_statement') present.add(text.slice(label.start, label.end));
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child !== undefined && child.children.length > 0) pending.push({ node: child, top, isInLoop });
    }
  }
  return { deferred, returns, labels: [...wanted].filter((label) => present.has(label)) };
}
