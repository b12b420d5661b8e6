/** Python source to syntax tree. The tree stays inside this folder: others hold it as a `ParsedFile`. */
import { InvariantError } from '../../errors.ts';
import type { ParsedFile } from '../language.ts';
import { loadGrammar, parseTree } from '../tree-sitter.ts';
import type { Grammar, SyntaxNode } from '../tree-sitter.ts';

export interface PythonFile extends ParsedFile {
  readonly language: 'python';
  readonly root: SyntaxNode;
}

let grammar: Grammar | null = null;

export async function loadPython(): Promise<void> {
  grammar ??= await loadGrammar('tree-sitter-python');
}

export function parsePython(path: string, text: string): PythonFile {
  if (grammar === null) throw new InvariantError('the Python parser is not loaded');
  const { root, errors } = parseTree(grammar, text);
  if (/\\\r?\n/.test(text)) dropContinuations(root);
  return { language: 'python', path, text, errors, root };
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
