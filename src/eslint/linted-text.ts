/**
 * A text as the rules want it, whatever ESLint made of it: the tree of ESLint's own parsers for JavaScript and
 * TypeScript, or the source code of one of the plugin's languages.
 */
import type { TSESLint } from '@typescript-eslint/utils';
import type { CallTypes, LanguageFrontend, ParsedFile } from '../languages/language.ts';
import { checkedTypes, parsedFromProgram, typescriptFrontend } from '../languages/typescript/frontend.ts';
import { LanguageSource } from './language-source.ts';

export interface LintedText {
  readonly frontend: LanguageFrontend;
  readonly text: string;
  /** `path`: relative to the working directory, with `/`. */
  parse(path: string): ParsedFile;
  /** What ESLint's parser knows of types, where the configuration wants it to; null: nothing. */
  typesIn(cwd: string): CallTypes | null;
}

/** null for languages of other plugins, which have source code of their own, whatever the types say. */
export function lintedTextOf(sourceCode: Readonly<TSESLint.SourceCode>): LintedText | null {
  const { text } = sourceCode;
  const own: unknown = sourceCode;
  if (own instanceof LanguageSource)
    return { frontend: own.frontend, text, parse: (path) => own.parse(path), typesIn: () => null };
  if (!isEcmaScript(sourceCode)) return null;
  const program = sourceCode.parserServices?.program ?? null;
  return {
    frontend: typescriptFrontend,
    text,
    parse: (path) => parsedFromProgram(path, text, sourceCode.ast),
    typesIn: (cwd) => (program === null ? null : checkedTypes(cwd, () => program)),
  };
}

function isEcmaScript(sourceCode: Partial<Readonly<TSESLint.SourceCode>>): boolean {
  const { ast } = sourceCode;
  const root: unknown = ast?.type;
  return root === 'Program' && Array.isArray(ast?.range) && 'getLocFromIndex' in sourceCode;
}
