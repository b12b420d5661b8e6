/**
 * Which names a piece of code calls, closures and method references included, and which types it
 * declares on the way. Names only: what they resolve to is nobody's business here.
 */
import { construction } from '../../ir/construction.ts';
import { childInField, nodesOfTypes, outermost } from '../tree-sitter.ts';
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

const telling: ReadonlySet<string> = new Set([
  ...typeDeclarations,
  'method_invocation',
  'object_creation_expression',
  'method_reference',
  'try_with_resources_statement',
]);

export function calledNames(text: string, roots: readonly SyntaxNode[]): CodeNames {
  const nodes = roots.flatMap((root) => nodesOfTypes(root, telling));
  const names = nodes.flatMap((node) => calledName(text, node) ?? []);
  const types = nodes.filter(({ type }) => typeDeclarations.has(type));
  return { calls: new Set(names), types: outermost(types) };
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
  return name === null ? null : construction(name);
}

function writtenName(text: string, node: SyntaxNode | null): string | null {
  if (node === null || node.end === node.start) return null;
  return text.slice(node.start, node.end);
}
