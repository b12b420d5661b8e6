/** Only what is new: lines changed since a branch began, and findings a baseline does not know. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { closewait } from './closewait.ts';
import { random } from './random.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A class with a method for each name; each leaks at its second line. */
function reader(...methods: readonly string[]): string {
  const bodies = methods.map(
    (name) => `  int ${name}(File file) throws IOException {\n    return new FileInputStream(file).read();\n  }\n`,
  );
  return `import java.io.*;\nclass Reader {\n${bodies.join('\n')}}\n`;
}

function git(cwd: string, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...args], { cwd, stdio: 'pipe' });
}

function repository(files: Record<string, string>): string {
  const cwd = temporaryFolder(files);
  git(cwd, 'init', '-q', '-b', 'main');
  git(cwd, 'add', '.');
  git(cwd, 'commit', '-qm', 'first');
  return cwd;
}

async function places(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, out, err } = await closewait(['scan', '--format', 'json', ...args], cwd, env);
  if (out === '') return { code, err, at: [] };
  const { findings } = JSON.parse(out) as { findings: { path: string; line: number }[] };
  return { code, err, at: findings.map(({ path, line }) => `${path}:${String(line)}`) };
}

describe('--changed', () => {
  test('findings on changed lines of a branch, committed or not, and in new files', async () => {
    const cwd = repository({ 'A.java': reader('a', 'b'), 'B.java': reader('a') });
    git(cwd, 'checkout', '-qb', 'topic');
    writeFileSync(join(cwd, 'A.java'), reader('a', 'added', 'b'));
    git(cwd, 'commit', '-qam', 'second');
    writeFileSync(join(cwd, 'B.java'), `// moved down\n${reader('a', 'draft')}`);
    writeFileSync(join(cwd, 'C d.java'), reader('a'));
    expect(await places(cwd, ['--changed'])).toMatchObject({ code: 1, at: ['A.java:8', 'B.java:9', 'C d.java:4'] });
    expect((await places(cwd, ['--changed=HEAD'])).at).toEqual(['B.java:9', 'C d.java:4']);
    expect((await places(cwd, ['--changed', 'main', '.'])).at).toHaveLength(3);
  });

  test('what changed on the other branch meanwhile is not ours', async () => {
    const cwd = repository({ 'A.java': reader('a') });
    git(cwd, 'checkout', '-qb', 'topic');
    git(cwd, 'checkout', '-q', 'main');
    writeFileSync(join(cwd, 'A.java'), reader('other', 'a'));
    git(cwd, 'commit', '-qam', 'on main');
    git(cwd, 'checkout', '-q', 'topic');
    expect(await places(cwd, ['--changed=main'])).toMatchObject({ code: 0, at: [] });
  });

  test('taking the release out counts, though no line is left of it', async () => {
    const closing =
      'import java.io.*;\nclass A {\n  void f(File file) throws IOException {\n    FileInputStream in = new FileInputStream(file);\n    in.read();\n    in.close();\n  }\n}\n';
    const cwd = repository({ 'A.java': closing });
    writeFileSync(join(cwd, 'A.java'), closing.replace('    in.close();\n', ''));
    expect((await places(cwd, ['--changed=HEAD'])).at).toEqual(['A.java:4']);
  });

  test('helpers in files that did not change are known', async () => {
    const helper =
      'import java.io.*;\nclass Files {\n  static InputStream open(File file) throws IOException {\n    return new FileInputStream(file);\n  }\n}\n';
    const cwd = repository({ 'Files.java': helper });
    writeFileSync(
      join(cwd, 'A.java'),
      'import java.io.*;\nclass A {\n  int f(File file) throws IOException {\n    return Files.open(file).read();\n  }\n}\n',
    );
    expect((await places(cwd, ['--changed'])).at).toEqual(['A.java:4']);
  });

  test('in a folder of the repository', async () => {
    const cwd = repository({ 'app/A.java': reader('a'), 'B.java': reader('a') });
    writeFileSync(join(cwd, 'app/A.java'), reader('a', 'b'));
    expect((await places(join(cwd, 'app'), ['--changed=HEAD'])).at).toEqual(['A.java:8']);
  });

  test('files that git does not show, and names that are patterns', async () => {
    const cwd = repository({
      'A.java': reader('a'),
      '[AB].java': reader('a'),
      'B.java': reader('a'),
      '.gitattributes': '*.java -diff\n',
    });
    writeFileSync(join(cwd, 'A.java'), reader('a', 'b'));
    writeFileSync(join(cwd, '[AB].java'), `// moved down\n${reader('a', 'b')}`);
    expect((await places(cwd, ['--changed=HEAD'])).at).toEqual(['A.java:8', '[AB].java:9']);
  });

  test('the base a CI system names', async () => {
    const cwd = repository({ 'A.java': reader('a') });
    git(cwd, 'branch', 'release');
    git(cwd, 'update-ref', 'refs/remotes/origin/release', 'release');
    writeFileSync(join(cwd, 'A.java'), reader('a', 'b'));
    git(cwd, 'commit', '-qam', 'second');
    expect((await places(cwd, ['--changed'], { GITHUB_BASE_REF: 'release' })).at).toEqual(['A.java:8']);
    expect((await places(cwd, ['--changed'])).at).toEqual([]);
  });

  test('no repository, no such revision, no common commit', async () => {
    expect(await places(temporaryFolder({ 'A.java': reader('a') }), ['--changed'])).toMatchObject({ code: 2 });
    const cwd = repository({ 'A.java': reader('a') });
    expect((await places(cwd, ['--changed=nowhere'])).err).toBe('closewait: --changed=nowhere: no such revision\n');
    expect((await places(cwd, ['--changed=--output=x'])).code).toBe(2);
    git(cwd, 'checkout', '-q', '--orphan', 'island');
    git(cwd, 'commit', '-qm', 'alone');
    expect((await places(cwd, ['--changed=main'])).err).toContain('fetch-depth: 0');
  });
});

describe('--baseline', () => {
  test('is written, hides what it knows, and shows what is new', async () => {
    const cwd = temporaryFolder({ 'A.java': reader('a', 'b') });
    const written = await closewait(['scan', '--baseline', 'known.json', '--update-baseline'], cwd);
    expect(written).toEqual({ code: 0, out: '', err: 'known.json now has 2 findings\n' });
    expect(await places(cwd, ['--baseline', 'known.json'])).toMatchObject({ code: 0, at: [], err: '' });
    writeFileSync(join(cwd, 'A.java'), reader('a', 'added', 'b'));
    expect(await places(cwd, ['--baseline', 'known.json'])).toMatchObject({ code: 1, at: ['A.java:8'] });
  });

  test('tells what is fixed, also in files that are gone', async () => {
    const cwd = temporaryFolder({ 'A.java': reader('a', 'b'), 'B.java': reader('a'), 'C.java': reader('a') });
    await closewait(['scan', '--baseline', 'known.json', '--update-baseline'], cwd);
    writeFileSync(join(cwd, 'A.java'), reader('a'));
    rmSync(join(cwd, 'B.java'));
    const { code, err } = await closewait(['scan', 'A.java', '--baseline', 'known.json'], cwd);
    expect(code).toBe(0);
    expect(err).toBe(
      '2 entries of known.json no longer occur; --update-baseline removes them:\n' +
        '  A.java  lost-reference  java:Reader#b\n  B.java  lost-reference  java:Reader#a\n',
    );
    // What was not scanned stays.
    await closewait(['scan', 'A.java', '--baseline', 'known.json', '--update-baseline'], cwd);
    const { findings } = JSON.parse(readFileSync(join(cwd, 'known.json'), 'utf8')) as { findings: { path: string }[] };
    expect(findings.map(({ path }) => path)).toEqual(['A.java', 'C.java']);
  });

  test('asking for less fixes nothing', async () => {
    const cwd = temporaryFolder({ 'A.java': reader('a') });
    await closewait(['scan', '--baseline', 'known.json', '--update-baseline'], cwd);
    expect((await places(cwd, ['--baseline', 'known.json', '--checks', 'leak'])).err).toBe('');
  });

  test('stays in JSON and SARIF, marked', async () => {
    const cwd = temporaryFolder({ 'A.java': reader('a'), 'closewait.config.yaml': 'baseline: known.json\n' });
    await closewait(['scan', '--update-baseline'], cwd);
    const json = await closewait(['scan', '--format', 'json'], cwd);
    expect(JSON.parse(json.out)).toMatchObject({ findings: [], suppressed: [{ suppression: { by: 'baseline' } }] });
    const sarif = await closewait(['scan', '--format', 'sarif'], cwd);
    expect(sarif.out).toContain('"justification": "known: known.json"');
  });

  test.each([
    [['--baseline', 'gone.json'], 'gone.json: no such file; --update-baseline writes it'],
    [['--update-baseline'], '--update-baseline: which file? Name it: --baseline FILE'],
    [['--baseline', 'bad.json'], 'bad.json:1:3: "2" is not one of: 1'],
    [['--baseline', 'cut.json'], 'cut.json:1:'],
  ])('%j', async (args, message) => {
    const cwd = temporaryFolder({
      'bad.json': '{ "version": "2", "findings": [] }',
      'cut.json': '{ "version": 1, "fin',
    });
    const { code, err } = await closewait(['scan', ...args], cwd);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(existsSync(join(cwd, 'gone.json'))).toBe(false);
  });
});

test('fingerprints stay over 50 unrelated edits and moves of lines', async () => {
  const dice = random(8);
  const cwd = temporaryFolder({ 'A.java': reader('a', 'b', 'c'), 'B.java': reader('a') });
  const fingerprints = async (): Promise<string[]> => {
    const { out } = await closewait(['scan', '--format', 'json'], cwd);
    const { findings } = JSON.parse(out) as { findings: { fingerprint: string }[] };
    return findings.map(({ fingerprint }) => fingerprint).sort();
  };
  const before = await fingerprints();
  expect(before).toHaveLength(4);
  let methods = ['a', 'b', 'c'];
  let head = '';
  for (let edit = 0; edit < 50; edit++) {
    const kind = dice.below(4);
    if (kind === 0) head += `// note ${String(edit)}\n`;
    if (kind === 1) methods = [...methods.slice(1), methods[0] ?? 'a'];
    if (kind === 2) head = head.replace('\n', '\n\n');
    const plain = kind === 3 ? `\n  int plain${String(edit)}(int n) { return n + 1; }\n` : '';
    const text = reader(...methods).replace('class Reader {\n', `class Reader {\n${plain}`);
    writeFileSync(join(cwd, 'A.java'), head + (kind === 3 ? text.replaceAll('    return', '\t\treturn') : text));
    expect(await fingerprints()).toEqual(before);
  }
});
