/**
 * Go types in the spelling all languages share: no white space, `Name<A,B>`, `T[]`, `map<K,V>`.
 * A pointer is written like what it points to: for our purposes it is the same object.
 */
import type { TypeHint } from '../../ir/ir.ts';
import { childInField } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';

/** Types nest without end in hostile sources only; deeper than this they say nothing. */
const maxDepth = 40;

export function typeText(text: string, node: SyntaxNode): TypeHint {
  return write(text, node, 0);
}

/** The name of the type itself, without pointer and arguments; null for types without one. */
export function typeName(text: string, node: SyntaxNode): string | null {
  const named = namedType(node);
  return named === null ? null : text.slice(named.start, named.end).replace(/\s+/g, '');
}

/** `*pkg.T[A]` names `pkg.T`. */
export function namedType(node: SyntaxNode): SyntaxNode | null {
  let at: SyntaxNode | undefined = node;
  while (at !== undefined && wrappers.has(at.type)) at = childInField(at, 'type') ?? partOf(at);
  return at?.type === 'type_identifier' || at?.type === 'qualified_type' ? at : null;
}

/** `pkg.T` is called `T` in its package. */
export function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Does the node stand for a type where an expression might stand? */
export function isType(node: SyntaxNode): boolean {
  return node.type.endsWith('_type') || node.type === 'type_identifier';
}

const wrappers = new Set(['pointer_type', 'parenthesized_type', 'generic_type', 'negated_type', 'type_elem']);

function partOf(node: SyntaxNode): SyntaxNode | undefined {
  return node.children.find((child) => child.type !== 'ERROR');
}

function write(text: string, node: SyntaxNode, depth: number): TypeHint {
  if (depth > maxDepth) return 'any';
  const inner = (field: string): TypeHint => {
    const child = childInField(node, field);
    return child === null ? 'any' : write(text, child, depth + 1);
  };
  switch (node.type) {
    case 'generic_type': {
      const args = childInField(node, 'type_arguments')?.children ?? [];
      return `${inner('type')}<${args.map((arg) => write(text, arg, depth + 1)).join(',')}>`;
    }
    case 'slice_type':
    case 'array_type':
    case 'implicit_length_array_type':
      return `${inner('element')}[]`;
    case 'map_type':
      return `map<${inner('key')},${inner('value')}>`;
    case 'channel_type':
      return `chan<${inner('value')}>`;
    case 'function_type':
      return 'func';
    case 'interface_type':
      return 'any';
    case 'struct_type':
      return 'struct';
    case 'pointer_type':
    case 'parenthesized_type':
    case 'negated_type':
    case 'type_elem': {
      const child = partOf(node);
      return child === undefined ? 'any' : write(text, child, depth + 1);
    }
    default:
      return text.slice(node.start, node.end).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|\s+/g, '');
  }
}
