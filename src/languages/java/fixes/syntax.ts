/** Questions about Java syntax that fixes ask: what is where, who mentions a name, what does a statement do. */
import type { Span } from '../../../ir/ir.ts';
import { childInField, childOfType, walk, type SyntaxNode } from '../../tree-sitter.ts';
import { parts } from '../lower/nodes.ts';

/** The outermost node of exactly this span on the path. */
export function nodeAt(path: readonly SyntaxNode[], span: Span): number {
  return path.findIndex(({ start, end }) => start === span.start && end === span.end);
}

const blocks = new Set(['block', 'constructor_body', 'switch_block_statement_group']);
const functions = new Set([
  'method_declaration',
  'constructor_declaration',
  'compact_constructor_declaration',
  'lambda_expression',
  'static_initializer',
  'class_body',
]);

export function isBlock({ type }: SyntaxNode): boolean {
  return blocks.has(type);
}

export function isFunction({ type }: SyntaxNode): boolean {
  return functions.has(type);
}

export function statementsIn(block: SyntaxNode): SyntaxNode[] {
  return parts(block).filter(
    ({ type }) => type !== 'switch_label' && type !== 'block_comment' && type !== 'line_comment',
  );
}

/** Where the block is one `case`, the statements of those behind it: its variables are theirs as well. */
export function laterCases(path: readonly SyntaxNode[], block: SyntaxNode): SyntaxNode[] {
  if (block.type !== 'switch_block_statement_group') return [];
  const cases = path[path.indexOf(block) - 1]?.children ?? [];
  return cases.filter(({ start }) => start >= block.end).flatMap((one) => (isBlock(one) ? statementsIn(one) : []));
}

/** Whether the variable is mentioned; members of that name are something else. */
export function mentions(node: SyntaxNode, name: string, text: string): boolean {
  return mentionsOf(node, name, text).length > 0;
}

/** `name`: a variable, or what is written before the dot of a call, `this.lock`, `locks.writeLock()`. */
export function mentionsOf(node: SyntaxNode, name: string, text: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  if (!/^\w+$/.test(name)) {
    walk(node, (one) => {
      if (text.slice(one.start, one.end) !== name) return 'inside';
      found.push(one);
      return 'skip';
    });
    return found;
  }
  walk(node, (one) => {
    if (one.type === 'identifier' && isVariable(one) && text.slice(one.start, one.end) === name) found.push(one);
    if (one.type === 'method_invocation' || one.type === 'field_access') {
      // Their own names come as fields; the rest is looked into.
      for (const child of one.children) {
        if (child.field === 'name' || (one.type === 'field_access' && child.field === 'field')) continue;
        found.push(...mentionsOf(child, name, text));
      }
      return 'skip';
    }
    return 'inside';
  });
  return found;
}

function isVariable(node: SyntaxNode): boolean {
  return node.field !== 'label';
}

/** `T x = value;` with its parts; null: not one variable. */
export interface Declaration {
  readonly node: SyntaxNode;
  readonly type: SyntaxNode;
  readonly name: string;
  readonly value: SyntaxNode | null;
}

export function declarationOf(statement: SyntaxNode, text: string): Declaration | null {
  if (statement.type !== 'local_variable_declaration') return null;
  const declarators = statement.children.filter(({ type }) => type === 'variable_declarator');
  const [declarator] = declarators;
  const type = childInField(statement, 'type');
  if (declarators.length !== 1 || declarator === undefined || type === null) return null;
  const name = childInField(declarator, 'name');
  if (name === null || childInField(declarator, 'dimensions') !== null) return null;
  return {
    node: statement,
    type,
    name: text.slice(name.start, name.end),
    value: childInField(declarator, 'value'),
  };
}

export function declaredNames(statement: SyntaxNode, text: string): string[] {
  if (statement.type !== 'local_variable_declaration') return [];
  return statement.children
    .filter(({ type }) => type === 'variable_declarator')
    .flatMap((declarator) => {
      const name = childInField(declarator, 'name');
      return name === null ? [] : text.slice(name.start, name.end);
    });
}

/** `x = value;` */
export function assignmentOf(statement: SyntaxNode, text: string): { name: string; value: SyntaxNode } | null {
  if (statement.type !== 'expression_statement') return null;
  const assignment = childOfType(statement, 'assignment_expression');
  const left = assignment === null ? null : childInField(assignment, 'left');
  const value = assignment === null ? null : childInField(assignment, 'right');
  if (assignment === null || left?.type !== 'identifier' || value === null) return null;
  const operator = childInField(assignment, 'operator');
  if (operator !== null && text.slice(operator.start, operator.end) !== '=') return null;
  return { name: text.slice(left.start, left.end), value };
}

export function isAssignedIn(node: SyntaxNode, name: string, text: string): boolean {
  let isAssigned = false;
  walk(node, (one) => {
    const target =
      one.type === 'assignment_expression' ? childInField(one, 'left') : one.type === 'update_expression' ? one : null;
    if (target !== null && text.slice(target.start, target.end).replace(/[+-]/g, '').trim() === name) isAssigned = true;
    return isAssigned ? 'skip' : 'inside';
  });
  return isAssigned;
}

export function hasCall(node: SyntaxNode): boolean {
  let found = false;
  walk(node, ({ type }) => {
    if (type === 'method_invocation') found = true;
    return found ? 'skip' : 'inside';
  });
  return found;
}

/** Literals that go over several lines: their lines are not to be indented. */
export function textBlocksIn(node: SyntaxNode, text: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  walk(node, (one) => {
    if (one.type !== 'string_literal') return 'inside';
    if (text.slice(one.start, one.end).includes('\n')) found.push(one);
    return 'skip';
  });
  return found;
}
