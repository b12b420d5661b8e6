/** The plugin and `closewait scan` find the same in the same files, word for word. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { typescriptFrontend } from '../src/languages/typescript/frontend.ts';
import { closewait } from './closewait.ts';
import { lint } from './eslint-run.ts';
import type { LintOptions } from './eslint-run.ts';
import { temporaryFolder } from './temporary-folder.ts';

const allFixtures = join(import.meta.dirname, '../fixtures');
const fixtures = join(allFixtures, 'typescript');
/** What ESLint's parsers refuse is ESLint's to report. */
const unparsable = new Set(['Broken.ts']);

interface JsonFinding {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly check: string;
  readonly message: string;
}

async function scanned(cwd: string, paths: readonly string[], minConfidence: string): Promise<string[]> {
  const { out, err } = await closewait(['scan', ...paths, '--format', 'json', '--min-confidence', minConfidence], cwd);
  expect(err).not.toContain('internal error');
  const report = JSON.parse(out) as { readonly findings: readonly JsonFinding[] };
  return report.findings
    .map((one) => `${one.path}:${String(one.line)}:${String(one.column)} ${one.check} ${one.message}`)
    .sort();
}

async function expectSame(cwd: string, paths: string[], options: LintOptions = {}): Promise<readonly string[]> {
  const found = await scanned(cwd, paths, options.minConfidence ?? 'medium');
  expect(await lint(cwd, options, paths)).toEqual(found);
  return found;
}

const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => typescriptFrontend.extensions.some((extension) => path.endsWith(extension)))
  .filter((path) => !unparsable.has(basename(path)))
  .sort();

/** All fixtures of a language at once take long where a machine is busy. */
const ofAllFiles = { timeout: 240_000 };

describe('fixtures', () => {
  test.each(['high', 'medium', 'low'] as const)(
    'as one project, from %s confidence',
    ofAllFiles,
    async (minConfidence) => {
      const found = await expectSame(fixtures, files, { minConfidence });
      expect(found.length).toBeGreaterThan(10);
    },
  );

  // Below the folder of a library are projects: the plugin sees the files around, and a scan of one of them does not.
  test.each(files.filter((file) => file.split('/').length === 2))('%s alone', async (file) => {
    await expectSame(fixtures, [file], { minConfidence: 'low' });
  });

  test('JavaScript with the parser that ESLint brings', async () => {
    const scripts = files.filter((file) => /\.[cm]?js$/.test(file));
    const found = await expectSame(fixtures, scripts, { minConfidence: 'low', configs: [] });
    expect(found).not.toEqual([]);
  });
});

describe('fixtures of languages that ESLint has no parser for', () => {
  test.each(['java', 'go', 'python'])('%s, as one project', async (language) => {
    const found = await expectSame(join(allFixtures, language), ['.'], { minConfidence: 'low' });
    expect(found.length).toBeGreaterThan(100);
  });
});

const shop = {
  'src/files/open.ts': `
    import { closeSync, openSync, readSync } from 'node:fs';
    export function openInvoice(name: string): number {
      return openSync(name, 'r');
    }
    export function closeInvoice(invoice: number): void {
      closeSync(invoice);
    }
    export const countLines = (invoice: number): number => readSync(invoice, Buffer.alloc(9));
  `,
  'src/files/index.ts': `export * from './open.js';`,
  'src/shop.ts': `
    import { closeSync } from 'node:fs';
    import { closeInvoice, countLines, openInvoice } from './files/open.js';
    export function forgetInvoice(name: string): number {
      const invoice = openInvoice(name);
      const lines = countLines(invoice);
      if (lines > 9) return 9;
      closeSync(invoice);
      return lines;
    }
    export function readInvoice(name: string): number {
      const invoice = openInvoice(name);
      try {
        return countLines(invoice);
      } finally {
        closeInvoice(invoice);
      }
    }
  `,
  'tools/report.cjs': `
    const { openInvoice } = require('../src/files/open');
    module.exports.report = function report(name) {
      const invoice = openInvoice(name);
      if (invoice > 3) return null;
      require('fs').closeSync(invoice);
    };
  `,
  'src/generated/copy.ts': `
    import { openSync } from 'node:fs';
    export function copy(name: string): void { const from = openSync(name, 'r'); console.log(name); }
  `,
  'src/.gitignore': 'generated/\n',
};

describe('projects', () => {
  test('helpers in other modules', async () => {
    const cwd = temporaryFolder(shop);
    const found = await expectSame(cwd, ['src/files', 'src/shop.ts', 'tools'], { minConfidence: 'low' });
    expect(found.map((line) => line.split(' ')[0])).toContain('src/shop.ts:5:23');
    expect(found.some((line) => line.startsWith('tools/report.cjs:4:'))).toBe(true);
  });

  test('from inside a folder that git ignores', async () => {
    const cwd = join(temporaryFolder(shop), 'src/generated');
    expect(await expectSame(cwd, ['.'])).toHaveLength(1);
  });

  test('line ends, byte order marks and wide characters', async () => {
    const body = `import { openSync } from 'node:fs';
export function copy(name: string): void { /* 😀 */ const from = openSync(name, 'r'); console.log(name); }
`;
    const cwd = temporaryFolder({
      'crlf.ts': body.replaceAll('\n', '\r\n'),
      'marked.ts': `\ufeff${body}`,
      'script.ts': `#!/usr/bin/env node\n${body}`,
    });
    expect(await expectSame(cwd, ['.'])).toHaveLength(3);
  });
});
