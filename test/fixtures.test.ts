/** Every program under fixtures/<language>/<library>/ must give exactly the findings its comments expect. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scan } from '../src/analyze.ts';
import type { Finding } from '../src/findings/finding.ts';
import { lineMap } from '../src/findings/line-map.ts';
import { frontends } from '../src/languages/registry.ts';
import { expectationsOf } from './expectations.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
/** Goldens of the lowering, not programs with findings. */
const notScanned = new Set(['lowering']);

interface Case {
  readonly name: string;
  readonly cwd: string;
  /** Relative to `cwd`; several are one project. */
  readonly files: readonly string[];
}

for (const frontend of frontends) {
  const root = join(fixtures, frontend.id);
  for (const library of foldersIn(root).filter((name) => !notScanned.has(name))) {
    describe(`${frontend.id}/${library}`, () => {
      test.each(casesIn(join(root, library), frontend.extensions))('$name', checkCase);
    });
  }
}

describe('demo', () => {
  const extensions = frontends.flatMap((frontend) => frontend.extensions);
  test.each(casesIn(join(import.meta.dirname, '../demo'), extensions))('$name', checkCase);
});

async function checkCase({ cwd, files }: Case): Promise<void> {
  const result = await scan({
    paths: [...files],
    cwd,
    minConfidence: 'medium',
    checks: null,
    modelFiles: [],
    exclude: [],
    verify: true,
  });
  expect(result.problems).toEqual([]);
  for (const file of files) {
    const text = readFileSync(join(cwd, file), 'utf8');
    checkFile(
      text,
      result.findings.filter((finding) => finding.path === file),
    );
  }
}

function checkFile(text: string, findings: readonly Finding[]): void {
  const map = lineMap(text);
  const expected = expectationsOf(text);
  const line = (offset: number): number => map.position(offset).line;
  const actual = findings.map(
    ({ acquiredAt, check, resource }) =>
      `${String(line(acquiredAt.start))}: ${check} ${resource.replace(/^[^/]*\//, '')}`,
  );
  const promoted = expected.missed.filter((one) => actual.includes(one));
  expect(promoted, 'now found: change `missed: …` to a plain expectation').toEqual([]);
  expect(actual.sort()).toEqual(expected.reported);
  const waysOut = findings.flatMap((finding) => finding.leaksAt.map((span) => line(span.start)));
  for (const here of expected.leaksHere) expect(waysOut, 'lines where something is left open').toContain(here);
}

function casesIn(folder: string, extensions: readonly string[]): Case[] {
  const isSource = (name: string): boolean => extensions.some((extension) => name.endsWith(extension));
  const single = filesIn(folder).filter(isSource);
  const projects = foldersIn(folder).map((name) => {
    const cwd = join(folder, name);
    return { name, cwd, files: filesBelow(cwd).filter(isSource) };
  });
  return [...single.map((file) => ({ name: basename(file), cwd: folder, files: [file] })), ...projects];
}

function foldersIn(folder: string): string[] {
  return entries(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function filesIn(folder: string): string[] {
  return entries(folder)
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

function filesBelow(folder: string): string[] {
  const below = foldersIn(folder).flatMap((name) => filesBelow(join(folder, name)).map((file) => `${name}/${file}`));
  return [...filesIn(folder), ...below].sort();
}

function entries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}
