/** Whether checked exceptions a release announces would be caught or declared where it is written. */
import { childOfType, type SyntaxNode } from '../../tree-sitter.ts';
import { isFunction } from './syntax.ts';

/** `path`: from the root to the statement. null types: nobody knows, so nothing less than a broad handler will do. */
export function isHandled(path: readonly SyntaxNode[], types: readonly string[] | null, text: string): boolean {
  const wanted = types ?? ['java.lang.Exception'];
  return wanted.every((type) => isOneHandled(path, type.slice(type.lastIndexOf('.') + 1), text));
}

function isOneHandled(path: readonly SyntaxNode[], type: string, text: string): boolean {
  for (let index = path.length - 1; index >= 0; index--) {
    const node = path[index];
    const child = path[index + 1];
    if (node === undefined) continue;
    if (
      /^try_(?:with_resources_)?statement$/.test(node.type) &&
      (child?.field === 'body' || child?.field === 'resources')
    )
      for (const clause of node.children) if (catches(clause, type, text)) return true;
    if (isFunction(node)) {
      const thrown = childOfType(node, 'throws');
      return thrown?.children.some((one) => covers(text.slice(one.start, one.end), type)) === true;
    }
  }
  return false;
}

/** A `try` with a clause for what is announced. */
export function mayCatch(attempt: SyntaxNode, type: string, text: string): boolean {
  return attempt.children.some((clause) => catches(clause, type.slice(type.lastIndexOf('.') + 1), text));
}

function catches(clause: SyntaxNode, type: string, text: string): boolean {
  if (clause.type !== 'catch_clause') return false;
  const parameter = childOfType(clause, 'catch_formal_parameter');
  const types = parameter === null ? null : childOfType(parameter, 'catch_type');
  return types?.children.some((one) => covers(text.slice(one.start, one.end), type)) === true;
}

function covers(name: string, type: string): boolean {
  const simple = name.slice(name.lastIndexOf('.') + 1);
  return simple === type || simple === 'Exception' || simple === 'Throwable';
}
