/**
 * A language of ESLint's from a frontend. Broken code is no error here, as it is none for `closewait scan`: the
 * rest is analysed, and compilers report it better.
 */
import type { File, Language, LanguageOptions } from '@eslint/core';
import type { LanguageFrontend } from '../languages/language.ts';
import { LanguageSource, rootOf } from './language-source.ts';
import type { LanguageRoot } from './language-source.ts';

type SourceLanguage = Language<{
  LangOptions: LanguageOptions;
  Code: LanguageSource;
  RootNode: LanguageRoot;
  Node: LanguageRoot;
}>;

/** The frontend is loaded here and now, as ESLint would not wait for it later. */
export function languageOf(frontend: LanguageFrontend): SourceLanguage {
  let problem: string | null = 'closewait is still being loaded; lint after a promise has settled, not at once';
  frontend.load().then(
    () => (problem = null),
    (error: unknown) => (problem = `closewait could not be loaded (${String(error)})`),
  );
  return {
    fileType: 'text',
    lineStart: 1,
    columnStart: 0,
    nodeTypeKey: 'type',
    // Rules for JavaScript take for granted that there are some.
    defaultLanguageOptions: { parserOptions: {} },
    // Options of other languages, in configs that are for all files, are not ours to judge.
    validateLanguageOptions: () => undefined,
    parse: (file) =>
      problem === null
        ? { ok: true, ast: rootOf(textOf(file)) }
        : { ok: false, errors: [{ message: problem, line: 1, column: 1 }] },
    createSourceCode: (file, { ast }) => new LanguageSource(frontend, textOf(file), ast),
  };
}

function textOf({ body }: File): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}
