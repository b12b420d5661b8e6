/**
 * Writes rules/go/api/std.jsonl, what the analyser knows of Go's standard library, from the installed Go 1.26. The
 * same minor version gives the same bytes. `--stdout` prints it instead. Needs no network.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const wantedVersion = '1.26';
/** The library differs by platform: this one is described, wherever the program runs. */
const platform = ['linux', 'amd64'];
const folder = fileURLToPath(new URL('go-index/', import.meta.url));
const target = new URL('../rules/go/api/std.jsonl', import.meta.url);

// A module around this folder, settings of the user or a cross-compiling shell must not show in the output.
const environment = {
  ...process.env,
  CGO_ENABLED: '0',
  GO111MODULE: 'off',
  GOENV: 'off',
  GOEXPERIMENT: '',
  GOFLAGS: '',
  GOTOOLCHAIN: 'local',
};
delete environment.GOOS;
delete environment.GOARCH;

const options = { cwd: folder, encoding: 'utf8', env: environment, maxBuffer: 64 * 1024 * 1024 };
const run = spawnSync('go', ['run', 'main.go', ...platform], options);
if (run.error !== undefined || run.status !== 0) {
  console.error(`generate-go-index: go failed\n${run.error?.message ?? run.stderr}`);
  process.exit(1);
}
const header = JSON.parse(run.stdout.slice(0, run.stdout.indexOf('\n')));
if (header.go !== wantedVersion) {
  console.error(`generate-go-index: needs Go ${wantedVersion}, found ${header.go}`);
  process.exit(1);
}
if (process.argv.includes('--stdout')) process.stdout.write(run.stdout);
else {
  mkdirSync(new URL('.', target), { recursive: true });
  writeFileSync(target, run.stdout);
}
