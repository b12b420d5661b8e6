/** Java, Go and Python as languages of ESLint, in both releases the plugin is for. */
import js from '@eslint/js';
import type { Linter } from 'eslint';
import * as eslint10 from 'eslint';
import * as eslint9 from 'eslint9';
import unicorn from 'eslint-plugin-unicorn';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import closewait from '../src/eslint/plugin.ts';
import { linesOf } from './eslint-run.ts';
import { go, invoices, java, places, placesOf, python } from './eslint-sources.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ours: Linter.Config[] = [closewait.configs.recommended, ...closewait.configs.languages];

describe.each([
  { version: '10', eslint: eslint10 },
  { version: '9', eslint: eslint9 },
])('in ESLint $version', ({ version, eslint }) => {
  function linter(
    cwd: string,
    configs: Linter.Config[] = ours,
    fix = false,
  ): Pick<eslint10.ESLint, 'lintFiles' | 'lintText'> {
    return new eslint.ESLint({ cwd, overrideConfigFile: true, overrideConfig: configs, fix });
  }

  async function lint(files: Readonly<Record<string, string>>, configs: Linter.Config[] = ours): Promise<string[]> {
    const cwd = temporaryFolder(files);
    return linesOf(await linter(cwd, configs).lintFiles(['.']), cwd);
  }

  test('it is that release', () => {
    expect(eslint.ESLint.version.split('.')[0]).toBe(version);
  });

  test('findings are reported where the resource is acquired', async () => {
    expect(placesOf(await lint(invoices))).toEqual(places);
  });

  test('without the languages, files are left alone', async () => {
    expect(await lint({ ...invoices, 'a.js': '' }, [closewait.configs.recommended])).toEqual([]);
  });

  test('text without a file, and a file not saved yet', async () => {
    const cwd = temporaryFolder();
    const results = await linter(cwd).lintText(java, { filePath: join(cwd, 'New.java') });
    expect(placesOf(linesOf(results, cwd))).toEqual(['New.java:5:28 leak']);
  });

  test('code that does not compile', async () => {
    const files = { 'Invoices.java': java.replace('class Invoices {', 'class Invoices { int = ;'), 'empty.go': '' };
    expect(placesOf(await lint({ ...files, 'odd.py': 'def f(:\n' }))).toEqual(['Invoices.java:5:28 leak']);
  });

  test('line ends, byte order marks and wide characters', async () => {
    const wide = java.replace('FileInputStream from', '/* 😀 */ FileInputStream from');
    const lines = await lint({
      'A.java': wide.replaceAll('\n', '\r\n'),
      'B.java': wide.replaceAll('\n', '\r'),
      'C.java': `\ufeff${wide}`,
    });
    expect(placesOf(lines)).toEqual(['A.java:5:37 leak', 'B.java:5:37 leak', 'C.java:5:37 leak']);
  });

  describe('comments', () => {
    test('switch rules off: a line, the next line, from here on', async () => {
      const reason = '-- the caller closes it';
      expect(
        await lint({
          'Line.java': java.replace('(name);', `(name); // eslint-disable-line closewait/leak ${reason}`),
          'next.go': go.replace('\tfrom,', `\t// eslint-disable-next-line closewait/leak ${reason}\n\tfrom,`),
          'from.py': `# eslint-disable closewait/leak ${reason}\n${python}`,
          'Block.java': `/* eslint-disable -- generated */\n${java}`,
        }),
      ).toEqual([]);
    });

    test('switch on again, and other rules only', async () => {
      const files = {
        'Again.java': `/* eslint-disable */\n/* eslint-enable */\n${java}`,
        'other.py': python.replace('80))', '80))  # eslint-disable-line closewait/lost-reference'),
        'text.go': go.replace('return 0', 'return len("// eslint-disable-line closewait/leak")'),
      };
      const quiet: Linter.Config = { linterOptions: { reportUnusedDisableDirectives: 'off' } };
      expect(placesOf(await lint(files, [...ours, quiet]))).toEqual([
        'Again.java:7:28 leak',
        'other.py:5:12 leak',
        'text.go:6:15 leak',
      ]);
    });

    test('configure rules', async () => {
      const files = {
        'Off.java': `/* eslint closewait/leak: "off" */\n${java}`,
        'low.py': `# eslint closewait/leak: ["error", { path: "append" }]\n${python}`,
        'odd.go': `// eslint closewait/leak: [\n${go}`,
      };
      const lines = await lint(files);
      expect(lines[0]).toContain('low.py:6:12 leak');
      expect(lines[0]?.split('\n')).toHaveLength(4);
      expect(lines[1]).toMatch(/^odd\.go: unparsed$/);
    });

    test('that switch off nothing are reported, and removed by fixing', async () => {
      const name = 'unused.py';
      const text = 'import os\n# eslint-disable-next-line closewait/leak -- nobody knows\nos.getcwd()\n';
      const cwd = temporaryFolder({ [name]: text });
      const [unused] = await linter(cwd).lintFiles(['.']);
      expect(unused?.messages).toMatchObject([
        { ruleId: null, line: 2, column: 1, message: expect.stringContaining('Unused eslint-disable') as string },
      ]);
      const [fixed] = await linter(cwd, ours, true).lintFiles(['.']);
      expect(fixed).toMatchObject({ messages: [], output: 'import os\n \nos.getcwd()\n' });
    });

    test('noInlineConfig', async () => {
      const files = { 'Line.java': java.replace('(name);', '(name); // eslint-disable-line') };
      const lines = await lint(files, [...ours, { linterOptions: { noInlineConfig: true } }]);
      expect(placesOf(lines)).toEqual(['Line.java:5:28 leak', 'Line.java:5:55 ']);
    });
  });

  // What people write who have only ever had JavaScript to lint.
  test.each([
    ['js.configs.recommended', [js.configs.recommended]],
    ['js.configs.all', [js.configs.all]],
    ['tseslint.configs.strict', tseslint.configs.strict],
    ['tseslint.configs.stylistic', tseslint.configs.stylistic],
    ['unicorn.configs.recommended', [unicorn.configs.recommended]],
    ['unicorn.configs.all', [unicorn.configs.all]],
  ])('%s without files does no harm', async (_name, preset) => {
    // Types of plugins are made for one release of ESLint.
    const configs = [...(preset as Linter.Config[]), ...ours];
    expect(placesOf(await lint(invoices, configs))).toEqual(places);
  });

  test('embedded code, by a processor', async () => {
    const processor: Linter.Processor = {
      preprocess: (text) => [{ text: text.replace('```', ''), filename: '0.java' }],
      postprocess: (messages) => messages.flat(),
    };
    const lines = await lint({ 'README.md': java }, [...ours, { files: ['**/*.md'], processor }]);
    expect(placesOf(lines)).toEqual(['README.md:5:28 leak']);
  });
});
