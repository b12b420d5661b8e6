/** Java source to syntax tree. The tree stays inside this folder: others hold it as a `ParsedFile`. */
import type { Span } from '../../ir/ir.ts';
import type { ParsedFile } from '../language.ts';
import { grammarOf, treeOf } from '../tree-sitter.ts';
import type { SyntaxNode, TreeNumbers } from '../tree-sitter.ts';

export interface JavaFile extends ParsedFile {
  readonly language: 'java';
  readonly root: SyntaxNode;
  readonly comments: readonly Span[];
}

export function parseJava(path: string, text: string, known?: TreeNumbers): JavaFile {
  return { language: 'java', path, text, ...treeOf(grammarOf('tree-sitter-java'), text, known) };
}

export function isJavaFile(file: ParsedFile): file is JavaFile {
  return file.language === 'java' && 'root' in file;
}
