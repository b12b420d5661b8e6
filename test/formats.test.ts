/** The report formats of other tools: read back with parsers, and checked for what those tools require. */
import { XMLParser } from 'fast-xml-parser';
import { SyntaxValidator } from 'fast-xml-validator';
import { describe, expect, test } from 'vitest';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

const leaky = `import java.io.*;
class Reader {
  int first(File file) throws IOException {
    String café = "Ä"; FileInputStream in = new FileInputStream(file);
    return in.read();
  }
}
`;

async function report(format: string, files: Readonly<Record<string, string>>): Promise<string> {
  const { code, out, err } = await closewait(['scan', '--format', format], temporaryFolder(files));
  const isEmpty = Object.keys(files).length === 0;
  expect(err).toBe(isEmpty ? 'warning: no sources of a known language in .\n' : '');
  expect(code).toBe(isEmpty ? 0 : 1);
  return out;
}

const files = { 'src/a,b: 100%/Reader.java': leaky, 'B.java': leaky };

test('github: a command for each finding, escaped as the runner reads them', async () => {
  const lines = (await report('github', files)).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[1]).toMatch(
    /^::error file=src\/a%2Cb%3A 100%25\/Reader\.java,line=4,endLine=4,col=45,endColumn=\d+,title=closewait%3A leak::`in` from `new FileInputStream` is not released .*%0Aline 4: `new FileInputStream` acquires it into `in`%0Aline 5: /,
  );
  expect(lines[2]).toBe('2 findings (2 leak) in 2 files');
});

test('gitlab: what Code Quality requires', async () => {
  const issues = JSON.parse(await report('gitlab', files)) as Record<string, unknown>[];
  expect(issues).toHaveLength(2);
  for (const issue of issues) {
    expect(issue).toMatchObject({ check_name: 'leak', severity: 'major', location: { lines: { begin: 4 } } });
    expect(issue.description).toMatch(/is not released/);
    expect(issue.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  }
  expect(issues.map(({ location }) => (location as { path: string }).path)).toEqual([
    'B.java',
    'src/a,b: 100%/Reader.java',
  ]);
  expect(JSON.parse(await report('gitlab', {}))).toEqual([]);
});

test('rdjson: columns are bytes of UTF-8', async () => {
  const { source, diagnostics } = JSON.parse(await report('rdjson', { 'B.java': leaky })) as {
    source: object;
    diagnostics: { location: { range: { start: { column: number } } } }[];
  };
  expect(source).toMatchObject({ name: 'closewait' });
  const before = '    String café = "Ä"; FileInputStream in = ';
  expect(diagnostics).toMatchObject([
    {
      severity: 'ERROR',
      code: { value: 'leak' },
      location: { path: 'B.java', range: { start: { line: 4, column: Buffer.byteLength(before) + 1 } } },
    },
  ]);
  expect(before.length).not.toBe(Buffer.byteLength(before));
});

describe('XML', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => ['file', 'error', 'testsuite', 'testcase'].includes(name),
  });

  async function parsed(format: string, of: Readonly<Record<string, string>>): Promise<unknown> {
    const text = await report(format, of);
    expect(SyntaxValidator.validate(text)).toBe(true);
    return parser.parse(text);
  }

  test('checkstyle', async () => {
    expect(await parsed('checkstyle', files)).toMatchObject({
      checkstyle: {
        version: '10.0',
        file: [
          { name: 'B.java', error: [{ line: '4', column: '45', severity: 'error', source: 'closewait.leak' }] },
          { name: 'src/a,b: 100%/Reader.java' },
        ],
      },
    });
  });

  test('junit', async () => {
    expect(await parsed('junit', files)).toMatchObject({
      testsuites: {
        tests: '2',
        failures: '2',
        testsuite: [
          { name: 'B.java', testcase: [{ name: 'leak (line 4)', classname: 'B.java', failure: { type: 'leak' } }] },
          { name: 'src/a,b: 100%/Reader.java' },
        ],
      },
    });
    expect(await parsed('junit', {})).toMatchObject({
      testsuites: { tests: '1', failures: '0', testsuite: [{ testcase: [{ name: 'no findings' }] }] },
    });
  });

  test.each(['junit', 'checkstyle'])('%s: markup and control characters from the source stay text', async (format) => {
    const odd = leaky.replace(
      'return in.read();',
      'if (in.read() < 1 && "]]>\u0001<x a=\'".isEmpty()) return 0;\n    return 1;',
    );
    const text = await report(format, { 'B.java': odd });
    expect(SyntaxValidator.validate(text)).toBe(true);
    expect(text).not.toContain('\u0001');
  });
});

test('several reports from one scan', async () => {
  const cwd = temporaryFolder({ 'B.java': leaky });
  const args = ['scan', '--format', 'github', '--report', 'sarif=leaks.sarif', '--report', 'junit=leaks.xml'];
  const { out, err } = await closewait(args, cwd);
  expect(out).toMatch(/^::error /);
  expect(err).toBe(
    '1 finding (1 leak) in 1 file, written to leaks.sarif\n1 finding (1 leak) in 1 file, written to leaks.xml\n',
  );
});

test.each([
  ['sarif', '--report sarif: expected FORMAT=FILE'],
  ['xml=a', "there is no format 'xml'; there are: text, json, sarif, "],
  ['sarif=no/such/a', 'cannot write no/such/a: '],
])('--report %s', async (value, message) => {
  const { code, err } = await closewait(['scan', '--report', value], temporaryFolder({ 'B.java': leaky }));
  expect(code).toBe(2);
  expect(err).toContain(message);
});
