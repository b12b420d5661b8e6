/**
 * What users install: the packed package in an empty project, and the GitHub action, its steps run as GitHub would run
 * them. Takes the registry of npm for the dependencies; part of `.ci/run`, not of the tests.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), 'closewait-package-'));
/** What is compared is text; the machine may ask for colours. */
delete process.env.FORCE_COLOR;
process.env.NO_COLOR = '1';
const leaky =
  'import java.io.*;\nclass A {\n  int f(File f) throws IOException {\n    return new FileInputStream(f).read();\n  }\n}\n';

try {
  const packed = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', scratch], { cwd: root }).stdout);
  const tarball = join(scratch, packed[0].filename);
  console.log(`${packed[0].filename}: ${packed[0].entryCount} files, ${(packed[0].size / 1e6).toFixed(1)} MB`);
  testInstalled(tarball);
  testAction(tarball);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function testInstalled(tarball) {
  const project = folder('project', {
    'package.json': '{}',
    'A.java': leaky,
    'closewait.config.yaml': 'failOn: error\n',
  });
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', tarball], { cwd: project });
  const bin = join(project, 'node_modules/.bin/closewait');
  const scan = run(bin, ['scan', '--report', 'sarif=a.sarif'], { cwd: project, expected: 1 });
  expect(scan.stdout.includes('A.java:4:12  lost-reference'), 'the installed program finds the leak', scan);
  const sarif = JSON.parse(readFileSync(join(project, 'a.sarif'), 'utf8'));
  expect(
    sarif.runs[0].tool.driver.rules.every(({ help }) => help.markdown !== undefined),
    'the pages are packed',
    scan,
  );
  const plugin = run('node', ['-e', "import('closewait/eslint').then(({ default: p }) => console.log(p.meta.name))"], {
    cwd: project,
  });
  expect(plugin.stdout.trim() === 'closewait', 'the ESLint plugin loads', plugin);
}

function testAction(tarball) {
  const cwd = folder('workspace', { 'src/A.java': leaky });
  git(cwd, 'init', '-q', '-b', 'main');
  git(cwd, 'add', '.');
  git(cwd, 'commit', '-qm', 'first');
  git(cwd, 'update-ref', 'refs/remotes/origin/main', 'main');

  const all = act({ package: tarball }, cwd, { GITHUB_BASE_REF: '' });
  expect(all.code === 1 && all.stdout.includes('::error file=src/A.java,line=4'), 'a push shows all findings', all);
  expect(all.output === 'sarif-file=./closewait.sarif\nexit-code=1\n', 'outputs are set', all);

  const none = act({ package: tarball }, cwd, { GITHUB_BASE_REF: 'main' });
  expect(none.code === 0, 'a pull request without changes has none', none);

  writeFileSync(join(cwd, 'src/B.java'), leaky);
  const changed = act({ package: tarball, paths: 'src\n.', 'fail-on': 'never' }, cwd, { GITHUB_BASE_REF: 'main' });
  expect(changed.code === 0 && changed.stdout.includes('src/B.java'), 'a pull request shows its own', changed);

  const hostile = act({ package: tarball, paths: '$(touch hacked) `touch hacked`' }, cwd, { GITHUB_BASE_REF: '' });
  const listed = run('ls', [], { cwd }).stdout;
  expect(hostile.code === 2 && !listed.includes('hacked'), 'inputs are text, not script', hostile);
}

/** The steps with their expressions filled in, as the runner does; every step is a script of bash. */
function act(given, workspace, env) {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, one]) => [name, given[name] ?? one.default]),
  );
  const filled = (text) => text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name) => inputs[name]);
  const output = join(scratch, 'output');
  writeFileSync(output, '');
  let stdout = '';
  for (const step of action.runs.steps) {
    const variables = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value)]));
    const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: join(workspace, filled(step['working-directory'] ?? '.')),
      encoding: 'utf8',
      env: { ...process.env, RUNNER_TEMP: join(scratch, 'runner'), GITHUB_OUTPUT: output, ...env, ...variables },
    });
    stdout += result.stdout + result.stderr;
    if (result.status !== 0) return { code: result.status, stdout, output: readFileSync(output, 'utf8') };
  }
  return { code: 0, stdout, output: readFileSync(output, 'utf8') };
}

function folder(name, files) {
  const path = join(scratch, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

function git(cwd, ...args) {
  run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false', ...args], { cwd });
}

function run(command, args, { cwd, expected = 0 }) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  expect(result.status === expected, `${command} ${args.join(' ')} ends with ${expected}`, result);
  return result;
}

function expect(holds, what, { stdout, stderr = '' }) {
  if (holds) return;
  console.error(`not so: ${what}\n${stdout}${stderr}`);
  process.exit(1);
}
