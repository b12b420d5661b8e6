/**
 * Fixtures with tokens deleted, doubled and swapped: no internal error, whatever comes out. A failure
 * names the seed; `FUZZ=20000 npx vitest run test/fuzz.test.ts` is the long run, `FUZZ_SEED` a single one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scan } from '../src/analyze.ts';
import { frontends } from '../src/languages/registry.ts';
import { random, type Random } from './random.ts';
import { temporaryFolder } from './temporary-folder.ts';

const inputs = Number(process.env.FUZZ ?? 300);
const onlySeed = process.env.FUZZ_SEED;
const perScan = 50;

const extensions = frontends.flatMap((frontend) => frontend.extensions);
const roots = [join(import.meta.dirname, '../fixtures'), join(import.meta.dirname, '../demo')];
const texts = roots.flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => extensions.some((extension) => path.endsWith(extension)))
    .sort()
    .map((path) => readFileSync(join(root, path), 'utf8')),
);

function mutate(r: Random): string {
  const tokens = r.pick(texts).match(/\w+|\s+|"[^"\n]*"|[^\w\s]/g) ?? [];
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
    const files = Object.fromEntries(
      seeds.slice(from, from + perScan).map((seed) => [`seed${String(seed)}/A.java`, mutate(random(seed))]),
    );
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
