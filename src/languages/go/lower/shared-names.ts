/**
 * Variables that may change behind the back of straight-line code: a function literal assigns them, or
 * their address is taken. By name only, in one function: shadowing costs precision, nothing else.
 *
 *     var err error; group.Go(func() { err = run() })      err
 */
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childInField, childrenInField, walk, withoutParentheses } from '../../tree-sitter.ts';
import { deferredLiteral, listed } from './nodes.ts';

/** With the offset of the first literal that assigns it; 0 where its address is taken. */
export type SharedNames = ReadonlyMap<string, number>;

export function sharedNames(text: string, root: SyntaxNode): SharedNames {
  const shared = new Map<string, number>();
  const literals: SyntaxNode[] = [];
  const inlined = new Set<SyntaxNode>();
  walk(root, (node) => {
    if (node.type === 'defer_statement') {
      const literal = deferredLiteral(node);
      if (literal !== null) inlined.add(literal);
    }
    if (node.type === 'func_literal' && !inlined.has(node)) literals.push(node);
    const pointedAt = addressed(node);
    if (pointedAt !== null) shared.set(text.slice(pointedAt.start, pointedAt.end), 0);
    return 'inside';
  });
  for (const literal of outermost(literals)) addAssigned(text, literal, shared);
  return shared;
}

/** What is assigned in this code, with the offset of the last assignment. */
export function lastAssignments(text: string, root: SyntaxNode): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  walk(root, (node) => {
    for (const target of targetsOf(node)) last.set(text.slice(target.start, target.end), node.start);
    return 'inside';
  });
  return last;
}

/** `&x` of a variable. */
function addressed(node: SyntaxNode): SyntaxNode | null {
  if (node.type !== 'unary_expression' || childInField(node, 'operator')?.type !== '&') return null;
  const operand = childInField(node, 'operand');
  const name = operand === null ? null : withoutParentheses(operand);
  return name?.type === 'identifier' ? name : null;
}

function outermost(literals: readonly SyntaxNode[]): SyntaxNode[] {
  const outer: SyntaxNode[] = [];
  for (const literal of literals) {
    const last = outer.at(-1);
    if (last === undefined || literal.start >= last.end) outer.push(literal);
  }
  return outer;
}

function addAssigned(text: string, literal: SyntaxNode, shared: Map<string, number>): void {
  const declared = new Set<string>();
  const assigned = new Set<string>();
  walk(literal, (node) => {
    const into = node.type === 'short_var_declaration' || node.field === 'name' ? declared : assigned;
    for (const target of node.field === 'name' ? [node] : targetsOf(node)) {
      into.add(text.slice(target.start, target.end));
    }
    return 'inside';
  });
  for (const name of assigned) if (!declared.has(name) && !shared.has(name)) shared.set(name, literal.start);
}

/** Plain names on the left of whatever kind of assignment this is. */
export function targetsOf(node: SyntaxNode): SyntaxNode[] {
  const isUpdate = node.type === 'inc_statement' || node.type === 'dec_statement';
  const left = isUpdate
    ? node.children.slice(0, 1)
    : assigningTypes.has(node.type)
      ? childrenInField(node, 'left')
      : [];
  return left
    .flatMap(listed)
    .map(withoutParentheses)
    .filter((target) => target.type === 'identifier');
}

const assigningTypes = new Set(['assignment_statement', 'short_var_declaration', 'range_clause', 'receive_statement']);
