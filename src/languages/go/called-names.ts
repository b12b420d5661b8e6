/**
 * Which names a piece of code calls, closures and method values included, and which types it declares on
 * the way. Names only: what they resolve to is nobody's business here.
 */
import type { Habits } from '../habits.ts';
import { construction } from '../../ir/construction.ts';
import { childInField, nodesOfTypes } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { isType, simpleName, typeName } from './type-text.ts';

export interface CodeNames {
  /** `Close`, `new Config`. */
  readonly calls: ReadonlySet<string>;
  /** Declarations of local types. */
  readonly types: readonly SyntaxNode[];
}

const telling: ReadonlySet<string> = new Set([
  'call_expression',
  'composite_literal',
  'type_conversion_expression',
  'selector_expression',
  'type_declaration',
]);

export function calledNames(text: string, roots: readonly SyntaxNode[], habits: Habits): CodeNames {
  const nodes = roots.flatMap((root) => nodesOfTypes(root, telling));
  const names = nodes.flatMap((node) => calledName(text, node, habits) ?? []);
  return { calls: new Set(names), types: nodes.filter(({ type }) => type === 'type_declaration') };
}

function calledName(text: string, node: SyntaxNode, { methodValues }: Habits): string | null {
  switch (node.type) {
    case 'call_expression':
      return calleeName(text, node);
    case 'composite_literal':
      return constructed(text, childInField(node, 'type'));
    case 'type_conversion_expression': {
      // `f[int](x)` looks like one.
      const type = childInField(node, 'type');
      const name = type?.type === 'generic_type' ? typeName(text, type) : null;
      return name === null ? null : simpleName(name);
    }
    case 'selector_expression': {
      const field = childInField(node, 'field');
      const name = field === null ? '' : text.slice(field.start, field.end);
      return methodValues.has(name) ? name : null;
    }
    default:
      return null;
  }
}

function calleeName(text: string, call: SyntaxNode): string | null {
  let at = childInField(call, 'function');
  while (at?.type === 'index_expression' || at?.type === 'parenthesized_expression')
    at = childInField(at, 'operand') ?? at.children[0] ?? null;
  const last = at?.type === 'selector_expression' ? childInField(at, 'field') : at;
  if (last?.type !== 'identifier' && last?.type !== 'field_identifier') return null;
  const name = text.slice(last.start, last.end);
  // Makes a slice, a map or a channel; it is in every other function.
  if (name === 'make' && last === at) return null;
  if (name !== 'new') return name === '' ? null : name;
  const type = childInField(call, 'arguments')?.children[0];
  if (type === undefined || last !== at) return name;
  return isType(type) ? constructed(text, type) : null;
}

function constructed(text: string, type: SyntaxNode | null): string | null {
  const name = type === null ? null : typeName(text, type);
  return name === null ? null : construction(simpleName(name));
}
