/**
 * The built plugin in ESLint's own command line, in both releases it is for. `npm run build` makes it; `.ci/run`
 * does so before the tests.
 */
import type { ESLint } from 'eslint';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { builtPlugin, isBuilt } from './built.ts';
import { linesOf } from './eslint-run.ts';
import { invoices, java, places, placesOf } from './eslint-sources.ts';
import { temporaryFolder } from './temporary-folder.ts';

const config = `import closewait from ${JSON.stringify(pathToFileURL(builtPlugin).href)};
export default [closewait.configs.recommended, ...closewait.configs.languages];
`;

function node(cwd: string, args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe.runIf(isBuilt(builtPlugin))('the built plugin', () => {
  test('can be required, by a config in CommonJS too', () => {
    const cwd = temporaryFolder({
      'eslint.config.cjs': `const closewait = require(${JSON.stringify(builtPlugin)});
        module.exports = [closewait.configs.recommended, ...closewait.configs.languages];`,
      'Invoices.java': java,
    });
    const eslint = join(import.meta.dirname, '../node_modules/eslint/bin/eslint.js');
    const { code, out, err } = node(cwd, [eslint, '--format', 'json']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain('closewait/leak');
  });

  test('is ready as soon as promises settle, and says so if it is not', () => {
    const cwd = temporaryFolder({
      'now.cjs': `const { Linter } = require(${JSON.stringify(join(import.meta.dirname, '../node_modules/eslint'))});
        const closewait = require(${JSON.stringify(builtPlugin)});
        const configs = [closewait.configs.recommended, ...closewait.configs.languages];
        const lint = () => new Linter().verify(${JSON.stringify(java)}, configs, 'Invoices.java')
          .map(({ message }) => console.log(message));
        lint();
        setImmediate(lint);`,
    });
    const { out, err } = node(cwd, ['now.cjs']);
    expect(err).toBe('');
    expect(out.split('\n')).toEqual([
      expect.stringContaining('closewait is still being loaded'),
      expect.stringMatching(/^`from` from `new FileInputStream` is not released/),
      '',
    ]);
  });

  describe.each(['eslint', 'eslint9'])('in %s', (release) => {
    const bin = join(import.meta.dirname, `../node_modules/${release}/bin/eslint.js`);

    function project(files: Readonly<Record<string, string>> = invoices): string {
      return temporaryFolder({ ...files, 'eslint.config.mjs': config });
    }

    function eslint(cwd: string, args: readonly string[] = []): { code: number | null; lines: string[]; err: string } {
      const { code, out, err } = node(cwd, [bin, '--format', 'json', ...args]);
      const results = JSON.parse(out === '' ? '[]' : out) as ESLint.LintResult[];
      return { code, lines: placesOf(linesOf(results, cwd)), err };
    }

    test('--concurrency', () => {
      const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`pkg${String(i)}/Invoices.java`, java]));
      const { code, lines, err } = eslint(project(files), ['--concurrency', '2']);
      expect(code).toBe(1);
      // It may say that so few files are not worth it.
      expect(err.replace(/^.*ESLintPoorConcurrencyWarning.*\n.*\n/, '')).toBe('');
      expect(lines).toHaveLength(30);
    });

    test('--cache', () => {
      const cwd = project();
      expect(eslint(cwd, ['--cache'])).toEqual({ code: 1, lines: places, err: '' });
      expect(readdirSync(cwd)).toContain('.eslintcache');
      expect(eslint(cwd, ['--cache'])).toEqual({ code: 1, lines: places, err: '' });
      writeFileSync(join(cwd, 'Invoices.java'), java.replace('return 0', 'from.close()'));
      expect(eslint(cwd, ['--cache']).lines).toEqual(places);
      writeFileSync(
        join(cwd, 'Invoices.java'),
        java.replace('return from.read()', 'from.close()').replace('return 0', 'from.close()'),
      );
      expect(eslint(cwd, ['--cache']).lines).toEqual(places.slice(1));
    });

    test('bulk suppressions', () => {
      const cwd = project();
      expect(eslint(cwd, ['--suppress-all'])).toEqual({ code: 0, lines: [], err: '' });
      expect(eslint(cwd)).toEqual({ code: 0, lines: [], err: '' });
      writeFileSync(join(cwd, 'Other.java'), java);
      expect(eslint(cwd).lines).toEqual(['Other.java:5:28 leak']);
      writeFileSync(join(cwd, 'invoices.go'), 'package invoices\n');
      expect(eslint(cwd).err).toMatch(/suppressions left that do not occur anymore/);
      expect(eslint(cwd, ['--prune-suppressions']).err).toBe('');
    });

    test('unused comments are an error where asked for', () => {
      const cwd = project({ 'A.java': '// eslint-disable-next-line closewait/leak -- gone\nclass A {}\n' });
      const { code, lines } = eslint(cwd, ['--report-unused-disable-directives-severity', 'error']);
      expect({ code, lines }).toEqual({ code: 1, lines: ['A.java:1:1 '] });
    });
  });
});
