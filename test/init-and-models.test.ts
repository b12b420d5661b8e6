/** `closewait init` and `closewait models`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('init', () => {
  test('says what it saw, and writes what a scan takes', async () => {
    const cwd = temporaryFolder({
      '.git/HEAD': '',
      'src/main/java/A.java': 'class A {}',
      'src/test/java/ATest.java': 'class ATest {}',
      'api/x.pb.go': 'package api',
      'tool.py': '',
    });
    expect(await closewait(['init'], cwd)).toEqual({
      code: 0,
      err: '',
      out:
        'source files: go (1), java (2), python (1)\n' +
        'left out as not written here: **/*.pb.go (1)\n' +
        'quieter, as tests: **/src/test/** (1)\n' +
        'closewait.config.yaml is written; the next step: closewait scan\n',
    });
    expect(readFileSync(join(cwd, 'closewait.config.yaml'), 'utf8')).toContain("exclude: ['**/*.pb.go']");
    expect(await closewait(['scan'], cwd)).toEqual({ code: 0, out: 'no findings in 3 files\n', err: '' });
    const { out } = await closewait(['scan', '--print-config', 'src/test/java/ATest.java'], cwd);
    expect(JSON.parse(out)).toMatchObject({ minConfidence: 'high', checks: { 'leak-on-exception': 'off' } });
  });

  test('an empty folder', async () => {
    const cwd = temporaryFolder({ '.git/HEAD': '' });
    expect((await closewait(['init'], cwd)).out).toContain('no source files in a supported language');
    expect((await closewait(['scan'], cwd)).code).toBe(0);
  });

  test('nothing is overwritten', async () => {
    const cwd = temporaryFolder({ 'closewait.config.json': '{}' });
    expect(await closewait(['init'], cwd)).toEqual({
      code: 2,
      out: '',
      err: 'closewait: closewait.config.json already exists\n',
    });
  });
});

describe('models', () => {
  test('list', async () => {
    const { out } = await closewait(['models', 'list', '--language', 'java'], temporaryFolder());
    expect(out).toMatch(/^java {2}JDBC +\d+ types +\d+ calls +\d+ resources +rules\/java\/jdbc\.yaml$/m);
    expect(out).not.toContain('python');
  });

  test.each(['jdbc', 'java.sql.Connection', 'Connection', 'createStatement', 'java.sql.Connection#createStatement'])(
    'show %s',
    async (name) => {
      const { code, out } = await closewait(['models', 'show', name], temporaryFolder());
      expect(code).toBe(0);
      expect(out).toContain('(java, rules/java/jdbc.yaml)');
      expect(out).toMatch(/java\.sql\.Connection#createStatement[^\n]*\n +acquire: /);
    },
  );

  test('what is not known', async () => {
    const { code, err } = await closewait(['models', 'show', 'no.such.Type'], temporaryFolder());
    expect({ code, err }).toEqual({ code: 2, err: 'closewait: no rule names no.such.Type\n' });
  });

  test('test: why a call matched', async () => {
    const root = join(import.meta.dirname, '../demo/parquet-footer');
    const { code, out } = await closewait(['models', 'test', 'FooterReader.java:15'], root);
    expect(code).toBe(0);
    expect(out).toContain('java:demo.parquet.FooterReader#openReader\n');
    expect(out).toContain('  acquires: java/parquet-reader at result0\n');
  });

  test.each([
    ['A.java', 'not of the form FILE:LINE'],
    ['A.java:2', 'no call begins on this line'],
    ['A.txt:1', 'is not a source file in a supported language'],
  ])('test %s is a usage error', async (target, message) => {
    const { code, err } = await closewait(['models', 'test', target], temporaryFolder({ 'A.java': '', 'A.txt': '' }));
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test.each([
    ['a configuration names', [], 'models: [acme.yaml]\n'],
    ['the command line names', ['--models', 'acme.yaml'], ''],
  ])('of your own, that %s', async (_, args, config) => {
    const cwd = temporaryFolder({
      '.git/HEAD': '',
      'A.java': 'import acme.Lease;\nclass A { void f() { Lease.take().use(); } }\n',
      'acme.yaml':
        "library: acme\nlanguage: java\nresources:\n  lease: { title: lease, release: [giveBack] }\ncalls:\n  - { call: 'acme.Lease#take', acquire: lease }\n",
      'closewait.config.yaml': config,
    });
    expect((await closewait(['models', 'list', ...args], cwd)).out).toMatch(/^java +acme .*acme\.yaml$/m);
    expect((await closewait(['models', 'show', 'Lease', ...args], cwd)).out).toMatch(/^acme \(java, .*acme\.yaml\)$/m);
    const { out } = await closewait(['models', 'test', 'A.java:2:23', ...args], cwd);
    expect(out).toMatch(/^take of acme\.Lease: .*acme\.yaml:6$/m);
  });
});
