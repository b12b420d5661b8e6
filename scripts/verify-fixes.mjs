/**
 * npm run verify:fixes -- <folder> [--targets FILE] [--list] [--keep DIR] [--min-confidence LEVEL]
 *
 * Applies a fix to every finding, one at a time, and checks that the finding is gone, that there is no new one, and
 * that the language's own parser takes the result. Every folder with source files directly in it is a case of its own.
 * FILE, JSON: [{ path, from, to, variable }] restricts this to findings known to be true, by lines of their
 * acquisition; `variable` null: whatever it is called. Paths are relative to the folder.
 */
import { execFileSync } from 'node:child_process';
import { globbySync } from 'globby';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    targets: { type: 'string' },
    list: { type: 'boolean' },
    keep: { type: 'string' },
    'min-confidence': { type: 'string', default: 'medium' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('usage: verify-fixes.mjs <folder> [--targets FILE] [--list] [--keep DIR]');

const { scan } = await import('../dist/analyze.js');
const { benchOf } = await import('../dist/fix.js');
const { offerFix, holds } = await import('../dist/fixes/offer-fix.js');
const { applyEdits } = await import('../dist/fixes/apply-edits.js');
const { lineMap } = await import('../dist/findings/line-map.js');
const { checkSyntax } = await import('./real-parsers.mjs');

const targets = values.targets === undefined ? null : JSON.parse(readFileSync(values.targets, 'utf8'));
const started = performance.now();
const rows = [];
let fixMillis = 0;
for (const cwd of caseFolders(folder)) await tryCase(cwd);
const out = values.keep ?? mkdtempSync(join(tmpdir(), 'fixes-'));
check(rows.filter(({ text }) => text !== undefined));
report();
if (values.keep === undefined) rmSync(out, { recursive: true });

function caseFolders(root) {
  const files = globbySync('**/*.{java,go,py,ts,tsx,js,jsx,mjs,cjs}', { cwd: root });
  return [...new Set(files.map((path) => join(root, dirname(path))))].sort();
}

async function tryCase(cwd) {
  const options = {
    paths: ['.'],
    cwd,
    minConfidence: values['min-confidence'],
    checks: null,
    modelFiles: [],
    exclude: [],
  };
  const result = await scan({ ...options, verify: false });
  for (const project of result.projects) {
    const { sources } = project;
    for (const { path, frontend } of sources) {
      const text = result.texts.get(path);
      if (text === undefined) continue;
      const map = lineMap(text);
      const bench = benchOf(project, path);
      const before = bench.analyse(text);
      for (const finding of result.findings.filter((one) => one.path === path)) {
        if (!isTarget(cwd, path, finding, map)) continue;
        const since = performance.now();
        const offer = offerFix(bench, text, finding, before, () => true);
        fixMillis += performance.now() - since;
        const line = map.position(finding.acquiredAt.start).line;
        const row = { language: frontend.id, cwd, path, line, finding, original: text };
        if (offer === null) {
          const candidates = bench.candidates(text, finding);
          rows.push({ ...row, style: null, tried: candidates.map(({ style }) => style) });
          continue;
        }
        // Again from nothing, as a scan of the written file would do it.
        const again = benchOf(project, path).analyse(applyEdits(text, offer.fix.edits));
        const passes = holds(before, again, [finding]);
        rows.push({
          ...row,
          style: offer.fix.style,
          isSafe: offer.fix.isSafe,
          reason: offer.fix.reason,
          text: offer.text,
          passes,
        });
      }
    }
  }
}

function isTarget(cwd, path, { acquiredAt, variable }, map) {
  if (targets === null) return true;
  const file = relative(folder, join(cwd, path));
  const { line } = map.position(acquiredAt.start);
  return targets.some(
    (one) =>
      one.path === file &&
      one.from <= line &&
      line <= one.to &&
      (one.variable === null || one.variable === variable || (one.lines ?? []).includes(line)),
  );
}

/** Writes each result to a file of its own and asks the real parsers, as well as of the original. */
function check(fixed) {
  const written = [];
  for (const [index, row] of fixed.entries()) {
    const name = basename(row.path);
    for (const [kind, text] of [
      ['after', row.text],
      ['before', row.original],
    ]) {
      const path = join(out, kind, String(index), name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      written.push({ row, kind, path });
    }
  }
  const broken = checkSyntax(
    written.map(({ path }) => path),
    execFileSync,
  );
  for (const { row, kind, path } of written) {
    if (!broken.has(path)) continue;
    row[kind === 'after' ? 'syntax' : 'syntaxBefore'] = broken.get(path);
  }
}

function report() {
  const total = rows.length;
  const offered = rows.filter(({ style }) => style !== null);
  const bad = offered.filter(
    ({ passes, syntax, syntaxBefore }) => !passes || (syntax !== undefined && syntaxBefore === undefined),
  );
  const groups = groupBy(rows, ({ language, style }) => `${language.padEnd(12)}${style ?? '(none)'}`);
  for (const [name, group] of [...groups].sort()) {
    const safe = group.filter(({ isSafe }) => isSafe === true).length;
    console.log(`${name.padEnd(44)}${String(group.length).padStart(6)} ${String(safe).padStart(6)} safe`);
  }
  console.log(
    `${offered.length} of ${total} findings have a fix (${percent(offered.length, total)}), ${percent(offered.length - bad.length, offered.length)} of these hold`,
  );
  console.log(
    `${Math.round(fixMillis / Math.max(1, total))} ms a finding, ${Math.round((performance.now() - started) / 1000)} s in all`,
  );
  for (const { cwd, path, line, passes, syntax } of bad)
    console.log(`FAILED ${join(relative(folder, cwd), path)}:${line} ${passes ? '' : 'still found '}${syntax ?? ''}`);
  if (values.list !== true) return;
  for (const { cwd, path, line, finding, tried } of rows.filter(({ style }) => style === null))
    console.log(
      `none ${join(relative(folder, cwd), path)}:${line} ${finding.check} ${finding.resource} [${tried.join()}] ${finding.message}`,
    );
}

function percent(part, whole) {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}

function groupBy(all, keyOf) {
  const groups = new Map();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}
