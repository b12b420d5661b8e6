/** The configuration: where it is found, what holds for a file, and what is said of a wrong one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkCatalogue } from '../src/findings/check-catalogue.ts';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A lost reference of high confidence, at line 4. */
const leaky = `import java.io.*;
class Reader {
  int first(File file) throws IOException {
    return new FileInputStream(file).read();
  }
}
`;

/** Leaks only when `length` throws, which it declares. */
const leakyOnException = `import java.io.*;
class Reader {
  long size(RandomAccessFile other, File file) throws IOException {
    FileInputStream in = new FileInputStream(file);
    long size = other.readLong();
    in.close();
    return size;
  }
}
`;

async function findingsOf(files: Record<string, string>, args: readonly string[] = [], folder = '.') {
  const cwd = join(temporaryFolder({ '.git/HEAD': '', ...files }), folder);
  const { code, out, err } = await closewait(['scan', '--format', 'json', ...args], cwd);
  const findings =
    out === '' ? [] : (JSON.parse(out) as { findings: { path: string; check: string; severity: string }[] }).findings;
  return { code, err, findings, paths: findings.map(({ path }) => path) };
}

describe('what it sets', () => {
  test('severity of a check, and what the exit code is for', async () => {
    const config = 'checks: { lost-reference: note }\nfailOn: warning\n';
    const { code, findings } = await findingsOf({ 'A.java': leaky, 'closewait.config.yaml': config });
    expect(findings).toMatchObject([{ severity: 'note' }]);
    expect(code).toBe(0);
  });

  test('a check that is off', async () => {
    const config = '{ "checks": { "lost-reference": "off" } }';
    expect(await findingsOf({ 'A.java': leaky, 'closewait.config.json': config })).toMatchObject({
      code: 0,
      paths: [],
    });
  });

  test('include and exclude', async () => {
    const files = { 'src/A.java': leaky, 'src/gen/B.java': leaky, 'C.java': leaky };
    const config = 'include: [src]\nexclude: [gen]\n';
    expect((await findingsOf({ ...files, 'closewait.config.yaml': config })).paths).toEqual(['src/A.java']);
    // What is named is wanted, whatever the configuration says of folders.
    expect((await findingsOf({ ...files, 'closewait.config.yaml': config }, ['C.java'])).paths).toEqual(['C.java']);
  });

  test('overrides by path, the last one first', async () => {
    const config = `
overrides:
  - { files: ['test/**'], checks: { lost-reference: off } }
  - { files: ['**/*Test.java'], checks: { lost-reference: note } }
`;
    const files = { 'A.java': leaky, 'test/B.java': leaky, 'test/CTest.java': leaky, 'closewait.config.yaml': config };
    const { findings } = await findingsOf(files);
    expect(findings.map(({ path, severity }) => `${path} ${severity}`)).toEqual([
      'A.java error',
      'test/CTest.java note',
    ]);
  });

  test.each([
    ['possible', 1],
    ['declared', 1],
    ['explicit', 0],
    ['none', 0],
  ])('exceptions: %s', async (policy, count) => {
    const config = `exceptions: ${policy}\n`;
    const { paths } = await findingsOf({ 'A.java': leakyOnException, 'closewait.config.yaml': config });
    expect(paths).toHaveLength(count);
  });

  test('models relative to the configuration', async () => {
    const source = 'import acme.Lease;\nclass A { void f() { Lease lease = Lease.take(); lease.use(); } }\n';
    const model =
      'library: acme\nlanguage: java\nresources:\n  lease: { title: lease, release: [giveBack] }\ncalls:\n  - { call: "acme.Lease#take", acquire: lease, returns: acme.Lease }\n';
    const files = {
      'sub/A.java': source,
      'rules/acme.yaml': model,
      'closewait.config.yaml': 'models: [rules/acme.yaml]\n',
    };
    expect((await findingsOf(files, [], 'sub')).paths).toEqual(['A.java']);
  });

  test('inline suppressions can be turned off, unused ones can fail', async () => {
    const silenced = leaky.replace('.read();', '.read(); // closewait-disable-line lost-reference -- ok');
    const off = { 'A.java': silenced, 'closewait.config.yaml': 'inlineSuppressions: false\n' };
    expect((await findingsOf(off)).code).toBe(1);
    const unused = { 'A.java': '// closewait-disable leak -- gone\n' };
    expect((await findingsOf({ ...unused, 'closewait.config.yaml': 'unusedSuppressions: error\n' })).code).toBe(1);
    expect(await findingsOf({ ...unused, 'closewait.config.yaml': 'unusedSuppressions: off\n' })).toMatchObject({
      code: 0,
      err: '',
    });
  });
});

describe('which wins', () => {
  const config = 'minConfidence: high\nchecks: { lost-reference: off }\nfailOn: never\n';
  const files = { 'A.java': leaky, 'closewait.config.yaml': config };

  test('options win over the configuration', async () => {
    expect((await findingsOf(files)).code).toBe(0);
    expect((await findingsOf(files, ['--no-config'])).code).toBe(1);
    expect(
      (await findingsOf({ ...files, 'closewait.config.yaml': 'minConfidence: high\n' }, ['--checks', 'leak'])).code,
    ).toBe(0);
    expect((await findingsOf(files, ['--fail-on', 'error'])).code).toBe(0);
  });

  test('an override does not win over an option', async () => {
    const override =
      'overrides:\n  - { files: ["*.java"], minConfidence: high, checks: { leak-on-exception: error } }\n';
    const likely = { 'A.java': leakyOnException, 'closewait.config.yaml': override };
    expect((await findingsOf(likely, ['--checks', 'leak'])).paths).toEqual([]);
  });
});

describe('where it is', () => {
  const off = 'checks: { lost-reference: off }\n';

  test('in a folder above, up to the repository', async () => {
    const files = { 'closewait.config.yaml': off, 'app/src/A.java': leaky };
    expect((await findingsOf(files, [], 'app/src')).code).toBe(0);
    expect((await findingsOf({ ...files, 'app/.git/HEAD': '' }, [], 'app/src')).code).toBe(1);
  });

  test('globs count from its folder', async () => {
    const config = 'exclude: [app/gen]\noverrides:\n  - { files: [app/src/B.java], checks: { lost-reference: off } }\n';
    const files = { 'app/src/A.java': leaky, 'app/src/B.java': leaky, 'app/gen/C.java': leaky };
    expect((await findingsOf({ ...files, 'closewait.config.yaml': config }, [], 'app')).paths).toEqual(['src/A.java']);
  });

  test('code runs only when it is named', async () => {
    const module = "export default { checks: { 'lost-reference': 'off' } };\n";
    const typed = "const severity: string = 'off';\nexport default { checks: { 'lost-reference': severity } };\n";
    const files = {
      'A.java': leaky,
      'closewait.config.mjs': module,
      'closewait.config.js': module,
      'closewait.config.ts': typed,
    };
    expect((await findingsOf(files)).code).toBe(1);
    expect((await findingsOf(files, ['--config', 'closewait.config.mjs'])).code).toBe(0);
    expect((await findingsOf(files, ['--config', 'closewait.config.ts'])).code).toBe(0);
  });
});

describe('one that is wrong', () => {
  test.each([
    ['closewait.config.yaml', 'chekcs: {}\n', 'closewait.config.yaml:1:1: unknown key `chekcs`; known here: $schema, '],
    ['closewait.config.yaml', 'checks:\n  leek: off\n', 'closewait.config.yaml:2:3: unknown key `leek`; known here: '],
    [
      'closewait.config.yaml',
      'checks:\n  leak: high\n',
      'closewait.config.yaml:2:3: "high" is not one of: off, note, ',
    ],
    ['closewait.config.yaml', 'overrides:\n  - checks: {}\n', 'closewait.config.yaml:2:5: `files` is missing'],
    [
      'closewait.config.json',
      '{\n\t"minConfidence": "sure"\n}',
      'closewait.config.json:2:2: "sure" is not one of: low, ',
    ],
    ['closewait.config.json', '{ "checks": ', 'closewait.config.json:1:'],
    ['closewait.config.json', '[]', 'expected a mapping of settings'],
    ['closewait.config.yaml', 'a: &a [*a]\n', 'closewait.config.yaml:1:1: '],
  ])('%s: %j', async (name, text, message) => {
    const { code, err } = await findingsOf({ 'A.java': leaky, [name]: text });
    expect(code).toBe(2);
    expect(err).toContain(`closewait: `);
    expect(err).toContain(message);
  });

  test.each([
    ['gone.yaml', {}, 'gone.yaml: cannot be read: ENOENT'],
    ['gone.mjs', {}, 'gone.mjs: cannot be read: ENOENT'],
    ['a.toml', { 'a.toml': '' }, 'a.toml: a configuration is a .json, .yaml, .yml, .js, .mjs, .ts or .mts file'],
    ['a.mjs', { 'a.mjs': 'export const x = 1;' }, 'a.mjs: has no default export'],
    ['a.mjs', { 'a.mjs': 'throw new Error("no such secret")' }, 'a.mjs: no such secret'],
    ['a.mjs', { 'a.mjs': 'export default { checks: { leak: 3 } }' }, 'a.mjs: checks.leak: 3 is not one of'],
  ])('--config %s', async (name, files, message) => {
    const { code, err } = await findingsOf({ 'A.java': leaky, ...files }, ['--config', name]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('an empty one is no configuration at all', async () => {
    expect((await findingsOf({ 'A.java': leaky, 'closewait.config.yaml': '# later\n' })).code).toBe(1);
  });

  test('two in one folder', async () => {
    const { code, err } = await findingsOf({ 'closewait.config.yaml': '', 'closewait.config.json': '{}' });
    expect(code).toBe(2);
    expect(err).toContain('there are closewait.config.json and closewait.config.yaml: keep one of them');
  });
});

test('--print-config says what holds for a file', async () => {
  const config = 'failOn: error\noverrides:\n  - { files: [test], minConfidence: low }\n';
  const cwd = temporaryFolder({ '.git/HEAD': '', 'closewait.config.yaml': config, 'test/A.java': leaky });
  const all = await closewait(['scan', '--print-config'], cwd);
  expect(all.code).toBe(0);
  expect(JSON.parse(all.out)).toMatchObject({
    configFile: 'closewait.config.yaml',
    failOn: 'error',
    minConfidence: 'medium',
  });
  const one = await closewait(['scan', '--print-config', 'test/A.java'], cwd);
  expect(JSON.parse(one.out)).toMatchObject({ minConfidence: 'low' });
});

test('--print-config shows what the command line leaves out, as the configuration would say it', async () => {
  const cwd = temporaryFolder({ '.git/HEAD': '', 'closewait.config.yaml': 'exclude: [gen]\n', 'app/A.java': leaky });
  const args = ['scan', '--print-config', '--exclude', 'old', '--exclude', 'src/new'];
  const { out } = await closewait(args, join(cwd, 'app'));
  expect(JSON.parse(out)).toMatchObject({ exclude: ['gen', 'old', 'app/src/new'] });
  const two = await closewait([...args, 'A.java', '.'], join(cwd, 'app'));
  expect(two).toMatchObject({ code: 2, err: expect.stringContaining('--print-config takes one path') as string });
});

test('the schema knows every check', () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../closewait.schema.json'), 'utf8')) as {
    definitions: { checks: { properties: object } };
  };
  expect(Object.keys(schema.definitions.checks.properties)).toEqual(checkCatalogue.map(({ id }) => id));
});
