/** The command line as a user meets it: options, outputs, exit codes. Bad input has its own file. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtProgram, isBuilt } from './built.ts';
import { closewait } from './closewait.ts';
import { leakingReader } from './leaking-reader.ts';
import { temporaryFolder } from './temporary-folder.ts';

const leaky = leakingReader('InvoiceReader');

const tidy = `import java.io.*;

class InvoiceReader {
  int firstByte(File file) throws IOException {
    try (FileInputStream in = new FileInputStream(file)) {
      return in.read();
    }
  }
}
`;

/** Leaks if somebody says what a lease is. */
const leasing = 'import acme.Lease;\nclass A { void f() { Lease lease = Lease.take(); lease.use(); } }\n';

const leaseModel = `library: acme
language: java
resources:
  lease: { title: lease, release: [giveBack] }
calls:
  - { call: 'acme.Lease#take', acquire: lease, returns: acme.Lease }
`;

describe('scan', () => {
  test('findings: exit 1, place first, a summary last', async () => {
    const cwd = temporaryFolder({ 'src/InvoiceReader.java': leaky });
    const { code, out, err } = await closewait(['scan'], cwd);
    expect(err).toBe('');
    expect(out).toMatch(/^src\/InvoiceReader\.java:5:\d+ {2}leak {2}/);
    expect(out).toMatch(/\n1 finding \(1 leak\) in 1 file\n$/);
    expect(code).toBe(1);
  });

  test('nothing found: exit 0', async () => {
    const cwd = temporaryFolder({ 'InvoiceReader.java': tidy });
    expect(await closewait(['scan', 'InvoiceReader.java'], cwd)).toEqual({
      code: 0,
      out: 'no findings in 1 file\n',
      err: '',
    });
  });

  test('a folder without sources is no error, but worth a word', async () => {
    expect(await closewait(['scan'], temporaryFolder({ 'README.md': 'x' }))).toEqual({
      code: 0,
      out: 'no findings in 0 files\n',
      err: 'warning: no sources of a known language in .\n',
    });
  });

  test('a folder with nothing but dependencies says so', async () => {
    const cwd = temporaryFolder({ 'vendor/example.com/size/size.go': 'package size\n' });
    expect(await closewait(['scan'], cwd)).toEqual({
      code: 0,
      out: 'no findings in 0 files\n',
      err: 'warning: all sources in . are of dependencies (vendor), which are judged only if they are named\n',
    });
  });

  test('a broken file is told of if it may have findings, not if calls alone lead into it', async () => {
    const cwd = temporaryFolder({
      'main.py': 'from part import size\n\ndef show(path):\n    f = open(path)\n    size(f)\n    f.close()\n',
      'part.py': 'def size(given):\n    return ((given\n',
      'wrong.py': 'def show(path:\n    f = open(path)\n',
    });
    expect(await closewait(['scan'], cwd)).toEqual({
      code: 0,
      out: 'no findings in 3 files\n',
      err: 'warning: wrong.py: 1 place could not be parsed; the rest was analysed\n',
    });
  });

  test('a file that is no source is warned of once', async () => {
    expect(await closewait(['scan', 'note.txt'], temporaryFolder({ 'note.txt': 'x' }))).toEqual({
      code: 0,
      out: 'no findings in 0 files\n',
      err: 'warning: note.txt: is not a source file in a supported language\n',
    });
  });

  test('a file that is no text is not scanned', async () => {
    const cwd = temporaryFolder({ 'A.java': tidy, 'B.java': 'class B {\0}' });
    const { out, err } = await closewait(['scan'], cwd);
    expect(out).toBe('no findings in 1 file\n');
    expect(err).toContain('B.java: is not a text file');
  });

  test('an empty path is a usage error, not the folder', async () => {
    expect((await closewait(['scan', ''], temporaryFolder({ 'A.java': leaky }))).code).toBe(2);
  });

  test.each(['json', 'sarif'])('%s: the same bytes each time', async (format) => {
    const cwd = temporaryFolder({ 'A.java': leaky, 'b/B.java': leaky });
    const first = await closewait(['scan', '--format', format], cwd);
    expect(first.code).toBe(1);
    expect(await closewait(['scan', '--format', format, '.'], cwd)).toEqual(first);
    expect(first.out).not.toContain(cwd);
  });

  test('--output replaces the file and says so', async () => {
    const cwd = temporaryFolder({ 'A.java': leaky, 'report.json': 'old' });
    const { code, out, err } = await closewait(['scan', '--format', 'json', '--output', 'report.json'], cwd);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe('1 finding (1 leak) in 1 file, written to report.json\n');
    expect(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'))).toMatchObject({ version: 1 });
    expect(readdirSync(cwd).sort()).toEqual(['A.java', 'report.json']);
  });

  test('--output into a folder that is not there', async () => {
    const cwd = temporaryFolder({ 'A.java': leaky });
    const { code, err } = await closewait(['scan', '--output', 'no/such/report.txt'], cwd);
    expect(code).toBe(2);
    expect(err).toContain('closewait: cannot write no/such/report.txt: ENOENT');
  });

  test('--checks limits what is reported', async () => {
    const cwd = temporaryFolder({ 'A.java': leaky });
    expect((await closewait(['scan', '--checks', 'lost-reference, unreleased-lock'], cwd)).code).toBe(0);
    expect((await closewait(['scan', '--checks', 'leak'], cwd)).code).toBe(1);
  });

  test('--exclude leaves files out', async () => {
    const cwd = temporaryFolder({ 'A.java': tidy, 'gen/B.java': leaky });
    expect(await closewait(['scan', '--exclude', 'gen/**'], cwd)).toMatchObject({
      code: 0,
      out: 'no findings in 1 file\n',
    });
  });

  test('--stats goes to stderr', async () => {
    const { out, err } = await closewait(['scan', '--stats', '--format', 'json'], temporaryFolder({ 'A.java': leaky }));
    expect(JSON.parse(out)).toMatchObject({ files: 1 });
    expect(err).toMatch(/ 1 {2}files\n/);
    expect(err).toContain('milliseconds');
  });

  test('--models adds knowledge', async () => {
    const cwd = temporaryFolder({ 'A.java': leasing, 'acme.yaml': leaseModel });
    expect((await closewait(['scan', 'A.java', '--models', 'acme.yaml'], cwd)).out).toContain('A.java:2:');
  });
});

describe('explain', () => {
  test('tells the path with code', async () => {
    const cwd = temporaryFolder({ 'A.java': leaky });
    const { code, out } = await closewait(['explain', 'A.java:5'], cwd);
    expect(code).toBe(1);
    expect(out).toContain('  5 |     FileInputStream in = new FileInputStream(file);');
    expect(out).toContain('Confidence: ');
  });

  test('along with what is named', async () => {
    const cwd = temporaryFolder({ 'src/A.java': leaky, 'lib/B.java': leaky, 'other/C.java': leaky });
    const { code, out } = await closewait(['explain', 'src/A.java:5', '--in', 'src', '--in', 'lib'], cwd);
    expect(code).toBe(1);
    expect(out).toContain('Confidence: ');
  });

  test('nothing at that line, but elsewhere', async () => {
    const { code, out } = await closewait(['explain', 'A.java:1'], temporaryFolder({ 'A.java': leaky }));
    expect({ code, out }).toEqual({ code: 0, out: 'no finding at A.java:1; this file has findings at line 5\n' });
  });

  test('by the models and without the files of the configuration, but whatever that silences', async () => {
    const files = {
      '.git/HEAD': '',
      'src/A.java': leasing,
      'gen/Lease.java': 'package acme; public class Lease { public static Lease take() { return null; } }',
      'acme.yaml': leaseModel,
      'closewait.config.yaml': 'models: [acme.yaml]\nexclude: [gen]\nchecks: { leak: off }\nminConfidence: high\n',
    };
    const cwd = temporaryFolder(files);
    expect((await closewait(['scan'], cwd)).code).toBe(0);
    expect((await closewait(['explain', 'src/A.java:2'], cwd)).out).toContain('In java:A#f. Confidence: ');
    expect((await closewait(['explain', 'src/A.java:2', '--no-config'], cwd)).out).toContain('no finding at');
  });

  test('a target that is none', async () => {
    const { code, err } = await closewait(['explain', 'A.java'], temporaryFolder());
    expect({ code, err }).toEqual({ code: 2, err: "closewait: 'A.java' is not of the form FILE:LINE\n" });
  });
});

describe('debug ir', () => {
  test.each([
    ['text', 'function "java:InvoiceReader#firstByte"'],
    ['mermaid', 'flowchart TD'],
    ['dot', 'digraph "java:InvoiceReader#firstByte"'],
  ])('%s', async (format, text) => {
    const cwd = temporaryFolder({ 'A.java': leaky });
    const { code, out } = await closewait(['debug', 'ir', 'A.java', '--fn', 'firstByte', '--format', format], cwd);
    expect(code).toBe(0);
    expect(out).toContain(text);
    expect(out).not.toContain('// broken');
  });

  test('no such function', async () => {
    const { code, err } = await closewait(['debug', 'ir', 'A.java', '--fn', 'x'], temporaryFolder({ 'A.java': leaky }));
    expect({ code, err }).toEqual({ code: 2, err: 'closewait: A.java: no function named x\n' });
  });
});

describe('usage', () => {
  test.each([
    [['--version'], 0],
    [['--help'], 0],
    [['scan', '--help'], 0],
    [['help', 'scan'], 0],
    [[], 2],
    [['scna'], 2],
    [['scan', '--nope'], 2],
    [['scan', '--format', 'xml'], 2],
    [['scan', '--min-confidence', 'certain'], 2],
    [['scan', '--checks', 'leaks'], 2],
    [['scan', '--output'], 2],
    [['explain'], 2],
    [['debug', 'nothing'], 2],
  ])('closewait %j: exit %d', async (args, code) => {
    const outcome = await closewait(args, temporaryFolder());
    expect(outcome.code).toBe(code);
    expect(outcome.out + outcome.err).not.toBe('');
    expect(code === 0 ? outcome.err : outcome.out).toBe('');
  });

  test('the exit codes are in the help', async () => {
    expect((await closewait(['scan', '--help'], temporaryFolder())).out).toContain(
      'Exit code: 0 no findings, 1 findings',
    );
  });

  test('an option that is nearly right is suggested', async () => {
    expect((await closewait(['scan', '--formt', 'json'], temporaryFolder())).err).toContain('Did you mean --format?');
  });
});

// What only a process of its own shows.

describe.runIf(isBuilt(builtProgram))('the built program', async () => {
  const { spawnSync } = await import('node:child_process');

  test('a reader that stops early is no error', () => {
    const files = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`A${String(i)}.java`, leaky]));
    const cwd = temporaryFolder(files);
    const { stdout, stderr } = spawnSync(
      'bash',
      ['-c', `"$0" "$1" scan --format json | head -c 10; echo " \${PIPESTATUS[0]}"`, process.execPath, builtProgram],
      {
        cwd,
        encoding: 'utf8',
      },
    );
    expect(stderr).toBe('');
    expect(stdout).toBe('{\n  "versi 1\n');
  });

  test('a large report reaches a slow reader whole', () => {
    const files = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`A${String(i)}.java`, leaky]));
    const cwd = temporaryFolder(files);
    const { stdout } = spawnSync(
      'bash',
      ['-c', `"$0" "$1" scan --format json | (sleep 1; cat)`, process.execPath, builtProgram],
      { cwd, encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    expect((JSON.parse(stdout) as { findings: unknown[] }).findings).toHaveLength(500);
  });

  test('--output to a device', () => {
    const cwd = temporaryFolder({ 'A.java': leaky });
    const script = '"$0" "$1" scan --output /dev/stdout 2>/dev/null | cat; echo "${PIPESTATUS[0]}"';
    const { stdout } = spawnSync('bash', ['-c', script, process.execPath, builtProgram], { cwd, encoding: 'utf8' });
    expect(stdout.split('\n').slice(-3)).toEqual(['1 finding (1 leak) in 1 file', '1', '']);
  });
});

describe('debug', () => {
  const root = join(import.meta.dirname, '../demo/parquet-footer');

  test('summary says what a function returns fresh', async () => {
    const { out } = await closewait(['debug', 'summary', 'FooterReader.java', '--fn', 'openReader'], root);
    expect(out).toContain('acquires: java/parquet-reader at result0');
  });

  test('states shows the walk of one acquisition', async () => {
    const { out } = await closewait(['debug', 'states', 'FooterReader.java:15'], root);
    expect(out).toMatch(/^java\/parquet-reader by openReader\n {2}block 0.*the resource/);
  });

  test('states shows what a scan follows, where another function of the file tells that it is open', async () => {
    const ledger = join(import.meta.dirname, '../fixtures/java/witnesses/AccountBook.java');
    const line =
      readFileSync(ledger, 'utf8')
        .split('\n')
        .findIndex((one) => one.includes('new Page(name, false); // leak')) + 1;
    const { code, out } = await closewait(['debug', 'states', `${ledger}:${String(line)}`], root);
    expect(out).toContain('Page');
    expect(code).toBe(0);
  });

  test.each(['closewait.config.yaml', '--models'])('knows the models of %s', async (by) => {
    const cwd = temporaryFolder({
      '.git/HEAD': '',
      'A.java': leasing,
      'acme.yaml': leaseModel,
      ...(by === '--models' ? {} : { [by]: 'models: [acme.yaml]\n' }),
    });
    const args = by === '--models' ? ['--models', 'acme.yaml'] : [];
    expect((await closewait(['debug', 'states', 'A.java:2', ...args], cwd)).out).toMatch(
      /^acme\/lease by take\n|lease by/,
    );
    expect((await closewait(['debug', 'states', 'A.java:2', ...args, '--no-config'], cwd)).code).toBe(
      by === '--models' ? 0 : 2,
    );
  });

  test.each([
    [['debug', 'states', 'FooterReader.java'], 'not of the form FILE:LINE'],
    [['debug', 'states', 'FooterReader.java:1'], 'nothing is acquired on this line'],
    [['debug', 'summary', 'FooterReader.java', '--fn', 'nobody'], 'no such function'],
  ])('%j is a usage error', async (args, message) => {
    const { code, err } = await closewait(args, root);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('fix', () => {
  test('--dry-run prints a diff and writes nothing', async () => {
    const cwd = temporaryFolder({ 'A.java': leaky });
    const { code, out, err } = await closewait(['fix', '--dry-run'], cwd);
    expect(out).toContain('+    try (FileInputStream in = new FileInputStream(file)) {\n');
    expect(err).toBe('1 finding would be fixed in 1 file, 0 left\n');
    expect(code).toBe(1);
    expect(readFileSync(join(cwd, 'A.java'), 'utf8')).toBe(leaky);
  });

  test('writes; a second time there is nothing to do', async () => {
    const cwd = temporaryFolder({ 'A.java': leaky });
    expect((await closewait(['fix'], cwd)).code).toBe(0);
    expect(readFileSync(join(cwd, 'A.java'), 'utf8')).toBe(tidy);
    expect(readdirSync(cwd)).toEqual(['A.java']);
    expect(await closewait(['fix'], cwd)).toEqual({ code: 0, out: '', err: '0 findings fixed in 0 files, 0 left\n' });
  });

  test('counts findings as a scan does, also where one edit ends two of them', async () => {
    const text =
      'import java.sql.*;\n\nclass A {\n  int count(Connection connection) throws SQLException {\n' +
      '    Statement statement = connection.createStatement();\n' +
      '    ResultSet rows = statement.executeQuery("select 1");\n    return rows.getInt(1);\n  }\n}\n';
    const cwd = temporaryFolder({ 'A.java': text });
    expect((await closewait(['scan'], cwd)).out).toContain('2 findings (2 leak) in 1 file\n');
    expect((await closewait(['fix'], cwd)).err).toBe('2 findings fixed in 1 file, 0 left\n');
  });

  test('says what is left, and what a suggestion would do about it', async () => {
    const text = 'def load(path, keep):\n    f = open(path)\n    keep(lambda: f.read())\n    print(f.readline())\n';
    const cwd = temporaryFolder({ 'a.py': text });
    const { code, out, err } = await closewait(['fix', '--min-confidence', 'low'], cwd);
    const left =
      'a.py:2:9  leak  `f` from `open` is not released on the path that ends in line 4.\n' +
      '        --suggestions: Open `f` in a `with` (a function that may run later uses `f`)\n';
    expect({ code, out }).toEqual({ code: 1, out: left });
    expect(err).toBe('0 findings fixed in 0 files, 1 left (1 of them with --suggestions)\n');
    const dry = await closewait(['fix', '--dry-run', '--min-confidence', 'low'], cwd);
    expect({ out: dry.out, err: dry.err }).toEqual({ out: '', err: left + err.replace('fixed', 'would be fixed') });
    expect(readFileSync(join(cwd, 'a.py'), 'utf8')).toBe(text);
  });

  test('a dry run shows what is left at its place in the file as it is', async () => {
    const text =
      'def load(path):\n    open(path)\n\n\ndef lend(path, keep):\n    f = open(path)\n    keep(lambda: f.read())\n';
    const cwd = temporaryFolder({ 'a.py': text });
    const { out, err } = await closewait(['fix', '--dry-run', '--min-confidence', 'low'], cwd);
    expect(out).toContain('+    open(path).close()\n');
    expect(err).toContain('a.py:6:9  ');
  });
});
