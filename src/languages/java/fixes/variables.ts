/** Variables around a site: where they are declared, and names that are still free. */
import { freshName, isWordIn } from '../../fixing/source-edits.ts';
import { childOfType, type SyntaxNode } from '../../tree-sitter.ts';
import { declarationOf, isFunction, type Declaration } from './syntax.ts';

/** The declaration of a local variable above a statement; null: it is a parameter, a field, or one of several. */
export function earlierDeclaration(
  path: readonly SyntaxNode[],
  statement: SyntaxNode,
  name: string,
  text: string,
): Declaration | null {
  for (const node of path.toReversed()) {
    for (const child of node.children) {
      if (child.start >= statement.start) break;
      const declaration = declarationOf(child, text);
      if (declaration?.name === name) return declaration;
    }
    if (childOfType(node, 'formal_parameters') !== null) return null;
  }
  return null;
}

const keywords = new Set([
  'new',
  'class',
  'package',
  'import',
  'default',
  'switch',
  'case',
  'for',
  'do',
  'int',
  'char',
]);

/** By the last word of the type: `stream` for a `FileInputStream`. */
export function variableFor(type: string, path: readonly SyntaxNode[], text: string): string {
  const simple = type.replace(/<.*/, '').replace(/^.*\./, '');
  const word = (/[A-Z]+[a-z0-9]*$/.exec(simple)?.[0] ?? simple).toLowerCase();
  const around = path.findLast(isFunction);
  const body = around === undefined ? text : text.slice(around.start, around.end);
  const whole = simple.charAt(0).toLowerCase() + simple.slice(1);
  return freshName([word, whole], (name) => !keywords.has(name) && !isWordIn(name, body));
}
