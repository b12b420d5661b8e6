/**
 * Which names a piece of code calls, closures and method references included, and which types it
 * declares on the way. Names only: what they resolve to is nobody's business here.
 */
import { childInField } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';

export interface CodeNames {
  /** `close`, `new FileInputStream`. */
  readonly calls: ReadonlySet<string>;
  /** Declarations of local types, and of member types of anonymous classes; not those inside them. */
  readonly types: readonly SyntaxNode[];
}

export const typeDeclarations: ReadonlySet<string> = new Set([
  'class_declaration',
  'interface_declaration',
  'enum_declaration',
  'record_declaration',
  'annotation_type_declaration',
]);

export function calledNames(text: string, roots: readonly SyntaxNode[]): CodeNames {
  const calls = new Set<string>();
  const types: SyntaxNode[] = [];
  const pending: { node: SyntaxNode; inType: boolean }[] = roots.map((node) => ({ node, inType: false }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node } = next;
    const isType = typeDeclarations.has(node.type);
    if (isType && !next.inType) types.push(node);
    const name = calledName(text, node);
    if (name !== null) calls.add(name);
    for (const child of node.children) {
      if (child.children.length > 0) pending.push({ node: child, inType: next.inType || isType });
    }
  }
  return { calls, types };
}

function calledName(text: string, node: SyntaxNode): string | null {
  switch (node.type) {
    case 'method_invocation':
      return writtenName(text, childInField(node, 'name'));
    case 'object_creation_expression':
      return constructed(text, childInField(node, 'type'));
    case 'method_reference':
      return referenced(text, node);
    case 'try_with_resources_statement':
      // The call is the compiler's, but a reader of this set wants to know of it.
      return 'close';
    default:
      return null;
  }
}

/** `File::new` or `this::close`. */
function referenced(text: string, node: SyntaxNode): string | null {
  const last = node.children.at(-1);
  if (last === undefined) return null;
  if (last.type !== 'new') return writtenName(text, last);
  return constructed(text, node.children[0] ?? null);
}

/** `new java.io.Outer<String>.Inner<>()` makes an `Inner`. */
function constructed(text: string, type: SyntaxNode | null): string | null {
  let node = type;
  if (node?.type === 'generic_type') node = node.children[0] ?? null;
  if (node?.type === 'scoped_type_identifier' || node?.type === 'field_access') node = node.children.at(-1) ?? null;
  const name = writtenName(text, node);
  return name === null ? null : `new ${name}`;
}

function writtenName(text: string, node: SyntaxNode | null): string | null {
  if (node === null || node.end === node.start) return null;
  return text.slice(node.start, node.end);
}
