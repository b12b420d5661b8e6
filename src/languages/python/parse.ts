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
  return { language: 'python', path, text, errors, comments, root };
}

export function isPythonFile(file: ParsedFile): file is PythonFile {
  return file.language === 'python' && 'root' in file;
}
