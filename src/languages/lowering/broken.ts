/**
 * Where the parser gave up inside a function. Its guess about the text around an error is used, but
 * whatever the broken part mentions has to count as used in ways unknown.
 */
import { append } from '../../append.ts';
import { nodesOfTypes, type SyntaxNode } from '../tree-sitter.ts';

/** ERROR nodes by the innermost statement around them; those outside any by the root. */
export type BrokenParts = ReadonlyMap<SyntaxNode, readonly SyntaxNode[]>;

/** What the grammar calls the nodes that matter here. */
export interface StatementSyntax {
  readonly statement: RegExp;
  /** What holds statements: an error directly in it stands for a statement itself. */
  readonly block: RegExp;
  /** What is lowered for itself and not with the root; null if there is no such thing. */
  readonly apart: string | null;
}

const none: BrokenParts = new Map();

const errorNodes: ReadonlySet<string> = new Set(['ERROR']);

export function brokenParts(root: SyntaxNode, { statement, block, apart }: StatementSyntax): BrokenParts {
  if (nodesOfTypes(root, errorNodes).length === 0) return none;
  const found = new Map<SyntaxNode, SyntaxNode[]>();
  const pending: { node: SyntaxNode; around: SyntaxNode }[] = [{ node: root, around: root }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node } = next;
    const around = statement.test(node.type) ? node : next.around;
    for (const child of node.children) {
      if (child.type === 'ERROR') {
        if (!block.test(node.type)) append(found, around, child);
      } else if (child.type !== apart) pending.push({ node: child, around });
    }
  }
  return found;
}
