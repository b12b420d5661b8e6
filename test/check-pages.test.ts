/** The programs of docs/checks/: the one under "Bad" is reported by the check of its page, the one under "Good" by none. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scan } from '../src/analyze.ts';

const pages = join(import.meta.dirname, '../docs/checks');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'closewait-pages-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What a page leaves out, as a reader knows it: imports, and what is around the lines shown. */
const programOf: Readonly<Record<string, (lines: string) => { readonly file: string; readonly text: string }>> = {
  java: (lines) => {
    const imports = [
      'java.io.*',
      'java.net.URL',
      'java.nio.file.*',
      'java.sql.*',
      'java.util.concurrent.locks.*',
      'org.apache.http.client.methods.HttpPost',
      'org.apache.http.impl.client.*',
      'org.apache.http.util.EntityUtils',
      'org.apache.parquet.hadoop.ParquetFileReader',
      'org.apache.parquet.io.InputFile',
    ];
    const head = imports.map((name) => `import ${name};\n`).join('');
    const body = lines.startsWith('class ')
      ? lines
      : `class Page {\n  private final Lock lock = new ReentrantLock();\n${lines}\n}`;
    return { file: 'Page.java', text: head + body };
  },
  go: (lines) => {
    const body = lines.startsWith('func ')
      ? lines
      : `func all(paths []string) error {\n${lines.replaceAll('…', '')}\nreturn nil\n}`;
    const head =
      'package page\n\nimport (\n\t"os"\n\t"sync"\n)\n\ntype Cache struct {\n\tmu sync.Mutex\n\tvalues []int\n}\n\n';
    return { file: 'page.go', text: head + body };
  },
  python: (lines) => {
    const head =
      'from contextlib import closing\nimport json\nfrom pathlib import Path\nimport urllib2\nimport tornado.gen\nfrom tornado.httpclient import AsyncHTTPClient\nimport tornado.web\n\n';
    const helper =
      'def load_rates(url):\n    with closing(urllib2.urlopen(url)) as source:\n        return parse(source.read())\n\n';
    const body = lines.startsWith('class ') ? lines : `def read(path):\n${lines.replaceAll(/^/gm, '    ')}\n`;
    return { file: 'page.py', text: head + helper + body };
  },
  js: (lines) => ({ file: 'page.js', text: lines }),
};

async function checksThatReport({ file, text }: { readonly file: string; readonly text: string }): Promise<string[]> {
  writeFileSync(join(folder, file), text);
  const options = {
    cwd: folder,
    minConfidence: 'low',
    checks: null,
    modelFiles: [],
    exclude: [],
    verify: true,
  } as const;
  const result = await scan({ paths: [file], ...options });
  expect(result.problems).toEqual([]);
  return result.findings.map((finding) => finding.check);
}

describe.each(readdirSync(pages).map((name) => basename(name, '.md')))('%s', (check) => {
  const page = readFileSync(join(pages, `${check}.md`), 'utf8');
  const programUnder = (heading: string) => {
    const [, language, lines] = new RegExp(`^## ${heading}\\n\\n\`\`\`(\\w+)\\n(.*?)^\`\`\``, 'ms').exec(page) ?? [];
    const program = programOf[language ?? '']?.(lines ?? '');
    if (program === undefined) throw new Error(`no program under ${heading}`);
    return program;
  };

  test('what is bad is reported', async () => {
    expect(await checksThatReport(programUnder('Bad'))).toContain(check);
  });

  test('what is good is not', async () => {
    expect(await checksThatReport(programUnder('Good'))).toEqual([]);
  });
});
