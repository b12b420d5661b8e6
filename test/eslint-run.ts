/** Runs ESLint with the plugin on a folder, and puts what it reports in the form that scans are compared in. */
import { ESLint } from 'eslint';
import type { Linter } from 'eslint';
import { relative } from 'node:path';
import tseslint from 'typescript-eslint';
import closewait from '../src/eslint/plugin.ts';
import type { RuleOptions } from '../src/eslint/rule.ts';
import { checkCatalogue } from '../src/findings/check-catalogue.ts';

export interface LintOptions extends Partial<RuleOptions> {
  readonly configs?: readonly Linter.Config[];
}

const sources = ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'];

export const typescriptParser: Linter.Config = {
  files: sources,
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: { ecmaFeatures: { jsx: true } },
  },
};

export function eslintIn(cwd: string, { configs = [typescriptParser], ...options }: LintOptions = {}): ESLint {
  const rules = checkCatalogue.map(({ id }): [string, Linter.RuleEntry] => [`closewait/${id}`, ['error', options]]);
  return new ESLint({
    cwd,
    overrideConfigFile: true,
    ruleFilter: ({ ruleId }) => ruleId.startsWith('closewait/'),
    overrideConfig: [
      { files: sources, plugins: { closewait } },
      ...closewait.configs.languages,
      ...configs,
      { rules: Object.fromEntries(rules), linterOptions: { reportUnusedDisableDirectives: 'off' } },
    ],
  });
}

/** `src/a.ts:3:9 leak message`, sorted; a file that ESLint cannot parse is `src/a.ts: unparsed`. */
export function linesOf(results: readonly ESLint.LintResult[], cwd: string): string[] {
  return results
    .flatMap(({ filePath, messages }) =>
      messages.map((message) => {
        const path = relative(cwd, filePath).replaceAll('\\', '/');
        if (message.fatal === true) return `${path}: unparsed`;
        const rule = (message.ruleId ?? '').replace('closewait/', '');
        return `${path}:${String(message.line)}:${String(message.column)} ${rule} ${message.message}`;
      }),
    )
    .sort();
}

export async function lint(cwd: string, options: LintOptions = {}, patterns: string[] = ['.']): Promise<string[]> {
  return linesOf(await eslintIn(cwd, options).lintFiles(patterns), cwd);
}
