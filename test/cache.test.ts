/** The cache: whatever changes between two scans, the second says what a scan without cache would say. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scan } from '../src/analyze.ts';
import type { ScanResult } from '../src/analyze.ts';
import { closewait } from './closewait.ts';
import { random } from './random.ts';
import { temporaryFolder } from './temporary-folder.ts';

function scanned(cwd: string, cacheFolder: string | null): Promise<ScanResult> {
  return scan({
    paths: ['.'],
    cwd,
    minConfidence: 'low',
    checks: null,
    modelFiles: [],
    exclude: [],
    verify: false,
    cacheFolder,
  });
}

/** What users see of a result; which files were parsed for it is not among that. */
function shown({ findings, problems, suppressed }: ScanResult): object {
  return { findings, problems, suppressed };
}

/** Scans with the cache and without; both must say the same. */
async function agreed(cwd: string): Promise<ScanResult> {
  const cached = await scanned(cwd, join(cwd, '.closewait-cache'));
  expect(shown(cached)).toEqual(shown(await scanned(cwd, null)));
  return cached;
}

const useOfHelper = `package app;
import java.io.*;
class Use {
  int first(File file) throws IOException {
    InputStream in = lib.Files.open(file);
    return in.read();
  }
}
`;

const helper = (body: string): string =>
  `package lib;\nimport java.io.*;\npublic class Files {\n  public static InputStream open(File file) throws IOException {\n    ${body}\n  }\n}\n`;

const opens = helper('return new FileInputStream(file);');
const opensNothing = helper('return new ByteArrayInputStream(new byte[1]);');

/** More files than a unit has, so that what stands before them and after them is in different ones. */
function crowd(prefix = 'between'): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: 800 }, (_, i) => [
      `${prefix}/C${String(i)}.java`,
      `package ${prefix};\n// new FileInputStream(file)\nclass C${String(i)} {}\n`,
    ]),
  );
}

describe('what a change redoes', () => {
  test('nothing, if there is none', async () => {
    const cwd = temporaryFolder({ 'app/Use.java': useOfHelper, 'lib/Files.java': opens });
    expect((await agreed(cwd)).stats).toMatchObject({ cached: 0 });
    expect((await agreed(cwd)).stats).toMatchObject({ cached: 2, parsed: 0 });
  });

  test('a helper in another unit: who calls it, and nobody else', async () => {
    const cwd = temporaryFolder({ 'app/Use.java': useOfHelper, ...crowd(), 'lib/Files.java': opens });
    expect((await agreed(cwd)).findings).toHaveLength(1);
    writeFileSync(join(cwd, 'lib/Files.java'), opensNothing);
    const changed = await agreed(cwd);
    expect(changed.findings).toHaveLength(0);
    expect(changed.stats.cached).toBeGreaterThan(300);
  });

  test('what hands out resources: who uses it and says nothing of them', async () => {
    const use = useOfHelper.replace('InputStream in', 'var in').replace('import java.io.*', 'import java.io.File');
    const cwd = temporaryFolder({ 'app/Use.java': use, ...crowd(), 'lib/Files.java': opens });
    const found = async (): Promise<boolean> =>
      (await agreed(cwd)).findings.some(({ path }) => path === 'app/Use.java');
    expect(await found()).toBe(true);
    writeFileSync(join(cwd, 'lib/Files.java'), opensNothing);
    expect(await found()).toBe(false);
    writeFileSync(join(cwd, 'lib/Files.java'), opens);
    expect(await found()).toBe(true);
  });

  test('what is handed out besides: functions that were passed over before', async () => {
    const use = `package app;
import java.io.File;
class Use {
  int first(File file) throws Exception { var in = lib.Files.open(file); return in.read(); }
  int second(File file) throws Exception { var in = lib.More.take(file); return in.read(); }
}
`;
    const more = (text: string): string => text.replace('class Files', 'class More').replace(' open(', ' take(');
    const cwd = temporaryFolder({
      'app/Use.java': use,
      ...crowd(),
      'lib/Files.java': opens,
      'lib/More.java': more(opensNothing),
    });
    expect((await agreed(cwd)).findings).toHaveLength(1);
    writeFileSync(join(cwd, 'lib/More.java'), more(opens));
    expect((await agreed(cwd)).findings).toHaveLength(2);
  });

  test('what a helper does, though it calls the same', async () => {
    const use = `package app;
import java.io.*;
class Use {
  int first(File file) throws IOException {
    InputStream in = new FileInputStream(file);
    lib.Files.done(in);
    return 1;
  }
}
`;
    const closes = 'InputStream other = new ByteArrayInputStream(null); in.close(); other.read();';
    const closesAnother = 'InputStream other = new ByteArrayInputStream(null); other.close(); in.read();';
    const done = (body: string): string =>
      `package lib;\nimport java.io.*;\npublic class Files {\n  public static void done(InputStream in) throws IOException { ${body} }\n}\n`;
    const cwd = temporaryFolder({ 'app/Use.java': use, ...crowd(), 'lib/Files.java': done(closes) });
    const before = (await agreed(cwd)).findings.length;
    writeFileSync(join(cwd, 'lib/Files.java'), done(closesAnother));
    expect((await agreed(cwd)).findings.length).toBe(before + 1);
  });

  test('a class that begins to implement an interface: who calls what it implements', async () => {
    const sink =
      'package lib;\nimport java.io.*;\npublic interface Sink {\n  void take(InputStream in);\n  void stop();\n}\n';
    const implementing = (name: string, body: string, supertype = ' implements Sink'): string =>
      `package lib;\nimport java.io.*;\nclass ${name}${supertype} {\n  public void take(InputStream in) {${body}}\n  public void stop() {}\n}\n`;
    const use =
      'package app;\nimport java.io.*;\nclass Use {\n  void use(lib.Sink sink) throws IOException {\n    sink.take(new FileInputStream("a"));\n  }\n}\n';
    const cwd = temporaryFolder({
      'app/Use.java': use,
      ...crowd(),
      'lib/Closing.java': implementing('Closing', 'in.close();'),
      'lib/Looking.java': implementing('Looking', 'in.read();', ''),
      'lib/Sink.java': sink,
    });
    expect((await agreed(cwd)).findings).toHaveLength(0);
    writeFileSync(join(cwd, 'lib/Closing.java'), implementing('Closing', 'in.read();'));
    expect((await agreed(cwd)).findings).toHaveLength(1);
    writeFileSync(join(cwd, 'lib/Looking.java'), implementing('Looking', 'in.close();'));
    expect((await agreed(cwd)).findings).toHaveLength(0);
    rmSync(join(cwd, 'lib/Looking.java'));
    expect((await agreed(cwd)).findings).toHaveLength(1);
  });

  test('what a manifest says: everything', async () => {
    const ticker = 'package a\n\nimport "time"\n\nfunc f() { t := time.NewTicker(1); <-t.C }\n';
    const cwd = temporaryFolder({ 'go.mod': 'module example.com/a\n\ngo 1.22\n', 'a.go': ticker });
    const confidences = async (): Promise<readonly string[]> =>
      (await agreed(cwd)).findings.map(({ confidence }) => confidence);
    expect(await confidences()).toEqual(['medium']);
    writeFileSync(join(cwd, 'go.mod'), 'module example.com/a\n\ngo 1.23\n');
    expect(await confidences()).toEqual([]);
  });

  test('a file that speaks of resources now: who asked whether it does', async () => {
    const use = `package app;
class Use {
  // new FileInputStream(file)
  int size(lib.Factory factory, int n) throws Exception {
    lib.Link link = factory.createLink();
    if (n > 3) return 0;
    link.close();
    return 1;
  }
}
`;
    const link = (comment: string): string =>
      `package lib;\npublic interface Link extends AutoCloseable {\n  // ${comment}\n  int size();\n}\n`;
    const cwd = temporaryFolder({
      'app/Use.java': use,
      ...crowd(),
      'lib/Factory.java': 'package lib;\npublic interface Factory { Link createLink(); }\n',
      'lib/Link.java': link('nothing'),
    });
    expect((await agreed(cwd)).findings).toHaveLength(0);
    writeFileSync(join(cwd, 'lib/Link.java'), link('new FileInputStream(file)'));
    expect((await agreed(cwd)).findings).toHaveLength(1);
  });

  test('a file that comes, and one that goes', async () => {
    const cwd = temporaryFolder({ 'app/Use.java': useOfHelper, ...crowd() });
    const levelOfUse = async (): Promise<string | undefined> =>
      (await agreed(cwd)).findings.find(({ path }) => path === 'app/Use.java')?.confidence;
    const before = await levelOfUse();
    writeFileSync(join(cwd, 'lib.java'), 'class Other {}');
    mkdirSync(join(cwd, 'lib'));
    writeFileSync(join(cwd, 'lib/Files.java'), opens);
    const known = await levelOfUse();
    expect(known).not.toBe(before);
    rmSync(join(cwd, 'lib/Files.java'));
    expect(await levelOfUse()).toBe(before);
  });

  test('another line in a file moves its findings', async () => {
    const cwd = temporaryFolder({ 'app/Use.java': useOfHelper, 'lib/Files.java': opens });
    const before = await agreed(cwd);
    writeFileSync(join(cwd, 'app/Use.java'), `// moved\n${useOfHelper}`);
    const after = await agreed(cwd);
    expect(after.findings[0]?.fingerprint).toBe(before.findings[0]?.fingerprint);
    expect(after.findings[0]?.acquiredAt.start).not.toBe(before.findings[0]?.acquiredAt.start);
  });

  test('comments that silence are read anew', async () => {
    const cwd = temporaryFolder({ 'app/Use.java': useOfHelper, 'lib/Files.java': opens });
    await agreed(cwd);
    writeFileSync(
      join(cwd, 'app/Use.java'),
      useOfHelper.replace('    InputStream', '    // closewait-disable-next-line leak -- ok\n    InputStream'),
    );
    expect(await agreed(cwd)).toMatchObject({ findings: [], suppressed: [{ reason: 'ok' }] });
  });
});

describe('any number of random changes', () => {
  const lib = (n: number): string => `lib${String(n)}`;
  const languages = {
    java: {
      extension: 'java',
      use: (n: number, to: number) =>
        `package app;\nimport java.io.*;\nclass Use${String(n)} {\n  int f(File file) throws IOException {\n    InputStream in = ${lib(to)}.Files.open(file);\n    return in.read();\n  }\n}\n`,
      helper: (n: number, kind: number) =>
        `package ${lib(n)};\nimport java.io.*;\npublic class Files {\n  public static InputStream open(File file) throws IOException {\n    ${['return new FileInputStream(file);', 'return null;', 'throw new IOException();'][kind] ?? ''}\n  }\n}\n`,
      helperPath: (n: number) => `${lib(n)}/Files.java`,
    },
    go: {
      extension: 'go',
      use: (n: number, to: number) =>
        `package app\n\nimport "example.org/x/${lib(to)}"\n\nfunc Use${String(n)}(name string) int {\n\tf, err := ${lib(to)}.Open(name)\n\tif err != nil {\n\t\treturn 0\n\t}\n\ts, _ := f.Stat()\n\treturn int(s.Size())\n}\n`,
      helper: (n: number, kind: number) =>
        `package ${lib(n)}\n\nimport "os"\n\nfunc ${kind === 1 ? 'Other' : 'Open'}(name string) (*os.File, error) {\n\treturn ${kind === 2 ? 'nil, nil' : 'os.Open(name)'}\n}\n`,
      helperPath: (n: number) => `${lib(n)}/files.go`,
    },
    python: {
      extension: 'py',
      use: (n: number, to: number) =>
        `from ${lib(to)}.files import open_it\n\n\ndef use${String(n)}(name):\n    f = open_it(name)  # as open() does\n    line = f.readline()\n    return line.strip()\n`,
      helper: (_: number, kind: number) =>
        `def ${kind === 1 ? 'other' : 'open_it'}(name):\n    return ${kind === 2 ? 'None' : 'open(name)'}\n`,
      helperPath: (n: number) => `${lib(n)}/files.py`,
    },
    typescript: {
      extension: 'ts',
      use: (n: number, to: number) =>
        `import { openIt } from '../${lib(to)}/files.js';\nimport { readSync } from 'node:fs';\nexport function use${String(n)}(name: string, into: Buffer): number {\n  const fd = openIt(name);\n  return readSync(fd, into);\n}\n`,
      helper: (_: number, kind: number) =>
        `import { openSync } from 'node:fs';\nexport function ${kind === 1 ? 'other' : 'openIt'}(name: string): number {\n  return ${kind === 2 ? '3' : "openSync(name, 'r')"};\n}\n`,
      helperPath: (n: number) => `${lib(n)}/files.ts`,
    },
  };

  test.each(Object.entries(languages))(
    '%s',
    async (_, { extension, use, helper: helperOf, helperPath }) => {
      const dice = random(7);
      const users = 260;
      const userPath = (n: number): string => `app/use${String(n).padStart(3, '0')}.${extension}`;
      const cwd = temporaryFolder({
        'go.mod': 'module example.org/x\n',
        ...Object.fromEntries(Array.from({ length: users }, (_, n) => [userPath(n), use(n, n % 4)])),
        ...Object.fromEntries([0, 1, 2, 3].map((n) => [helperPath(n), helperOf(n, 0)])),
      });
      expect((await agreed(cwd)).findings.length).toBeGreaterThan(100);
      let cached = 0;
      for (let step = 0; step < 10; step++) {
        const n = dice.below(4);
        const kind = dice.below(5);
        if (kind < 3) writeFileSync(join(cwd, helperPath(n)), helperOf(n, kind));
        else if (kind === 3) writeFileSync(join(cwd, userPath(dice.below(users))), use(step, dice.below(4)));
        else rmSync(join(cwd, helperPath(n)), { force: true });
        cached += (await agreed(cwd)).stats.cached;
      }
      expect(cached).toBeGreaterThan(0);
    },
    120_000,
  );
});

describe('the files of a cache', () => {
  const files = { 'app/Use.java': useOfHelper, 'lib/Files.java': opens };

  test.each<[string, (text: string) => string]>([
    ['empty', () => ''],
    ['cut short', (text) => text.slice(0, text.length / 2)],
    ['changed in one place', (text) => text.replace('"leak"', '"leek"')],
    ['not ours', () => '{}'],
    ['binary', () => '\u0000\u0001'],
  ])('one that is damaged is ignored: %s', async (_, damage) => {
    const cwd = temporaryFolder(files);
    await agreed(cwd);
    const folder = join(cwd, '.closewait-cache');
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.json')))
      writeFileSync(join(folder, name), damage(readFileSync(join(folder, name), 'utf8')));
    expect((await agreed(cwd)).stats.cached).toBe(0);
    expect((await agreed(cwd)).stats.cached).toBe(2);
  });

  test('runs at the same time leave a cache that can be read', async () => {
    const cwd = temporaryFolder(files);
    await Promise.all([agreed(cwd), agreed(cwd), agreed(cwd)]);
    expect((await agreed(cwd)).stats.cached).toBe(2);
    expect(readdirSync(join(cwd, '.closewait-cache')).sort()).toEqual([
      '.gitignore',
      expect.stringMatching(/^java-.*\.json$/),
    ]);
  });

  test('one that cannot be written is done without', async () => {
    const cwd = temporaryFolder({ ...files, taken: 'a file' });
    const { code, err } = await closewait(['scan', '--cache-location', 'taken'], cwd);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'warning: the cache cannot be written; the next scan analyses everything again\n',
    });
  });

  test('--cache is for the folder the scan is started in', async () => {
    const cwd = temporaryFolder(files);
    const first = await closewait(['scan', '--cache'], cwd);
    expect(readdirSync(cwd)).toContain('.closewait-cache');
    expect(await closewait(['scan', '--cache'], cwd)).toEqual(first);
  });

  test('models of ones own are part of what is kept', async () => {
    const source = 'import acme.Lease;\nclass A { void f() { Lease lease = Lease.take(); lease.use(); } }\n';
    const model = (release: string): string =>
      `library: acme\nlanguage: java\nresources:\n  lease: { title: lease, release: [${release}] }\ncalls:\n  - { call: "acme.Lease#take", acquire: lease, returns: acme.Lease }\n`;
    const cwd = temporaryFolder({ 'A.java': source, 'acme.yaml': model('giveBack') });
    const args = ['scan', 'A.java', '--cache', '--models', 'acme.yaml'];
    expect((await closewait(args, cwd)).code).toBe(1);
    writeFileSync(join(cwd, 'acme.yaml'), model('use'));
    expect((await closewait(args, cwd)).code).toBe(0);
  });
});
