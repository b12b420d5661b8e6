/**
 * The ESLint plugin, `closewait/eslint`: one rule per check, over the same analysis as `closewait scan`. It knows
 * JavaScript and TypeScript only; a rule does nothing in files of ESLint's other languages.
 */
import { createRequire } from 'node:module';
import type { ESLint, Linter, Rule } from 'eslint';
import { checkCatalogue } from '../findings/check-catalogue.ts';
import type { CheckId } from '../findings/finding.ts';
import { ruleOf } from './rule.ts';

export interface ClosewaitPlugin extends ESLint.Plugin {
  readonly rules: Record<CheckId, Rule.RuleModule>;
  readonly configs: { readonly recommended: Linter.Config };
}

// It is what package.json of any package holds.
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const plugin: ClosewaitPlugin = {
  meta: { name: 'closewait', version, namespace: 'closewait' },
  // The catalogue has every check once.
  rules: Object.fromEntries(checkCatalogue.map((check) => [check.id, ruleOf(check)])) as ClosewaitPlugin['rules'],
  configs: {
    recommended: {
      name: 'closewait/recommended',
      plugins: {
        get closewait() {
          return plugin;
        },
      },
      rules: Object.fromEntries(checkCatalogue.map(({ id }) => [`closewait/${id}`, 'error'] as const)),
    },
  },
};

// What `require` gives to a config in CommonJS.
export { plugin as default, plugin as 'module.exports' };
