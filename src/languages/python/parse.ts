/** Python source to syntax tree. The tree stays inside this folder: others hold it as a `ParsedFile`. */
import type { Span } from '../../ir/ir.ts';
import type { ParsedFile } from '../language.ts';
import { grammarOf, parseTree } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';

export interface PythonFile extends ParsedFile {
  readonly language: 'python';
  readonly root: SyntaxNode;
  readonly comments: readonly Span[];
}

export function parsePython(path: string, text: string): PythonFile {
  const { root, errors, comments } = parseTree(grammarOf('tree-sitter-python'), text);
  if (/\\\r?\n/.test(text)) dropContinuations(root);
  return { language: 'python', path, text, errors, comments, root };
}

/** A backslash at the end of a line is a node to the grammar, which may stand anywhere, and nothing to us. */
function dropContinuations(root: SyntaxNode): void {
  const pending: SyntaxNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    // Nobody else has the tree yet, so its lists may still be changed.
    const children = node.children as SyntaxNode[];
    let kept = 0;
    for (const child of children) {
      if (child.type !== 'line_continuation') children[kept++] = child;
      if (child.children.length > 0) pending.push(child);
    }
    if (kept < children.length) children.length = kept;
  }
}

export function isPythonFile(file: ParsedFile): file is PythonFile {
  return file.language === 'python' && 'root' in file;
}
