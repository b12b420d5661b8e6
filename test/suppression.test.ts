/** Comments that silence findings, in the comment syntax of each language. */
import { describe, expect, test } from 'vitest';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Report {
  readonly findings: readonly { line: number; check: string }[];
  readonly suppressed: readonly { line: number; suppression: { by: string; reason: string } }[];
  readonly problems: readonly { path: string; line?: number; kind: string; message: string }[];
}

async function reportOf(
  files: Record<string, string>,
  args: readonly string[] = [],
): Promise<Report & { code: number }> {
  const { out, code } = await closewait(['scan', '--format', 'json', ...args], temporaryFolder(files));
  return { ...(JSON.parse(out) as Report), code };
}

/** A Java file that leaks where `body` has `LEAK`. */
function java(...body: readonly string[]): string {
  const lines = body.map((line) => line.replace('LEAK', 'int n = new FileInputStream(file).read();'));
  return [
    'import java.io.*;',
    'class Reader {',
    '  void read(File file) throws IOException {',
    ...lines,
    '  }',
    '}',
  ].join('\n');
}

describe('each language in its own comments', () => {
  test.each([
    ['java', 'A.java', java('// closewait-disable-next-line lost-reference -- one shot', 'LEAK')],
    ['java, block comment', 'A.java', java('/* closewait-disable-next-line lost-reference -- one shot */', 'LEAK')],
    [
      'go',
      'a.go',
      'package a\n\nimport "os"\n\nfunc size(name string) int {\n\t// closewait-disable-next-line leak -- one shot\n\tf, err := os.Open(name)\n\tif err != nil {\n\t\treturn 0\n\t}\n\tinfo, _ := f.Stat()\n\treturn int(info.Size())\n}\n',
    ],
    [
      'python',
      'a.py',
      'def first(name):\n    # closewait-disable-next-line leak -- one shot\n    f = open(name)\n    line = f.readline()\n    return line.strip()\n',
    ],
    [
      'typescript',
      'a.ts',
      "import { openSync, readSync } from 'node:fs';\nexport function first(name: string, into: Buffer): number {\n  // closewait-disable-next-line leak -- one shot\n  const fd = openSync(name, 'r');\n  return readSync(fd, into);\n}\n",
    ],
    [
      'tsx',
      'a.tsx',
      "import { openSync, readSync } from 'node:fs';\nexport function First({ name, into }: { name: string; into: Buffer }) {\n  // closewait-disable-next-line leak -- one shot\n  const fd = openSync(name, 'r');\n  return <p>{readSync(fd, into)}</p>;\n}\n",
    ],
  ])('%s', async (_, path, text) => {
    const silent = await reportOf({ [path]: text });
    expect(silent).toMatchObject({ code: 0, findings: [], problems: [] });
    expect(silent.suppressed).toMatchObject([{ suppression: { by: 'comment', reason: 'one shot' } }]);
    const loud = await reportOf({ [path]: text }, ['--no-inline-suppressions']);
    expect(loud).toMatchObject({ code: 1, suppressed: [], problems: [] });
    expect(loud.findings).toHaveLength(1);
  });
});

describe('what a comment reaches', () => {
  test.each<[string, readonly string[], readonly number[]]>([
    ['the next line', ['// closewait-disable-next-line lost-reference -- ok', 'LEAK', 'LEAK'], [6]],
    [
      'over blank lines and other comments',
      ['// closewait-disable-next-line lost-reference -- ok', '', '// NOSONAR', 'LEAK', 'LEAK'],
      [8],
    ],
    ['its own line', ['LEAK // closewait-disable-line lost-reference -- ok', 'LEAK'], [5]],
    [
      'a block',
      ['// closewait-disable lost-reference -- ok', 'LEAK', 'LEAK', '// closewait-enable lost-reference', 'LEAK'],
      [8],
    ],
    [
      'a block that all enables end',
      ['/* closewait-disable lost-reference -- ok */', 'LEAK', '/* closewait-enable */', 'LEAK'],
      [7],
    ],
    ['to the end of the file', ['LEAK', '// closewait-disable lost-reference -- ok', 'LEAK', 'LEAK'], [4]],
    ['several checks', ['// closewait-disable-next-line lost-reference, leak -- ok', 'LEAK'], []],
    ['no other check', ['// closewait-disable-next-line leak -- ok', 'LEAK'], [5]],
    ['a reason may have dashes', ['// closewait-disable-next-line lost-reference -- a -- b', 'LEAK'], []],
  ])('%s', async (_, body, lines) => {
    const { findings } = await reportOf({ 'A.java': java(...body) });
    expect(findings.map(({ line }) => line)).toEqual(lines);
  });

  test('text in a string is no comment', async () => {
    const { findings, problems } = await reportOf({
      'A.java': java('String s = "// closewait-disable-next-line lost-reference -- no";', 'LEAK'),
      'a.py': 'TEXT = """\n# closewait-disable leak -- no\n"""\nf = open(TEXT)\n',
      'a.ts': 'export const s = `\n// closewait-disable leak -- no\n`;\n',
    });
    expect(findings.filter(({ check }) => check === 'lost-reference')).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  test('every finding silenced keeps its place in SARIF', async () => {
    const cwd = temporaryFolder({
      'A.java': java('LEAK // closewait-disable-line lost-reference -- closed by the pool'),
    });
    const { out, code } = await closewait(['scan', '--format', 'sarif'], cwd);
    expect(code).toBe(0);
    expect(out).toContain('"justification": "closed by the pool"');
    expect((await closewait(['scan', '--format', 'sarif', '--hide-suppressed'], cwd)).out).toContain('"results": []');
  });
});

describe('comments that are wrong', () => {
  test.each([
    [
      'no reason',
      'closewait-disable-next-line lost-reference',
      'gives no reason; write: closewait-disable-next-line lost-reference -- REASON',
    ],
    ['an empty reason', 'closewait-disable-next-line lost-reference --', 'gives no reason'],
    [
      'no check',
      'closewait-disable-next-line -- later',
      'names no check; write: closewait-disable-next-line CHECK -- REASON',
    ],
    ['an unknown check', 'closewait-disable-next-line leaks -- x', "unknown check 'leaks'; there are: leak, "],
    ['an unknown word', 'closewait-ignore leak -- x', 'there is no closewait-ignore; there are: disable-next-line, '],
  ])('%s: silences nothing, and says so', async (_, comment, message) => {
    const cwd = temporaryFolder({ 'A.java': java(`// ${comment}`, 'LEAK') });
    const { code, err } = await closewait(['scan'], cwd);
    expect(code).toBe(1);
    expect(err).toContain('warning: A.java:4: ');
    expect(err).toContain(message);
  });

  test('one that silences nothing is reported, also where nothing else is', async () => {
    const { code, problems } = await reportOf({
      'A.java': java('// closewait-disable-next-line leak, lost-reference -- half of it', 'LEAK'),
      'Plain.java': '// closewait-disable leak -- long gone\nclass Plain {}\n',
    });
    expect(code).toBe(0);
    expect(problems).toMatchObject([
      {
        path: 'A.java',
        line: 4,
        kind: 'unused-suppression',
        message: 'closewait-disable-next-line leak silences nothing; remove it',
      },
      { path: 'Plain.java', line: 1, kind: 'unused-suppression' },
    ]);
  });

  test('one for a check or a confidence that this run leaves out is used', async () => {
    const files = { 'A.java': java('// closewait-disable-next-line lost-reference -- ok', 'LEAK') };
    expect((await reportOf(files, ['--checks', 'leak'])).problems).toEqual([]);
    expect((await reportOf(files, ['--min-confidence', 'high'])).problems).toEqual([]);
  });
});
