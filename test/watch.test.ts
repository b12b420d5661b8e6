/** `closewait scan --watch`. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { run } from '../src/cli/run.ts';
import { noColors } from '../src/report/colors.ts';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

const leaky =
  'import java.io.*;\nclass A { int f(File f) throws IOException {\n  var in = new FileInputStream(f);\n  return in.read();\n} }\n';
const clean = leaky.replace('  var in', '  try (var in').replace('(f);', '(f)) {').replace('read();', 'read(); }');

interface Watching {
  /** Waits until so many scans are done, and gives what the last one printed. */
  scans(count: number): Promise<string>;
  readonly err: () => string;
  /** The exit code. */
  end(): Promise<number>;
}

function watching(cwd: string, ...args: readonly string[]): Watching {
  const interruption = new AbortController();
  const printed: string[] = [];
  let err = '';
  const done = run(['scan', '--watch', ...args], {
    cwd,
    env: {},
    colors: noColors,
    errorColors: noColors,
    isWatched: false,
    interrupted: interruption.signal,
    out: (text) => printed.push(text),
    err: (text) => (err += text),
  });
  return {
    async scans(count) {
      const wait = { timeout: 20_000, interval: 20 };
      await vi.waitFor(
        () => expect(err.split('watching for changes\n').length - 1).toBeGreaterThanOrEqual(count),
        wait,
      );
      return printed.at(-1) ?? '';
    },
    err: () => err,
    end() {
      interruption.abort();
      return done;
    },
  };
}

test('what is saved is scanned, and says what a scan says', async () => {
  const cwd = temporaryFolder({ 'a/A.java': leaky, 'b/B.java': leaky.replace('class A', 'class B') });
  const watch = watching(cwd);
  expect(await watch.scans(1)).toBe((await closewait(['scan'], cwd)).out);
  writeFileSync(join(cwd, 'a/A.java'), clean);
  const second = await watch.scans(2);
  expect(second).toContain('1 finding ');
  expect(second).toBe((await closewait(['scan'], cwd)).out);
  rmSync(join(cwd, 'b/B.java'));
  expect(await watch.scans(3)).toContain('no findings in 1 file');
  writeFileSync(join(cwd, 'C.java'), leaky.replace('class A', 'class C'));
  expect(await watch.scans(4)).toContain('C.java');
  expect(await watch.end()).toBe(1);
});

test('a configuration counts when it is saved, and one that is wrong ends nothing', async () => {
  const cwd = temporaryFolder({ 'A.java': leaky, 'closewait.config.yaml': 'minConfidence: low\n' });
  const watch = watching(cwd);
  expect(await watch.scans(1)).toContain('1 finding ');
  writeFileSync(join(cwd, 'closewait.config.yaml'), 'checks: { leak: off }\n');
  expect(await watch.scans(2)).toContain('no findings');
  writeFileSync(join(cwd, 'closewait.config.yaml'), 'chekcs: 1\n');
  await watch.scans(3);
  expect(watch.err()).toContain('chekcs');
  writeFileSync(join(cwd, 'closewait.config.yaml'), '{}\n');
  expect(await watch.scans(4)).toContain('1 finding ');
  expect(await watch.end()).toBe(1);
});

test('models count when they are saved', async () => {
  const source = 'import acme.Lease;\nclass A { void f() { Lease lease = Lease.take(); lease.use(); } }\n';
  const model = (release: string): string =>
    `library: acme\nlanguage: java\nresources:\n  lease: { title: lease, release: [${release}] }\ncalls:\n  - { call: "acme.Lease#take", acquire: lease, returns: acme.Lease }\n`;
  const cwd = temporaryFolder({ 'src/A.java': source, 'acme.yaml': model('giveBack') });
  const watch = watching(cwd, 'src', '--models', 'acme.yaml');
  expect(await watch.scans(1)).toContain('1 finding ');
  writeFileSync(join(cwd, 'acme.yaml'), model('use'));
  expect(await watch.scans(2)).toContain('no findings');
  expect(await watch.end()).toBe(0);
});

test('other files, and hidden ones, start no scan', async () => {
  const cwd = temporaryFolder({ 'A.java': leaky, 'node_modules/x/X.java': leaky });
  const watch = watching(cwd);
  await watch.scans(1);
  writeFileSync(join(cwd, 'notes.txt'), 'x');
  writeFileSync(join(cwd, 'node_modules/x/X.java'), clean);
  writeFileSync(join(cwd, '.hidden.java'), leaky);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(watch.err()).toBe('watching for changes\n');
  expect(await watch.end()).toBe(1);
});

test('what cannot work from the start is said at once', async () => {
  const cwd = temporaryFolder({ 'A.java': leaky });
  expect(await closewait(['scan', 'gone', '--watch'], cwd)).toEqual({
    code: 2,
    out: '',
    err: 'closewait: gone: no such file or folder\n',
  });
  expect((await closewait(['scan', '--watch', '--shard', '1/2', '--output', 'x'], cwd)).code).toBe(2);
});
