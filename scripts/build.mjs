/**
 * Builds dist/: compiled sources, the grammars as WASM, and the rules checked and joined. What is in
 * dist/ before is removed, so that no file of an earlier build stays behind.
 *
 * What is started, `entries`, is joined into few files: loading four hundred modules one by one takes longer than
 * scanning a few files. The modules stay beside them for the scripts of this folder; the package leaves them out.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);

/** Grammars are development dependencies: their install builds native code nobody here needs. */
const grammars = ['tree-sitter-java', 'tree-sitter-go', 'tree-sitter-python'];

/** What users, ESLint and threads start, in dist/. */
const entries = ['cli/main', 'index', 'eslint/plugin', 'threads/worker'];

rmSync(dist, { recursive: true, force: true });
node(require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json');
copyGrammars();
node('scripts/build-rules.mjs');
await joinModules();
writeBuildId();
chmodSync(join(dist, 'cli/main.js'), 0o755);

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function copyGrammars() {
  mkdirSync(join(dist, 'wasm'), { recursive: true });
  for (const grammar of grammars) {
    const folder = dirname(require.resolve(`${grammar}/package.json`));
    copyFileSync(join(folder, `${grammar}.wasm`), join(dist, 'wasm', `${grammar}.wasm`));
    copyFileSync(join(folder, 'LICENSE'), join(dist, 'wasm', `${grammar}.LICENSE`));
  }
}

/**
 * In place, with what entries share in dist/chunks/: files that look for others beside them stand one folder deep, before
 * and after. Dependencies stay what they are.
 */
async function joinModules() {
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry, join(dist, `${entry}.js`)])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith(dist),
  });
  await bundle.write({ dir: dist, entryFileNames: '[name].js', chunkFileNames: 'chunks/[hash].js' });
  await bundle.close();
}

/** Results that are kept from one scan to the next are those of this build only. */
function writeBuildId() {
  const hash = createHash('sha256');
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  for (const file of files.sort()) hash.update(file.slice(dist.length)).update(readFileSync(file));
  for (const language of readdirSync(join(root, 'rules')).sort())
    hashFolder(hash, join(root, 'rules', language, 'api'));
  writeFileSync(join(dist, 'rules/build-id'), hash.digest('hex'));
}

function hashFolder(hash, folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
}
