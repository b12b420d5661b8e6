/** Questions about Python syntax that fixes ask. */
import { textOf } from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import { isKeyword } from '../nodes.ts';

export function isBlock({ type }: SyntaxNode): boolean {
  return type === 'block' || type === 'module';
}

export function isFunction({ type }: SyntaxNode): boolean {
  return type === 'function_definition' || type === 'lambda' || type === 'class_definition' || type === 'module';
}

export function statementsIn(block: SyntaxNode): SyntaxNode[] {
  return block.children.filter((child) => !isKeyword(child) && child.type !== 'comment');
}

/**
 * Whether the variable is mentioned; attributes and keyword arguments of that name are something else. What a lock is in
 * may be an expression, as written: `self.lock`, `locks[key]`.
 */
export function mentions(node: SyntaxNode, name: string, text: string): boolean {
  if (/\W/.test(name)) return textOf(node, text) === name || node.children.some((one) => mentions(one, name, text));
  if (node.type === 'identifier') return node.field !== 'attribute' && textOf(node, text) === name;
  return node.children.some(
    (child) =>
      !(child.field === 'attribute' || (node.type === 'keyword_argument' && child.field === 'name')) &&
      mentions(child, name, text),
  );
}

export interface Assignment {
  readonly name: string;
  readonly value: SyntaxNode;
  readonly node: SyntaxNode;
}

/** `x = value`, for a plain name. */
export function assignmentOf(statement: SyntaxNode, text: string): Assignment | null {
  const [node] = statement.type === 'expression_statement' ? statement.children : [];
  if (node?.type !== 'assignment' || childInField(node, 'type') !== null) return null;
  const left = childInField(node, 'left');
  const value = childInField(node, 'right');
  if (left?.type !== 'identifier' || value === null || value.type === 'assignment') return null;
  return { name: textOf(left, text), value, node };
}

/** Strings that go over several lines: their lines are not to be indented. */
export function longStringsIn(node: SyntaxNode, text: string): SyntaxNode[] {
  if (node.type === 'string') return textOf(node, text).includes('\n') ? [node] : [];
  return node.children.flatMap((child) => longStringsIn(child, text));
}

export function nodesOf(node: SyntaxNode, type: string): SyntaxNode[] {
  return [...(node.type === type ? [node] : []), ...node.children.flatMap((child) => nodesOf(child, type))];
}

export function isAssignedIn(node: SyntaxNode, name: string, text: string): boolean {
  return [
    ...nodesOf(node, 'assignment'),
    ...nodesOf(node, 'augmented_assignment'),
    ...nodesOf(node, 'for_statement'),
  ].some((one) => {
    const left = childInField(one, 'left');
    return left !== null && mentions(left, name, text) && left.type !== 'attribute' && left.type !== 'subscript';
  });
}
