/** Reading syntax nodes: children that matter, in the grammar's own terms. Nothing is lowered here. */
import type { StatementSyntax } from '../../lowering/broken.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';

/** Words of the grammar that are nodes of no interest: they only mark what their parent is. */
const keywords = new Set(
  (
    'abstract assert break case catch class continue default do else enum extends final finally for if implements ' +
    'import instanceof interface native new package private protected public record return sealed static strictfp ' +
    'switch synchronized throw throws transient try volatile when while yield'
  ).split(' '),
);

export const statementSyntax: StatementSyntax = {
  statement: /_statement$|^local_variable_declaration$|^explicit_constructor_invocation$/,
  block: /^(?:block|constructor_body)$/,
  apart: null,
};

/** Nodes that stand for code, without keywords and operators; errors are seen to by `lowerBrokenParts`. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter(
    (child) => child.field !== 'operator' && !keywords.has(child.type) && child.type !== 'ERROR',
  );
}

export function isAnnotationNode(node: SyntaxNode): boolean {
  return node.type === 'annotation' || node.type === 'marker_annotation';
}
