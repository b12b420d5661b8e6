/** The head of a Java file: its package and what it imports. */
import type { Import } from '../language.ts';
import { childOfType } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { nameText } from './type-text.ts';

/** Dotted; '' if there is none. */
export function readPackage(text: string, root: SyntaxNode): string {
  const declaration = childOfType(root, 'package_declaration');
  const dotted = declaration?.children.find((child) => isName(child));
  return dotted === undefined ? '' : nameText(text, dotted);
}

export function readImports(text: string, root: SyntaxNode): Import[] {
  const imports: Import[] = [];
  for (const node of root.children) {
    if (node.type !== 'import_declaration') continue;
    const read = readImport(text, node);
    if (read !== null) imports.push(read);
  }
  return imports;
}

function readImport(text: string, node: SyntaxNode): Import | null {
  // `import module java.base;` names packages that only the module's own declaration lists.
  if (/^import\s+module\s+[\w.]/.test(text.slice(node.start, node.end))) return null;
  const dotted = node.children.find((child) => isName(child));
  if (dotted === undefined) return null;
  const target = nameText(text, dotted);
  const kind = childOfType(node, 'static') === null ? 'type' : 'member';
  const isWildcard = childOfType(node, 'asterisk') !== null;
  return { local: isWildcard ? '*' : target.slice(target.lastIndexOf('.') + 1), target, kind };
}

function isName(node: SyntaxNode): boolean {
  return node.type === 'scoped_identifier' || node.type === 'identifier';
}
