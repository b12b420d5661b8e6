/** Go source to syntax tree. The tree stays inside this folder: others hold it as a `ParsedFile`. */
import type { Span } from '../../ir/ir.ts';
import type { ParsedFile } from '../language.ts';
import { grammarOf, treeOf } from '../tree-sitter.ts';
import type { SyntaxNode, TreeNumbers } from '../tree-sitter.ts';
import { withPlainNew } from './new-of-value.ts';
import { recoverFunctions } from './pieces.ts';

export interface GoFile extends ParsedFile {
  readonly language: 'go';
  readonly root: SyntaxNode;
  readonly comments: readonly Span[];
}

export function parseGo(path: string, text: string, known?: TreeNumbers): GoFile {
  const grammar = grammarOf('tree-sitter-go');
  const shown = withPlainNew(text);
  return { language: 'go', path, text, ...recoverFunctions(grammar, shown, treeOf(grammar, shown, known)) };
}

export function isGoFile(file: ParsedFile): file is GoFile {
  return file.language === 'go' && 'root' in file;
}
