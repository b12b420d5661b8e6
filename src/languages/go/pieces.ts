/**
 * Reads a broken file declaration by declaration. One missing bracket can make the parser take everything
 * after it for something else; but Go code is formatted, so `func` at the start of a line begins a function.
 */
import type { Span } from '../../ir/ir.ts';
import { nodeLike, parseTree } from '../tree-sitter.ts';
import type { Grammar, SyntaxNode, SyntaxTree } from '../tree-sitter.ts';

/** The tree, or where functions were lost in it, one put together from the trees of the pieces. */
export function recoverFunctions(grammar: Grammar, text: string, tree: SyntaxTree): SyntaxTree {
  if (tree.errors.length === 0) return tree;
  const starts = [...text.matchAll(/^func[ (]/gm)].map((match) => match.index);
  const found = new Set(tree.root.children.filter(isFunction).map((node) => node.start));
  if (starts.every((start) => found.has(start))) return tree;
  const bounds = [0, ...starts.filter((start) => start > 0), text.length];
  const children: SyntaxNode[] = [];
  const errors: Span[] = [];
  for (const [index, start] of bounds.slice(0, -1).entries()) {
    const piece = parseTree(grammar, text.slice(start, bounds[index + 1]));
    for (const child of shifted(piece.root, start).children) children.push(child);
    for (const error of piece.errors) errors.push({ start: error.start + start, end: error.end + start });
  }
  return {
    root: nodeLike(tree.root, { type: 'source_file', isError: false, children }),
    errors,
    comments: tree.comments,
    numbers: tree.numbers,
  };
}

function isFunction(node: SyntaxNode): boolean {
  return node.type === 'function_declaration' || node.type === 'method_declaration';
}

interface Copy extends SyntaxNode {
  readonly children: SyntaxNode[];
}

function shifted(root: SyntaxNode, by: number): SyntaxNode {
  const copy = ({ type, start, end, field, isError }: SyntaxNode): Copy => ({
    type,
    start: start + by,
    end: end + by,
    field,
    isError,
    children: [],
  });
  const made = copy(root);
  const pending = [{ from: root, to: made }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const child of next.from.children) {
      const inner = copy(child);
      next.to.children.push(inner);
      pending.push({ from: child, to: inner });
    }
  }
  return made;
}
