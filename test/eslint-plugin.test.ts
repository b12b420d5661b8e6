/** The plugin as ESLint sees it: options, files that are no plain files, changes while it runs, and failure. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Linter } from 'eslint';
import { ESLint } from 'eslint';
import { afterEach, describe, expect, test, vi } from 'vitest';
import closewait from '../src/eslint/plugin.ts';
import { ProjectListing } from '../src/eslint/project-listing.ts';
import { checkCatalogue } from '../src/findings/check-catalogue.ts';
import { typescriptFrontend } from '../src/languages/typescript/frontend.ts';
import { discover } from '../src/project/discover.ts';
import { eslintIn, lint, linesOf, typescriptParser } from './eslint-run.ts';
import { temporaryFolder } from './temporary-folder.ts';

const leaky = `import { openSync } from 'node:fs';
export function sizeOf(name) {
  const from = openSync(name, 'r');
  if (name === '') return 0;
  return name.length;
}
`;
const found = '3:16 leak `from` from `openSync` is not released on the path that ends in line';

const caller = `import { openSync } from 'node:fs';
import { finish } from './finish.js';
export function sizeOf(name) {
  const from = openSync(name, 'r');
  finish(from);
}
`;
const closing = `import { closeSync } from 'node:fs';\nexport function finish(file) { closeSync(file); }\n`;
const idle = `export function finish(file) { file.toString(); }\n`;
const js: Linter.Config = { files: ['**/*.js'] };

/** Longer than files count as unchanged. */
const aMoment = 300;

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the plugin', () => {
  test('has a rule for each check, all of them in the recommended config', async () => {
    const ids = checkCatalogue.map(({ id }) => id);
    expect(Object.keys(closewait.rules)).toEqual(ids);
    expect(Object.keys(closewait.configs.recommended.rules ?? {})).toEqual(ids.map((id) => `closewait/${id}`));
    const notes = checkCatalogue.flatMap(({ id, severity }) => (severity === 'note' ? [`closewait/${id}`] : []));
    const { rules } = closewait.configs.recommended;
    expect(Object.entries(rules ?? {}).flatMap(([id, level]) => (String(level) === 'warn' ? [id] : []))).toEqual(notes);
    const cwd = temporaryFolder({ 'a.js': leaky });
    const eslint = new ESLint({ cwd, overrideConfigFile: true, overrideConfig: [closewait.configs.recommended] });
    const [result] = await eslint.lintFiles(['a.js']);
    expect(result?.messages).toMatchObject([
      { ruleId: 'closewait/leak', line: 3, column: 16, endLine: 3, endColumn: 35 },
    ]);
    expect(eslint.getRulesMetaForResults(result === undefined ? [] : [result])['closewait/leak']?.docs?.url).toMatch(
      /docs\/checks\/leak\.md$/,
    );
  });

  test('does not parse again what ESLint has parsed', async () => {
    const parse = vi.spyOn(typescriptFrontend, 'parse');
    const cwd = temporaryFolder({ 'src/caller.js': caller, 'src/finish.js': closing, 'src/other.js': leaky });
    // One after the other: ESLint reads several at once, and lints them as they come.
    expect(await lint(cwd, { configs: [js] }, ['src/caller.js'])).toEqual([]);
    expect(await lint(cwd, { configs: [js] }, ['src/other.js'])).toHaveLength(1);
    expect(parse.mock.calls.map(([path]) => path)).toEqual(['src/finish.js']);
  });
});

describe('options', () => {
  test('minConfidence', async () => {
    const cwd = temporaryFolder({
      'a.js': `import { openSync, closeSync } from 'node:fs';
        export function copy(name, work) { const from = openSync(name, 'r'); work(name); closeSync(from); }`,
    });
    expect(await lint(cwd, { configs: [js] })).toEqual([]);
    expect(await lint(cwd, { configs: [js], minConfidence: 'low' })).toHaveLength(1);
  });

  test('path: the steps, a line each', async () => {
    const cwd = temporaryFolder({ 'a.js': leaky });
    const [line] = await lint(cwd, { configs: [js], path: 'append' });
    expect(line?.split('\n').slice(1)).toEqual([
      '  3  `openSync` acquires it into `from`',
      "  4  `name === ''` is true",
      '  4  the function ends here, `from` still open',
    ]);
  });

  test('models, relative to the working directory', async () => {
    const cwd = temporaryFolder({
      'a.js': `import { borrow } from 'acme-store';\nexport function use() { const shelf = borrow(); shelf.count(); }\n`,
      'models/acme.yaml': `library: Acme Store
language: typescript
resources:
  shelf: { title: shelf, release: [close] }
calls:
  - { call: 'acme-store#borrow', acquire: shelf }
`,
    });
    expect(await lint(cwd, { configs: [js] })).toEqual([]);
    expect(await lint(cwd, { configs: [js], models: ['models/acme.yaml'] })).toHaveLength(1);
  });

  test.each([{ minConfidence: 'sure' }, { models: 'acme.yaml' }, { level: 'high' }])(
    '%o is refused',
    async (option) => {
      const cwd = temporaryFolder({ 'a.js': leaky });
      const rules: Linter.RulesRecord = { 'closewait/leak': ['error', option] };
      const config: Linter.Config = { ...closewait.configs.recommended, rules };
      const eslint = new ESLint({ cwd, overrideConfigFile: true, overrideConfig: [config] });
      await expect(eslint.lintFiles(['a.js'])).rejects.toThrow(/closewait\/leak/);
    },
  );
});

describe('text that is no file', () => {
  test('without a name', async () => {
    const cwd = temporaryFolder({ 'finish.js': closing });
    const eslint = eslintIn(cwd, { configs: [js] });
    expect(linesOf(await eslint.lintText(leaky), cwd)).toEqual([expect.stringContaining(found)]);
    expect(linesOf(await eslint.lintText(caller), cwd)).toEqual([]);
  });

  test('with the name of a file that is not there yet', async () => {
    const cwd = temporaryFolder();
    const results = await eslintIn(cwd, { configs: [js] }).lintText(leaky, { filePath: join(cwd, 'new.js') });
    expect(linesOf(results, cwd)).toEqual([expect.stringContaining(found)]);
  });

  test('a block of a file, by a processor', async () => {
    const processor: Linter.Processor = {
      preprocess: (text) => [{ text, filename: '0.js' }],
      postprocess: (messages) => messages.flat(),
    };
    const cwd = temporaryFolder({ 'README.md': leaky, 'page.vue': leaky });
    const configs: Linter.Config[] = [{ files: ['**/*.md', '**/*.vue'], processor }, { files: ['**/*.js'] }];
    const scoped: Linter.Config = { files: ['**/*.md', '**/*.vue'], plugins: { closewait } };
    const lines = await lint(cwd, { configs: [scoped, ...configs] });
    expect(lines).toEqual([expect.stringContaining(found), expect.stringContaining(found)]);
  });

  test('a file that another parser makes a program of', async () => {
    const cwd = temporaryFolder({ 'page.vue': leaky });
    const configs: Linter.Config[] = [{ files: ['**/*.vue'], plugins: { closewait } }];
    expect(await lint(cwd, { configs }, ['page.vue'])).toEqual([expect.stringContaining(found)]);
  });

  test('a file of another language', async () => {
    const cwd = temporaryFolder({ 'a.note': leaky });
    const configs: Linter.Config[] = [{ files: ['**/*.note'], plugins: { closewait, notes }, language: 'notes/note' }];
    expect(await lint(cwd, { configs }, ['a.note'])).toEqual([]);
  });
});

/** A language whose root happens to be called as that of JavaScript. */
const notes: ESLint.Plugin = {
  languages: {
    note: {
      fileType: 'text',
      lineStart: 1,
      columnStart: 0,
      nodeTypeKey: 'type',
      validateLanguageOptions: () => undefined,
      parse: () => ({ ok: true, ast: { type: 'Program' } }),
      createSourceCode: ({ body }) => {
        const ast = { type: 'Program' };
        const place = { start: { line: 1, column: 0 }, end: { line: 1, column: 0 } };
        const step = { kind: 1 as const, type: 'visit' as const, target: ast, phase: 1 as const, args: [ast] };
        return { text: String(body), ast, getLoc: () => place, getRange: () => [0, 0], traverse: () => [step] };
      },
    },
  },
};

describe('changes while ESLint runs', () => {
  test('of a helper', async () => {
    const cwd = temporaryFolder({ 'caller.js': caller, 'finish.js': closing });
    expect(await lint(cwd, { configs: [js] }, ['caller.js'])).toEqual([]);
    writeFileSync(join(cwd, 'finish.js'), idle);
    await setTimeout(aMoment);
    expect(await lint(cwd, { configs: [js] }, ['caller.js'])).toEqual([expect.stringContaining('4:16 leak')]);
  });

  test('a helper that comes, and goes', async () => {
    const cwd = temporaryFolder({ 'caller.js': caller, 'lib/readme.txt': '' });
    const before = await lint(cwd, { configs: [js], minConfidence: 'low' }, ['caller.js']);
    writeFileSync(join(cwd, 'finish.js'), idle);
    await setTimeout(aMoment);
    const between = await lint(cwd, { configs: [js], minConfidence: 'low' }, ['caller.js']);
    expect(between).toHaveLength(1);
    rmSync(join(cwd, 'finish.js'));
    await setTimeout(aMoment);
    expect(await lint(cwd, { configs: [js], minConfidence: 'low' }, ['caller.js'])).toEqual(before);
  });

  test('unsaved text counts for its own file only', async () => {
    const cwd = temporaryFolder({ 'caller.js': caller, 'finish.js': closing });
    const eslint = eslintIn(cwd, { configs: [js] });
    const at = (path: string): { filePath: string } => ({ filePath: join(cwd, path) });
    expect(linesOf(await eslint.lintText(caller.replace('finish(from)', ''), at('caller.js')), cwd)).toHaveLength(1);
    await eslint.lintText(`${idle}// openSync(`, at('finish.js'));
    expect(linesOf(await eslint.lintText(caller, at('caller.js')), cwd)).toEqual([]);
  });

  test('of a models file', async () => {
    const model = (release: string): string =>
      `library: Acme\nlanguage: typescript\nresources:\n  shelf: { title: shelf, release: [${release}] }\ncalls:\n  - { call: 'acme#borrow', acquire: shelf }\n`;
    const cwd = temporaryFolder({
      'a.js': `import { borrow } from 'acme';\nexport function use() { const shelf = borrow(); shelf.dispatch(); }\n`,
      'acme.yaml': model('close'),
    });
    const options = { configs: [js], models: ['acme.yaml'] };
    expect(await lint(cwd, options)).toHaveLength(1);
    writeFileSync(join(cwd, 'acme.yaml'), model('dispatch'));
    await setTimeout(aMoment);
    expect(await lint(cwd, options)).toEqual([]);
  });
});

describe('failure', () => {
  test('a models file that is not there is one report', async () => {
    const cwd = temporaryFolder({ 'a.js': leaky });
    const lines = await lint(cwd, { configs: [js], models: ['nowhere.yaml'] });
    expect(lines).toEqual([expect.stringMatching(/^a\.js:1:1 \S+ .*nowhere\.yaml: cannot read the model file/)]);
  });

  test('a bug of ours in a fix is one report, and the findings stand', async () => {
    vi.spyOn(typescriptFrontend, 'fixes').mockImplementation(() => {
      throw new Error('surprise');
    });
    const cwd = temporaryFolder({ 'a.js': leaky + leaky.replace('sizeOf', 'lengthOf').replace(/^.*\n/, '') });
    expect(await lint(cwd, { configs: [js] })).toEqual([
      expect.stringMatching(/^a\.js:1:1 \S+ .*a\.js: internal error \(Error: surprise\); this file's fixes may be/),
      expect.stringContaining(`a.js:${found}`),
      expect.stringMatching(/^a\.js:8:16 leak /),
    ]);
  });

  test('a bug of ours is one report, and other files keep their findings', async () => {
    const index = typescriptFrontend.index.bind(typescriptFrontend);
    vi.spyOn(typescriptFrontend, 'index').mockImplementation((file, habits) => {
      if (file.path === 'bad.js') throw new Error('surprise');
      return index(file, habits);
    });
    const cwd = temporaryFolder({ 'bad.js': leaky, 'good.js': leaky });
    expect(await lint(cwd, { configs: [js] })).toEqual([
      expect.stringMatching(/^bad\.js:1:1 \S+ bad\.js: internal error \(Error: surprise\)/),
      expect.stringContaining(found),
    ]);
  });

  test('syntax that only ESLint’s parser takes, and syntax that none does', async () => {
    const cwd = temporaryFolder({
      'sloppy.js': `${leaky.replace('import {', 'const {').replace("} from 'node:fs'", "} = require('node:fs')").replace('export ', '')}with (console) { log(010); }\n`,
      'broken.js': `${leaky}function (`,
    });
    const sloppy: Linter.Config = { ...js, languageOptions: { sourceType: 'script' } };
    expect(await lint(cwd, { configs: [sloppy] })).toEqual(['broken.js: unparsed', expect.stringContaining(found)]);
  });
});

describe('the list of files', () => {
  const extensions = ['.ts', '.js'];

  test('is that of a scan', () => {
    const cwd = temporaryFolder({
      'src/a.ts': '',
      'src/B.js': '',
      'src/a-b/c.ts': '',
      'src/a.txt': '',
      '.hidden/x.ts': '',
      'node_modules/x/y.js': '',
      '.gitignore': 'out/\n*.gen.ts\n!kept.gen.ts\n',
      'out/a.js': '',
      'src/b.gen.ts': '',
      'src/kept.gen.ts': '',
      'elsewhere/real.txt': '',
      'sub/.gitignore': '/local.ts\n',
      'sub/local.ts': '',
      'sub/deep/local.ts': '',
    });
    mkdirSync(join(cwd, 'folder.ts'));
    symlinkSync(join(cwd, 'elsewhere/real.txt'), join(cwd, 'src/linked.ts'));
    symlinkSync(join(cwd, 'src/a.ts'), join(cwd, 'src/again.ts'));
    symlinkSync(join(cwd, 'nowhere'), join(cwd, 'src/dangling.ts'));
    symlinkSync(join(cwd, 'src'), join(cwd, 'sources.ts'));
    for (const folder of ['', 'src', 'out', 'sub/deep']) {
      const at = join(cwd, folder);
      const { files } = discover(['.'], { cwd: at, extensions });
      const listing = new ProjectListing(at, extensions);
      listing.include('');
      expect([...listing.paths]).toEqual(files.map(({ path }) => path));
    }
  });

  test('takes files that it leaves out as what they are', async () => {
    const cwd = temporaryFolder({
      'gen/caller.js': caller.replace('./finish', '../finish'),
      'finish.js': closing,
      '.gitignore': 'gen/\n',
    });
    const eslint = eslintIn(cwd, { configs: [js] });
    expect(linesOf(await eslint.lintFiles(['.']), cwd)).toEqual([]);
    writeFileSync(join(cwd, 'finish.js'), idle);
    await setTimeout(aMoment);
    expect(linesOf(await eslint.lintFiles(['.']), cwd)).toEqual([expect.stringContaining('gen/caller.js:4:16 leak')]);
  });
});

test('typescript files without a parser for them are not our matter', async () => {
  const cwd = temporaryFolder({ 'a.ts': leaky.replace('name)', 'name: string): number') });
  expect(await lint(cwd, { configs: [{ files: ['**/*.ts'] }] })).toEqual(['a.ts: unparsed']);
  expect(await lint(cwd, { configs: [typescriptParser] })).toHaveLength(1);
});
