/** Python source to syntax tree. The tree stays inside this folder: others hold it as a `ParsedFile`. */
import type { Span } from '../../ir/ir.ts';
import type { ParsedFile } from '../language.ts';
import { grammarOf, treeOf } from '../tree-sitter.ts';
import type { SyntaxNode, TreeNumbers } from '../tree-sitter.ts';

export interface PythonFile extends ParsedFile {
  readonly language: 'python';
  readonly root: SyntaxNode;
  readonly comments: readonly Span[];
}

export function parsePython(path: string, text: string, known?: TreeNumbers): PythonFile {
  return { language: 'python', path, text, ...treeOf(grammarOf('tree-sitter-python'), text, known) };
}

export function isPythonFile(file: ParsedFile): file is PythonFile {
  return file.language === 'python' && 'root' in file;
}
