/** Go source to syntax tree. The tree stays inside this folder: others hold it as a `ParsedFile`. */
import { InvariantError } from '../../errors.ts';
import type { ParsedFile } from '../language.ts';
import { loadGrammar, parseTree } from '../tree-sitter.ts';
import type { Grammar, SyntaxNode } from '../tree-sitter.ts';
import { recoverFunctions } from './pieces.ts';

export interface GoFile extends ParsedFile {
  readonly language: 'go';
  readonly root: SyntaxNode;
}

let grammar: Grammar | null = null;

export async function loadGo(): Promise<void> {
  grammar ??= await loadGrammar('tree-sitter-go');
}

export function parseGo(path: string, text: string): GoFile {
  if (grammar === null) throw new InvariantError('the Go parser is not loaded');
  const { root, errors } = recoverFunctions(grammar, text, parseTree(grammar, text));
  return { language: 'go', path, text, errors, root };
}

export function isGoFile(file: ParsedFile): file is GoFile {
  return file.language === 'go' && 'root' in file;
}
