/**
 * How long a scan takes, against the time it takes only to read and parse the same files. Both run in this
 * process, by turns, so that a busy or slow machine shows in both and the ratio stands.
 *
 *     npm run bench -- <folder>       any checkout of sources
 *       --rounds <n>                  how often everything is measured (3)
 *       --sizes <n,n,…>               first so many files, to see how time grows (1000,2000,5000)
 *       --branches <n,n>              functions of so many branches, to see the same (300,3000)
 *       --json                        numbers instead of a table, times in milliseconds
 *
 * What is compared:
 *   read + parse     every file by tree-sitter, the tree freed at once, or typescript-estree
 *   read + frontend  the same as closewait does it: the tree copied out of WASM memory
 *   scan             all of `closewait scan` but printing; parses what passes the gate
 *
 * Memory and the cold time are those of one scan in a process of its own: `--once` prints them. It does not
 * check what is found.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse, TSError } from '@typescript-eslint/typescript-estree';
import { scan } from '../dist/analyze.js';
import { frontendFor, frontends } from '../dist/languages/registry.js';
import { grammarOf, startParser } from '../dist/languages/tree-sitter.js';
import { discover } from '../dist/project/discover.js';
import { readSourceText } from '../dist/project/source-text.js';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    sizes: { type: 'string', default: '1000,2000,5000' },
    branches: { type: 'string', default: '300,3000' },
    json: { type: 'boolean', default: false },
    once: { type: 'boolean', default: false },
  },
});
const [root] = positionals;
if (root === undefined || !statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
  console.error('bench: npm run bench -- <folder> [--rounds n] [--sizes n,n] [--branches n,n] [--json]');
  process.exit(2);
}
const folder = resolve(root);
const rounds = Math.max(1, Number(flags.rounds));

if (flags.once) console.log(JSON.stringify(await measureOnce()));
else await measureAll();

async function measureAll() {
  // First, while this process is small: a child's peak starts from its parent's size.
  const cold = measureInChild();
  const { files } = discover(['.'], { cwd: folder, extensions: frontends.flatMap((one) => [...one.extensions]) });
  const lines = files.map(countLines);
  for (const frontend of frontends) await frontend.load();
  const result = {
    files: files.length,
    kloc: sum(lines) / 1000,
    parsed: cold.parsed,
    findings: cold.findings,
    cold: { millis: cold.millis, peakMegabytes: cold.peakMegabytes },
    ...(await compare(files)),
    growth: await measureGrowth(files, lines),
    branches: await measureBranches(),
  };
  console.log(flags.json ? JSON.stringify(result, null, 2) : table(result));
}

async function measureOnce() {
  const started = performance.now();
  const { stats, findings } = await scanPaths(['.'], folder);
  const millis = performance.now() - started;
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  return { millis, peakMegabytes, parsed: stats.parsed, findings: findings.length };
}

function measureInChild() {
  const script = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, [script, folder, '--once'], { encoding: 'utf8' });
  if (child.status === 0) return JSON.parse(child.stdout);
  console.error(`bench: the scan failed\n${child.stderr}`);
  process.exit(1);
}

/** Every round in another order, so that none always finds the caches another has filled. */
async function compare(files) {
  const measured = { parse: [], frontend: [], scan: [] };
  const parts = [
    [measured.parse, () => parseAll(files)],
    [measured.frontend, () => parseAsClosewait(files)],
    [measured.scan, () => scanPaths(['.'], folder)],
  ];
  for (let round = 0; round < rounds; round++) {
    for (const [millis, run] of round % 2 === 0 ? parts : parts.toReversed()) millis.push(await time(run));
  }
  const [parse, frontend, whole] = [measured.parse, measured.frontend, measured.scan].map(minAndMedian);
  const scanToParse = { min: whole.min / parse.min, median: whole.median / parse.median };
  const scanToFrontend = { min: whole.min / frontend.min, median: whole.median / frontend.median };
  return { parse, frontend, scan: whole, scanToParse, scanToFrontend };
}

async function parseAll(files) {
  await startParser();
  for (const file of files) {
    const source = readSourceText(file.absolute);
    if (!('text' in source)) continue;
    const { id } = frontendFor(file.path);
    if (id === 'typescript') parseEstree(file.path, source.text);
    else grammarOf(`tree-sitter-${id}`).parser.parse(source.text).delete();
  }
}

/** What does not parse has still been read to the error. */
function parseEstree(filePath, text) {
  try {
    parse(text, { filePath, range: true, jsx: !filePath.endsWith('ts') });
  } catch (error) {
    if (!(error instanceof TSError)) throw error;
  }
}

function parseAsClosewait(files) {
  for (const file of files) {
    const source = readSourceText(file.absolute);
    if ('text' in source) frontendFor(file.path).parse(file.path, source.text);
  }
}

async function measureGrowth(files, lines) {
  const sizes = numbers(flags.sizes).filter((size) => size <= files.length);
  const rows = sizes.map((size) => ({ files: size, kloc: sum(lines.slice(0, size)) / 1000, all: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      const paths = files.slice(0, row.files).map(({ path }) => path);
      row.all.push(await time(() => scanPaths(paths, folder)));
    }
  }
  return rows.map(({ all, ...row }) => ({ ...row, ...minAndMedian(all) }));
}

/** The analysis alone: start-up would hide how a single function's time grows. */
async function measureBranches() {
  const scratch = mkdtempSync(join(tmpdir(), 'closewait-bench-'));
  try {
    const rows = numbers(flags.branches).map((branches) => ({ branches, all: [] }));
    for (const { branches } of rows) {
      mkdirSync(join(scratch, String(branches)));
      writeFileSync(join(scratch, String(branches), 'Branches.java'), branchesSource(branches));
    }
    for (let round = 0; round < rounds + 2; round++) {
      for (const { branches, all } of rows) {
        const { stats, problems } = await scanPaths(['.'], join(scratch, String(branches)));
        if (problems.length > 0) console.error(`bench: ${branches} branches: ${problems[0].message}`);
        all.push((stats.millis.index ?? 0) + (stats.millis.analyse ?? 0));
      }
    }
    return rows.map(({ branches, all }) => ({ branches, ...minAndMedian(all) }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Every kind of test the engine keeps facts of, one after the other, with one resource open over all of them. */
function branchesSource(count) {
  const kinds = [
    (i) => `if (n == ${i}) { in.read(); }`,
    (i) => `if (flag) { total += ${i}; } else { flag = n > ${i}; }`,
    (i) => `if (name == null) { name = String.valueOf(${i}); }`,
    (i) => `if (n > ${i} && total < ${i}) { total += in.read(); }`,
    () => `try { in.read(); } catch (IOException e) { total++; }`,
  ];
  const body = Array.from({ length: count }, (_, i) => `    ${kinds[i % kinds.length](i)}`).join('\n');
  return `import java.io.*;
class Branches {
  int sum(int n, boolean flag, String name) throws IOException {
    int total = 0;
    FileInputStream in = new FileInputStream(name);
${body}
    in.close();
    return total;
  }
}
`;
}

function scanPaths(paths, cwd) {
  return scan({
    paths,
    cwd,
    minConfidence: 'medium',
    checks: null,
    modelFiles: [],
    exclude: [],
    verify: false,
    threads: 'auto',
  });
}

async function time(run) {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

function countLines(file) {
  const source = readSourceText(file.absolute);
  return 'text' in source ? source.text.split('\n').length : 0;
}

function minAndMedian(all) {
  const sorted = all.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return { min: sorted[0], median: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2 };
}

function numbers(text) {
  return text.split(',').map(Number).filter(Boolean);
}

function sum(all) {
  return all.reduce((total, one) => total + one, 0);
}

function table(result) {
  const { files, kloc, parsed, findings, cold, growth, branches } = result;
  const seconds = ({ min, median }) => [`${(min / 1000).toFixed(2)} s`, `${(median / 1000).toFixed(2)} s`];
  const perKloc = ({ min }) => `${Math.round(kloc / (min / 1000))} kLOC/s`;
  const times = ({ min, median }) => [`${min.toFixed(2)} ×`, `${median.toFixed(2)} ×`];
  const perThousand = (row) => `${(row.min / row.kloc).toFixed(2)} ms/kLOC`;
  const rows = [
    [`${files} files, ${kloc.toFixed(0)} kLOC`, 'min', 'median'],
    ['read + parse', ...seconds(result.parse), perKloc(result.parse)],
    ['read + frontend', ...seconds(result.frontend), perKloc(result.frontend)],
    ['scan', ...seconds(result.scan), perKloc(result.scan)],
    ['scan / parse', ...times(result.scanToParse)],
    ['scan / frontend', ...times(result.scanToFrontend)],
    [],
    ...growth.map((row) => [`scan of ${row.files} files`, ...seconds(row), perThousand(row)]),
    ...branches.map((row) => [
      `${row.branches} branches`,
      ...seconds(row),
      `${(row.min / row.branches).toFixed(3)} ms each`,
    ]),
    ...branches
      .slice(1)
      .map((row) => [
        `${row.branches} / ${branches[0].branches} branches`,
        ...times({ min: row.min / branches[0].min, median: row.median / branches[0].median }),
        `${row.branches / branches[0].branches} × is linear`,
      ]),
  ];
  const lines = rows.map(([name = '', ...cells]) => name.padEnd(26) + cells.map((cell) => cell.padStart(16)).join(''));
  const coldSeconds = (cold.millis / 1000).toFixed(2);
  const last = `cold: ${coldSeconds} s, peak ${cold.peakMegabytes.toFixed(0)} MB, ${parsed} files parsed, ${findings} findings`;
  return [...lines, '', last].map((line) => line.trimEnd()).join('\n');
}
