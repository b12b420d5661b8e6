/**
 * Fixtures with tokens deleted, doubled and swapped: no internal error, whatever comes out. A failure
 * names the seed; `FUZZ=20000 npx vitest run test/fuzz.test.ts` is the long run, `FUZZ_SEED` a single one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { expect, test } from 'vitest';
import { scan } from '../src/analyze.ts';
import { frontendFor } from '../src/languages/registry.ts';
import { random, type Random } from './random.ts';
import { temporaryFolder } from './temporary-folder.ts';

const inputs = Number(process.env.FUZZ ?? 300);
const onlySeed = process.env.FUZZ_SEED;
const perScan = 50;

const roots = [join(import.meta.dirname, '../fixtures'), join(import.meta.dirname, '../demo')];
const programs = roots.flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => frontendFor(path) !== null)
    .sort()
    .map((path) => ({ extension: extname(path), text: readFileSync(join(root, path), 'utf8') })),
);

const extensions = [...new Set(programs.map(({ extension }) => extension))];

/** A program of each language by turns, in a file of its language, or nothing of its frontend is tried. */
function broken(seed: number): [path: string, text: string] {
  const r = random(seed);
  const extension = extensions[seed % extensions.length];
  const { text } = r.pick(programs.filter((program) => program.extension === extension));
  return [`seed${String(seed)}/A${extension}`, mutate(text, r)];
}

function mutate(text: string, r: Random): string {
  const tokens = text.match(/\w+|\s+|"[^"\n]*"|[^\w\s]/g) ?? [];
  for (let edits = 1 + r.below(6); edits > 0; edits--) {
    const at = r.below(tokens.length);
    const other = r.below(tokens.length);
    const token = tokens[at] ?? '';
    const edit = r.below(4);
    if (edit === 0) tokens.splice(at, 1 + r.below(8));
    else if (edit === 1) tokens.splice(other, 0, token);
    else if (edit === 2) tokens.splice(at, 1, tokens[other] ?? '');
    else tokens.splice(other, 0, ...tokens.slice(at, at + r.below(30)));
  }
  return tokens.join('');
}

test(`${String(inputs)} broken programs`, { timeout: 60_000 + inputs * 100 }, async () => {
  const seeds = onlySeed === undefined ? Array.from({ length: inputs }, (_, i) => i + 1) : [Number(onlySeed)];
  for (let from = 0; from < seeds.length; from += perScan) {
    const files = Object.fromEntries(seeds.slice(from, from + perScan).map(broken));
    const { problems } = await scan({
      paths: ['.'],
      cwd: temporaryFolder(files),
      minConfidence: 'low',
      checks: null,
      modelFiles: [],
      exclude: [],
      verify: true,
    });
    expect(problems.filter(({ kind }) => kind === 'internal')).toEqual([]);
  }
});
