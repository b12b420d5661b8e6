/**
 * The ESLint plugin, `closewait/eslint`: one rule per check, over the same analysis as `closewait scan`, and the
 * languages that ESLint has no parser for. Loading it waits for nothing, so `require` can.
 */
import { createRequire } from 'node:module';
import type { ESLint, Linter, Rule } from 'eslint';
import { checkCatalogue } from '../findings/check-catalogue.ts';
import type { CheckDescription } from '../findings/check-catalogue.ts';
import type { CheckId } from '../findings/finding.ts';
import { frontends } from '../languages/registry.ts';
import { typescriptFrontend } from '../languages/typescript/frontend.ts';
import { languageOf } from './language.ts';
import { ruleOf } from './rule.ts';
import type { RuleOptions } from './rule.ts';

export interface ClosewaitPlugin extends ESLint.Plugin {
  readonly rules: Record<CheckId, Rule.RuleModule>;
  readonly configs: {
    /** All rules, for all files of the config. */
    readonly recommended: Linter.Config;
    /** As `recommended`, with findings of low confidence. */
    readonly strict: Linter.Config;
    /** Makes ESLint lint files of the languages it has no parser for. */
    readonly languages: Linter.Config[];
  };
}

// It is what package.json of any package holds.
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Those whose trees do not come from ESLint. */
const ownFrontends = frontends.filter((frontend) => frontend !== typescriptFrontend);

const plugin: ClosewaitPlugin = {
  meta: { name: 'closewait', version, namespace: 'closewait' },
  languages: Object.fromEntries(ownFrontends.map((frontend) => [frontend.id, languageOf(frontend)])),
  // The catalogue has every check once.
  rules: Object.fromEntries(checkCatalogue.map((check) => [check.id, ruleOf(check)])) as ClosewaitPlugin['rules'],
  configs: {
    recommended: configNamed('recommended', []),
    strict: configNamed('strict', [{ minConfidence: 'low' }]),
    languages: ownFrontends.map(({ id, extensions, dependencyFolders }) => ({
      ...configBase(`languages/${id}`),
      files: extensions.map((extension) => `**/*${extension}`),
      ...(dependencyFolders.length === 0 ? {} : { ignores: dependencyFolders.map((folder) => `**/${folder}/**`) }),
      language: `closewait/${id}`,
    })),
  },
};

function configNamed(name: string, options: Partial<RuleOptions>[]): Linter.Config {
  return {
    ...configBase(name),
    rules: Object.fromEntries(checkCatalogue.map((check) => [`closewait/${check.id}`, [levelOf(check), ...options]])),
  };
}

function levelOf({ severity }: CheckDescription): Linter.StringSeverity {
  return severity === 'note' ? 'warn' : 'error';
}

function configBase(name: string): Linter.Config {
  return {
    name: `closewait/${name}`,
    plugins: {
      // There is no plugin yet while its configs are made.
      get closewait() {
        return plugin;
      },
    },
  };
}

// What `require` gives to a config in CommonJS.
export { plugin as default, plugin as 'module.exports' };
