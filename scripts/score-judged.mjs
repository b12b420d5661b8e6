/**
 * Scores a build on findings that somebody judged by reading: `npm run score:judged -- <folder>`.
 *
 *       --fetch              first bring the trees there by git, each at the commit it was judged at
 *       --language <name>    only java, go, python or typescript
 *       --list               also each real finding that is not shown any more, and each wrong one that is
 *
 * `<folder>` has a tree for each repository, in a folder called `owner+name`; those that are not there are left out. What was
 * judged stands in `bench/judged.jsonl`, one finding a line. A finding is the same where file, line and check are.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fetch: { type: 'boolean', default: false },
    language: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const [root] = positionals;
if (root === undefined) {
  console.error('score:judged: npm run score:judged -- <folder> [--fetch] [--language name] [--list]');
  process.exit(2);
}
const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
const judged = readFileSync(new URL('../bench/judged.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
  .filter(({ language }) => flags.language === undefined || language === flags.language);

const rows = new Map();
for (const repository of new Set(judged.map((finding) => finding.repository))) {
  const findings = judged.filter((finding) => finding.repository === repository);
  const folder = resolve(root, repository.replace('/', '+'));
  if (flags.fetch && !existsSync(folder)) fetchTree(repository, findings[0].commit, folder);
  if (!existsSync(folder)) {
    console.error(`${repository}: not there`);
    continue;
  }
  const shown = scan(folder);
  for (const finding of findings) count(finding, shown.get(keyOf(finding)) ?? 'gone');
}

for (const [language, verdicts] of rows) {
  for (const [verdict, places] of verdicts) {
    const all = [...places.values()].reduce((sum, one) => sum + one, 0);
    const parts = ['high', 'medium', 'low', 'gone'].map((place) => `${place} ${places.get(place) ?? 0}`);
    console.log(`${language.padEnd(11)} ${verdict.padEnd(7)} ${String(all).padStart(4)}: ${parts.join(', ')}`);
  }
}

/** Adds a finding to the table, under what is now thought of it. */
function count(finding, place) {
  const { language, verdict, repository, path, line, why } = finding;
  const verdicts = rows.get(language) ?? rows.set(language, new Map()).get(language);
  const places = verdicts.get(verdict) ?? verdicts.set(verdict, new Map()).get(verdict);
  places.set(place, (places.get(place) ?? 0) + 1);
  const isShown = place === 'high' || place === 'medium';
  if (flags.list && verdict !== 'unsure' && isShown !== (verdict === 'real'))
    console.log(`${verdict}, ${place}: ${join(repository, path)}:${line}  ${why}`);
}

/** The confidence of each finding of a tree. */
function scan(cwd) {
  const options = ['--format', 'json', '--min-confidence', 'low', '--no-config', '--no-inline-suppressions'];
  const { stdout } = spawnSync(process.execPath, [main, 'scan', '.', ...options], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  return new Map(JSON.parse(stdout).findings.map((finding) => [keyOf(finding), finding.confidence]));
}

function keyOf({ path, line, check }) {
  return `${path}:${line} ${check}`;
}

function fetchTree(repository, commit, folder) {
  mkdirSync(folder, { recursive: true });
  for (const command of [
    ['init', '--quiet'],
    ['fetch', '--quiet', '--depth', '1', `https://github.com/${repository}.git`, commit],
    ['checkout', '--quiet', commit],
  ])
    spawnSync('git', command, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
