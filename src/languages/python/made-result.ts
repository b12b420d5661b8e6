/**
 * What a function without annotations returns, where each of its returns makes one of the same class:
 *
 *     def browser():
 *         options = ChromeOptions()
 *         return Chrome(options=options)
 */
import type { TypeHint } from '../../ir/ir.ts';
import type { Habits } from '../habits.ts';
import { childInField, nodesOfTypes } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { onlyType, valueType } from './bindings.ts';
import { isTypeName, lastName, parts } from './nodes.ts';

const telling: ReadonlySet<string> = new Set(['return_statement', 'assignment', 'yield']);
const others: ReadonlySet<string> = new Set(['function_definition', 'class_definition', 'lambda']);

export interface Made {
  readonly text: string;
  readonly body: SyntaxNode;
  /** What it is given, which it may give back. */
  readonly params: readonly { readonly name: string | null }[];
  readonly habits: Habits;
}

/** null: it makes nothing, or not always the same; a generator gives what it yields. */
export function madeResult({ text, body, params, habits }: Made): TypeHint | null {
  const nodes = nodesOfTypes(body, telling, others);
  if (nodes.some(({ type }) => type === 'yield')) return null;
  const returned = nodes.flatMap((node) => (node.type === 'return_statement' ? parts(node) : []));
  const given = new Set(params.map(({ name }) => name));
  if (returned.some((value) => value.type === 'identifier' && given.has(text.slice(value.start, value.end))))
    return null;
  const made = returned.flatMap((value) => (value.type === 'none' ? [] : madeBy(text, value, nodes, habits)));
  const type = made.includes(null) ? null : onlyType(made.flatMap((one) => one ?? []));
  return type !== null && isTypeName(lastName(type)) ? type : null;
}

/** Of a variable, whatever it is assigned anywhere in the function. */
function madeBy(text: string, value: SyntaxNode, nodes: readonly SyntaxNode[], habits: Habits): (TypeHint | null)[] {
  if (value.type !== 'identifier') return [valueType(text, value, habits)];
  const name = text.slice(value.start, value.end);
  const assigned = nodes.flatMap((node) => {
    const left = node.type === 'assignment' ? childInField(node, 'left') : null;
    const right = left === null ? null : childInField(node, 'right');
    return left !== null && right !== null && text.slice(left.start, left.end) === name ? [right] : [];
  });
  // What a loop or a `with` binds.
  if (assigned.length === 0) return [null];
  return assigned.map((right) => (right.type === 'none' ? null : valueType(text, right, habits)));
}
