/** Go source to syntax tree. The tree stays inside this folder: others hold it as a `ParsedFile`. */
import type { Span } from '../../ir/ir.ts';
import type { ParsedFile } from '../language.ts';
import { grammarOf, parseTree } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { recoverFunctions } from './pieces.ts';

export interface GoFile extends ParsedFile {
  readonly language: 'go';
  readonly root: SyntaxNode;
  readonly comments: readonly Span[];
}

export function parseGo(path: string, text: string): GoFile {
  const grammar = grammarOf('tree-sitter-go');
  const { root, errors, comments } = recoverFunctions(grammar, text, parseTree(grammar, text));
  return { language: 'go', path, text, errors, comments, root };
}

export function isGoFile(file: ParsedFile): file is GoFile {
  return file.language === 'go' && 'root' in file;
}
