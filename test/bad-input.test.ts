/**
 * Whatever is in a folder, a scan says what it could not read, reports the rest unchanged, and never
 * shows a stack trace.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { closewait } from './closewait.ts';
import type { Outcome } from './closewait.ts';
import { leakingReader } from './leaking-reader.ts';
import { temporaryFolder } from './temporary-folder.ts';

const leaky = leakingReader('LedgerReader');

/** A class named A around statements. */
function method(body: string): string {
  return `import java.io.*;\nclass A {\n  void f(File file, int n) throws IOException {\n    ${body}\n  }\n}\n`;
}

const leak = 'FileInputStream in = new FileInputStream(file);';

interface JsonReport {
  readonly findings: readonly { path: string; line: number }[];
  readonly problems: readonly { path: string; message: string; kind: string }[];
}

function noStackTrace({ out, err }: Outcome): void {
  expect(out + err).not.toMatch(/^\s+at .+[:)]/m);
}

/** Scans with one good file beside what is in the folder; that file's finding must come out as ever. */
async function scanBesideGoodFile(cwd: string): Promise<JsonReport> {
  const outcome = await closewait(['scan', '--format', 'json'], cwd);
  noStackTrace(outcome);
  expect(outcome.code).toBe(1);
  const report = JSON.parse(outcome.out) as JsonReport;
  expect(report.findings.filter(({ path }) => path === 'LedgerReader.java').map(({ line }) => line)).toEqual([5]);
  expect(report.problems.filter(({ kind }) => kind === 'internal')).toEqual([]);
  return report;
}

function linesOf(report: JsonReport, path: string): number[] {
  return report.findings.filter((finding) => finding.path === path).map(({ line }) => line);
}

describe('files that are hard to read', () => {
  const half = method(`${leak}\n    in.read();`);
  test.each<[string, string | Buffer, number[]]>([
    ['empty', '', []],
    ['only white space', ' \n\t\n', []],
    ['binary', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 37) % 256)), []],
    ['NUL in the middle', `${half.slice(0, 60)}\0${half.slice(60)}`, []],
    ['UTF-8 with a byte-order mark', `\ufeff${half}`, [4]],
    ['UTF-16 little endian', Buffer.from(`\ufeff${half}`, 'utf16le'), [4]],
    ['UTF-16 big endian', Buffer.from(`\ufeff${half}`, 'utf16le').swap16(), [4]],
    ['Latin-1', Buffer.from(half.replace('import', '// Größe\nimport'), 'latin1'), [5]],
    ['CRLF', half.replaceAll('\n', '\r\n'), [4]],
    ['CR only', half.replaceAll('\n', '\r'), [4]],
  ])('%s', async (_, content, lines) => {
    const report = await scanBesideGoodFile(temporaryFolder({ 'LedgerReader.java': leaky, 'A.java': content }));
    expect(linesOf(report, 'A.java')).toEqual(lines);
  });

  test('half a file still gives what is in its whole methods', async () => {
    const text = `${method(`${leak} in.read();`).slice(0, -2)}\n  void g(int n { if (n > \n`;
    const report = await scanBesideGoodFile(temporaryFolder({ 'LedgerReader.java': leaky, 'A.java': text }));
    expect(linesOf(report, 'A.java')).toEqual([4]);
  });

  test.each([
    ['not Java at all', '#include <stdio.h>\nint main() { FILE *f = fopen("x", "r"); }\n'],
    ['only closing braces', '}'.repeat(5000)],
    ['only opening braces', '{'.repeat(5000)],
    ['a string that never ends', `class A { String s = "new FileInputStream(${'x'.repeat(10_000)}`],
    ['a comment that never ends', 'class A { /* new FileInputStream(f)'],
    ['a merge conflict', method(`<<<<<<< HEAD\n${leak}\n=======\n${leak}\n>>>>>>> branch`)],
  ])('%s', async (_, content) => {
    await scanBesideGoodFile(temporaryFolder({ 'LedgerReader.java': leaky, 'A.java': content }));
  });
});

describe('programs that are hard to analyse', () => {
  const times = (part: string, n: number): string => part.repeat(n);
  test.each<[string, string]>([
    ['10,000 nested parentheses', method(`${leak} int x = ${times('(', 10_000)}n${times(')', 10_000)};`)],
    ['10,000 nested blocks', method(`${times('{', 10_000)}${leak}${times('}', 10_000)}`)],
    ['5,000 nested ifs', method(`${leak} ${times('if (n > 0) {', 5000)}n++;${times('}', 5000)}`)],
    ['3,000 else-ifs', method(`${leak} ${times('if (n == 1) n++; else ', 3000)}n--;`)],
    ['1,000 nested lambdas', method(`${leak} Runnable r = ${times('() -> run(', 1000)}null${times(')', 1000)};`)],
    ['500 nested try-finally', method(`${times('try {', 500)}${leak}${times('} finally { n++; }', 500)}`)],
    ['a chain of 20,000 calls', method(`${leak} builder()${times('.add(n)', 20_000)}.build();`)],
    ['a sum of 30,000 terms', method(`${leak} int x = n${times(' + n', 30_000)};`)],
    ['20,000 statements', method(`${leak} ${times('n = step(n);\n', 20_000)}`)],
    ['3,000 branches in a row', method(`${leak} ${times('if (check(n)) n++;\n', 3000)}`)],
    ['500 acquisitions', method(times(`new FileInputStream(file).read();\n`, 500))],
    [
      'a switch of 5,000 cases',
      method(
        `${leak} switch (n) {${Array.from({ length: 5000 }, (_, i) => `case ${String(i)}: n++; break;`).join('')}}`,
      ),
    ],
    ['1,000 nested generics', method(`${leak} ${times('List<', 1000)}String${times('>', 1000)} x = null;`)],
    ['2,000 nested classes', `${times('class A {', 2000)}${times('}', 2000)}`],
    ['an array of 50,000 numbers', method(`${leak} int[] x = {${times('1,', 50_000)}};`)],
  ])(
    '%s',
    async (_, content) => {
      await scanBesideGoodFile(temporaryFolder({ 'LedgerReader.java': leaky, 'A.java': content }));
    },
    30_000,
  );

  test('a file of 10 MB is left out, and said to be', async () => {
    const text = method(leak) + `// ${'x'.repeat(96)}\n`.repeat(100_000);
    const report = await scanBesideGoodFile(temporaryFolder({ 'LedgerReader.java': leaky, 'A.java': text }));
    expect(report.problems).toMatchObject([{ path: 'A.java', kind: 'unreadable' }]);
  });
});

describe('things that are not files', () => {
  test('a loop of links, a dangling link, a FIFO, a folder named like a file', async () => {
    const cwd = temporaryFolder({ 'LedgerReader.java': leaky });
    symlinkSync('.', join(cwd, 'loop'));
    symlinkSync('gone', join(cwd, 'Dangling.java'));
    mkdirSync(join(cwd, 'Folder.java'));
    execFileSync('mkfifo', [join(cwd, 'Fifo.java')]);
    await scanBesideGoodFile(cwd);
  });

  test.each(['Fifo.java', 'Dangling.java'])('%s named on the command line', async (name) => {
    const cwd = temporaryFolder({ 'LedgerReader.java': leaky });
    symlinkSync('gone', join(cwd, 'Dangling.java'));
    execFileSync('mkfifo', [join(cwd, 'Fifo.java')]);
    const outcome = await closewait(['scan', 'LedgerReader.java', name], cwd);
    noStackTrace(outcome);
    expect(outcome.err).toContain(name);
  });

  test.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
    const cwd = temporaryFolder({ 'LedgerReader.java': leaky, 'A.java': leaky });
    chmodSync(join(cwd, 'A.java'), 0);
    expect((await scanBesideGoodFile(cwd)).problems).toMatchObject([{ path: 'A.java', kind: 'unreadable' }]);
  });

  test('a path that is not there', async () => {
    const outcome = await closewait(['scan', 'no-such-folder'], temporaryFolder());
    noStackTrace(outcome);
    expect(outcome.code).toBe(2);
    expect(outcome.err).toContain('no-such-folder');
    expect(outcome.out).toBe('');
  });

  test.each(['a b', 'Ä€', "it's", '[x]', '(y)', '-dash', '{a,b}', '!no', '#hash', 'x*'])(
    'a folder named %j',
    async (name) => {
      const cwd = temporaryFolder({ [`${name}/LedgerReader.java`]: leaky });
      for (const args of [[], ['--', name], ['--', `${name}/LedgerReader.java`]]) {
        const outcome = await closewait(['scan', '--format', 'json', ...args], cwd);
        expect(outcome.err).toBe('');
        expect((JSON.parse(outcome.out) as JsonReport).findings.map(({ path }) => path)).toEqual([
          `${name}/LedgerReader.java`,
        ]);
      }
    },
  );
});

describe('model files that are wrong', () => {
  test.each<[string, string]>([
    ['not YAML', 'library: [unclosed'],
    ['empty', ''],
    ['a list', '- a\n- b\n'],
    ['an unknown member', 'library: acme\nlanguage: java\nresuorces: {}\n'],
    [
      'an unknown resource',
      'library: acme\nlanguage: java\ncalls:\n  - { call: "acme.Lease#take", acquire: nothing }\n',
    ],
    ['a call that is none', 'library: acme\nlanguage: java\ncalls:\n  - { call: "take", borrow: [param0] }\n'],
    ['binary', '\u0000\u0001\u0002'],
    [
      'ten nested aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((c, i) => `${c}: &${c} [${`*${'abcdefgh'.charAt(i)},`.repeat(9)}]`)
        .join('\n')}\n`,
    ],
  ])('%s', async (_, content) => {
    const cwd = temporaryFolder({ 'LedgerReader.java': leaky, 'acme.yaml': content });
    const outcome = await closewait(['scan', '--models', 'acme.yaml'], cwd);
    noStackTrace(outcome);
    expect(outcome.code).toBe(2);
    expect(outcome.err).toMatch(/^closewait: .*acme\.yaml/);
    expect(outcome.out).toBe('');
  });

  test('missing', async () => {
    const outcome = await closewait(['scan', '--models', 'gone.yaml'], temporaryFolder({ 'LedgerReader.java': leaky }));
    noStackTrace(outcome);
    expect({ code: outcome.code, named: outcome.err.includes('gone.yaml') }).toEqual({ code: 2, named: true });
  });
});
