/** Shards and `closewait merge`: together they say what one scan says, byte by byte. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

const opener = `package lib;
import java.io.*;
public class Opener {
  public static InputStream take(File file) throws IOException { return new FileInputStream(file); }
}
`;

/** Says nothing of resources, and uses what a file of another shard hands out. */
const user =
  'package app;\nclass User {\n  int first(java.io.File file) throws Exception {\n    var in = lib.Opener.take(file);\n    return in.read();\n  }\n}\n';

const broken = 'class Broken { void f( { new FileInputStream(';

function plainLeak(name: string): string {
  return `package many;\nimport java.io.*;\nclass ${name} {\n  int f(File file) throws IOException { return new FileInputStream(file).read(); }\n}\n`;
}

/** More than a unit holds. */
function many(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`many/C${String(n)}.java`, plainLeak(`C${String(n)}`)]),
  );
}

async function shardsOf(cwd: string, count: number, ...args: readonly string[]): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, n) => `part${String(n + 1)}.json`);
  for (const [n, name] of names.entries()) {
    const shard = `${String(n + 1)}/${String(count)}`;
    const { code, out, err } = await closewait(['scan', ...args, '--shard', shard, '--output', name], cwd);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: `part ${shard} written to ${name}\n` });
  }
  return names;
}

describe('shards, merged', () => {
  test.each(['json', 'sarif', 'text'])('are the %s report of one scan', async (format) => {
    const cwd = temporaryFolder({
      ...many(400),
      'app/User.java': user,
      'lib/Opener.java': opener,
      'a b/Ä.java': plainLeak('Ä'),
      'broken/Broken.java': broken,
      'app/Quiet.java': '// closewait-disable leak -- nothing\nclass Quiet {}\n',
      'tool.py': 'def f(name):\n    handle = open(name)\n    return handle.read(1).strip()\n',
    });
    const whole = await closewait(['scan', '--format', format], cwd);
    expect(whole.code).toBe(1);
    expect(whole.out).toContain('User.java');
    const parts = await shardsOf(cwd, 3);
    expect(await closewait(['merge', ...parts, '--format', format], cwd)).toEqual(whole);
    expect(await closewait(['merge', ...parts.toReversed(), '--format', format], cwd)).toEqual(whole);
  });

  test('hold for the paths and models they were made with', async () => {
    const model =
      'library: acme\nlanguage: java\nresources:\n  lease: { title: lease, release: [giveBack] }\ncalls:\n  - { call: "acme.Lease#take", acquire: lease, returns: acme.Lease }\n';
    const source = 'import acme.Lease;\nclass A { void f() { Lease lease = Lease.take(); lease.use(); } }\n';
    const cwd = temporaryFolder({
      'src/A.java': source,
      'src/gen/B.java': source,
      'other/C.java': source,
      'acme.yaml': model,
    });
    const args = ['src', '--models', 'acme.yaml', '--exclude', 'gen'];
    const whole = await closewait(['scan', ...args], cwd);
    expect(whole.out).toContain('1 finding');
    const parts = await shardsOf(cwd, 2, ...args);
    expect(await closewait(['merge', ...parts], cwd)).toEqual(whole);
    writeFileSync(join(cwd, 'acme.yaml'), model.replace('giveBack', 'use'));
    expect(await closewait(['merge', ...parts], cwd)).toEqual({
      code: 2,
      out: '',
      err: 'closewait: the parts are of another version of closewait, or of other models\n',
    });
  });

  test('a part that is missing is done now', async () => {
    const cwd = temporaryFolder({ ...many(400), 'lib/Opener.java': opener, 'app/User.java': user });
    const whole = await closewait(['scan'], cwd);
    await shardsOf(cwd, 2);
    expect(await closewait(['merge', 'part1.json'], cwd)).toEqual({
      ...whole,
      err: 'warning: part 2/2 is missing; its files are analysed now\n',
    });
  });

  test('a file that changed since is analysed as it is now', async () => {
    const cwd = temporaryFolder({ 'app/User.java': user, 'lib/Opener.java': opener });
    const parts = await shardsOf(cwd, 2);
    writeFileSync(join(cwd, 'lib/Opener.java'), opener.replace('new FileInputStream(file)', 'null'));
    expect(await closewait(['merge', ...parts], cwd)).toEqual(await closewait(['scan'], cwd));
  });
});

test.each([
  [['scan', '--shard', '3/2', '--output', 'x'], '--shard 3/2: expected I/N, such as 1/4, with I from 1 to N'],
  [['scan', '--shard', '0/2', '--output', 'x'], '--shard 0/2: expected I/N, such as 1/4, with I from 1 to N'],
  [['scan', '--shard', '1/2'], '--shard: where to? Name a file: --output part.json'],
  [
    ['scan', '--shard', '1/2', '--output', 'x', '--format', 'sarif'],
    '--shard makes no report; give --format to closewait merge',
  ],
  [['merge', 'gone.json'], 'gone.json cannot be read (ENOENT)'],
  [['merge', 'text.json'], 'text.json is not a part of a scan; scan --shard writes them'],
])('%j', async (args, message) => {
  const cwd = temporaryFolder({ 'A.java': 'class A {}', 'text.json': 'no' });
  expect(await closewait(args, cwd)).toEqual({ code: 2, out: '', err: `closewait: ${message}\n` });
});

test('with a cache', async () => {
  const args = ['scan', '--shard', '1/2', '--output', 'x', '--cache'];
  const { code, err } = await closewait(args, temporaryFolder({}));
  expect(err).toMatch("error: option '--shard <i/n>' cannot be used with option '--cache'\n");
  expect(code).toBe(2);
});

test('parts of two scans are not merged, and damaged ones not read', async () => {
  const cwd = temporaryFolder({ 'a/A.java': opener, 'b/B.java': opener });
  await closewait(['scan', 'a', '--shard', '1/2', '--output', 'a.json'], cwd);
  await closewait(['scan', 'b', '--shard', '2/2', '--output', 'b.json'], cwd);
  expect((await closewait(['merge', 'a.json', 'b.json'], cwd)).err).toBe(
    'closewait: b.json belongs to a different scan than a.json\n',
  );
  const text = readFileSync(join(cwd, 'a.json'), 'utf8');
  writeFileSync(join(cwd, 'a.json'), text.replace('"1"', '"2"').slice(0, -2));
  expect((await closewait(['merge', 'a.json'], cwd)).err).toContain('a.json is not a part of a scan');
});
