/**
 * Where the parser gave up inside a function. Its guess about the text around an error is used, but
 * whatever the broken part mentions has to count as used in ways unknown.
 */
import type { SyntaxNode } from '../../tree-sitter.ts';

/** ERROR nodes by the innermost statement around them; those outside any by the root. */
export type BrokenParts = ReadonlyMap<SyntaxNode, readonly SyntaxNode[]>;

const none: BrokenParts = new Map();

export function brokenParts(root: SyntaxNode): BrokenParts {
  if (!hasErrors(root)) return none;
  const found = new Map<SyntaxNode, SyntaxNode[]>();
  const pending: { node: SyntaxNode; statement: SyntaxNode }[] = [{ node: root, statement: root }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node } = next;
    const statement = isStatement(node) ? node : next.statement;
    for (const child of node.children) {
      // Directly in a block, it stands for a statement itself.
      if (child.type !== 'ERROR') pending.push({ node: child, statement });
      else if (node.type !== 'block' && node.type !== 'statement_list') add(found, statement, child);
    }
  }
  return found;
}

/** Nearly always false: this walk is all that sound code costs. */
function hasErrors(root: SyntaxNode): boolean {
  const pending: SyntaxNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const child of node.children) {
      if (child.type === 'ERROR') return true;
      if (child.children.length > 0) pending.push(child);
    }
  }
  return false;
}

function add(found: Map<SyntaxNode, SyntaxNode[]>, statement: SyntaxNode, error: SyntaxNode): void {
  const known = found.get(statement);
  if (known === undefined) found.set(statement, [error]);
  else known.push(error);
}

function isStatement(node: SyntaxNode): boolean {
  return /_statement$|_declaration$/.test(node.type) && !node.type.endsWith('parameter_declaration');
}
