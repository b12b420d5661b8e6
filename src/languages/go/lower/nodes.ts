/** Reading syntax nodes: children that matter, in the grammar's own terms. Nothing is lowered here. */
import type { Span } from '../../../ir/ir.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childInField, childOfType } from '../../tree-sitter.ts';

/** Words of the grammar that are nodes of no interest: they only mark what their parent is. */
const keywords = new Set(
  (
    'break case chan const continue default defer else fallthrough for func go goto if import interface map package ' +
    'range return select struct switch type var'
  ).split(' '),
);

/** Nodes that stand for code, without keywords and operators; errors are seen to by `lowerBrokenParts`. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter(
    (child) => child.field !== 'operator' && !keywords.has(child.type) && child.type !== 'ERROR',
  );
}

/** The statements of a block or clause, errors among them. */
export function statementsOf(block: SyntaxNode | null): SyntaxNode[] {
  const statements: SyntaxNode[] = [];
  for (const child of block?.children ?? []) {
    if (child.type === 'statement_list') statements.push(...child.children);
    else if (child.type === 'ERROR') statements.push(child);
  }
  return statements;
}

export function childrenInField(node: SyntaxNode, field: string): SyntaxNode[] {
  return node.children.filter((child) => child.field === field);
}

/** The expressions of a list, or the one expression that stands in its place. */
export function listed(node: SyntaxNode | null): SyntaxNode[] {
  if (node === null) return [];
  return node.type === 'expression_list' ? parts(node) : [node];
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

/** `defer func() { … }()`: the literal, which runs as part of the function around it. */
export function deferredLiteral(statement: SyntaxNode): SyntaxNode | null {
  const call = childOfType(statement, 'call_expression');
  const called = call === null ? null : childInField(call, 'function');
  const literal = called === null ? null : withoutParentheses(called);
  return literal?.type === 'func_literal' ? literal : null;
}

/** `*T`, `(**T)`: what is pointed to. */
export function pointed(written: SyntaxNode): SyntaxNode {
  let node = withoutParentheses(written);
  while (node.type === 'unary_expression' && operatorOf(node) === '*') {
    const operand = childInField(node, 'operand');
    if (operand === null) break;
    node = withoutParentheses(operand);
  }
  return node;
}
