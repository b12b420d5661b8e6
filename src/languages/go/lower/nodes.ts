/** Reading syntax nodes: children that matter, in the grammar's own terms. Nothing is lowered here. */
import type { StatementSyntax } from '../../lowering/broken.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childInField, childOfType, operatorOf, withoutParentheses } from '../../tree-sitter.ts';

/** Words of the grammar that are nodes of no interest: they only mark what their parent is. */
const keywords = new Set(
  (
    'break case chan const continue default defer else fallthrough for func go goto if import interface map package ' +
    'range return select struct switch type var'
  ).split(' '),
);

export const statementSyntax: StatementSyntax = {
  statement: /_statement$|(?<!parameter)_declaration$/,
  block: /^(?:block|statement_list)$/,
  apart: null,
};

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

/** The expressions of a list, or the one expression that stands in its place. */
export function listed(node: SyntaxNode | null): SyntaxNode[] {
  if (node === null) return [];
  return node.type === 'expression_list' ? parts(node) : [node];
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
