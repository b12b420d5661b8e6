/** Java source to syntax tree. The tree stays inside this folder: others hold it as a `ParsedFile`. */
import { InvariantError } from '../../errors.ts';
import type { ParsedFile } from '../language.ts';
import { loadGrammar, parseTree } from '../tree-sitter.ts';
import type { Grammar, SyntaxNode } from '../tree-sitter.ts';

export interface JavaFile extends ParsedFile {
  readonly language: 'java';
  readonly root: SyntaxNode;
}

let grammar: Grammar | null = null;

export async function loadJava(): Promise<void> {
  grammar ??= await loadGrammar('tree-sitter-java');
}

export function parseJava(path: string, text: string): JavaFile {
  if (grammar === null) throw new InvariantError('the Java parser is not loaded');
  const { root, errors } = parseTree(grammar, text);
  return { language: 'java', path, text, errors, root };
}

export function isJavaFile(file: ParsedFile): file is JavaFile {
  return file.language === 'java' && 'root' in file;
}
