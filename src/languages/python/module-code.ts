/** Whether a module does anything but define: most do not, and need no function for their own code. */
import { childInField } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { definitionOf } from './nodes.ts';

const definitions = new Set([
  'import_statement',
  'import_from_statement',
  'future_import_statement',
  'pass_statement',
  'global_statement',
  'type_alias_statement',
]);

export function isExecuted(root: SyntaxNode): boolean {
  const pending = [root];
  for (let body = pending.pop(); body !== undefined; body = pending.pop()) {
    for (const statement of body.children) {
      const node = definitionOf(statement);
      if (definitions.has(node.type) || node.type === 'function_definition' || isDocstring(node)) continue;
      if (node.type !== 'class_definition') return true;
      const inner = childInField(node, 'body');
      if (inner !== null) pending.push(inner);
    }
  }
  return false;
}

function isDocstring(node: SyntaxNode): boolean {
  return node.type === 'expression_statement' && node.children.length === 1 && node.children[0]?.type === 'string';
}
