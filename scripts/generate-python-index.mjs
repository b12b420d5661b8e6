/**
 * Writes rules/python/api/std.jsonl, what the analyser knows of Python's standard library, from typeshed's stubs as the npm
 * package `pyright` ships them (Apache-2.0; only facts are taken: which names there are and of what type). Needs Python 3.9 or newer, and npm and
 * the network to get the package; the environment variable TYPESHED names a folder that has the stubs already. The same package gives the same
 * bytes. `--stdout` prints it instead.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const wanted = 'pyright@1.1.414';
const program = fileURLToPath(new URL('python-index/main.py', import.meta.url));
const target = new URL('../rules/python/api/std.jsonl', import.meta.url);

function run(command, args, options) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options });
  if (done.error === undefined && done.status === 0) return done.stdout;
  console.error(`generate-python-index: ${command} failed\n${done.error?.message ?? done.stderr}`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'python-index-'));
try {
  let stubs = process.env.TYPESHED;
  if (stubs === undefined) {
    const [{ filename }] = JSON.parse(run('npm', ['pack', wanted, '--json', '--ignore-scripts'], { cwd: folder }));
    run('tar', ['xzf', filename, 'package/dist/typeshed-fallback'], { cwd: folder });
    stubs = join(folder, 'package/dist/typeshed-fallback');
  }
  const commit = readFileSync(join(stubs, 'commit.txt'), 'utf8').trim();
  const header = JSON.stringify({ typeshed: commit, from: wanted, generator: 'npm run generate:python' });
  const text = run('python3', ['-S', program, join(stubs, 'stdlib'), header]);
  if (process.argv.includes('--stdout')) process.stdout.write(text);
  else {
    mkdirSync(new URL('.', target), { recursive: true });
    writeFileSync(target, text);
  }
} finally {
  rmSync(folder, { recursive: true });
}
