/** Each kind of resource that rules know is expected in some fixture: a rule that nothing can make report is as good as none. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { frontends } from '../src/languages/registry.ts';
import { readRules } from '../src/models/load.ts';
import { expectationsOf } from './expectations.ts';

const root = join(import.meta.dirname, '..');

/** `java/file-stream`, with the reason; a line goes when its kind has got a fixture. */
const excused: ReadonlySet<string> = new Set(
  readFileSync(join(import.meta.dirname, 'kinds-without-fixture.txt'), 'utf8')
    .split('\n')
    .flatMap((line) => /^[a-z]+\/[a-z0-9-]+/.exec(line) ?? []),
);

function expectedIn(folder: string): ReadonlySet<string> {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const sources = names.filter((name) => /\.(?:java|go|py|[cm]?[jt]sx?)$/.test(name));
  return new Set(
    sources.flatMap((name) => {
      const { reported, missed } = expectationsOf(readFileSync(join(folder, name), 'utf8'));
      return [...reported, ...missed].flatMap((line) => line.split(' ').at(-1) ?? []);
    }),
  );
}

describe.each(frontends.map(({ id }) => id))('%s', (language) => {
  const expected = expectedIn(join(root, 'fixtures', language));
  const kinds = readRules(language).flatMap(({ document }) => Object.keys(document.resources ?? {}));

  test('every kind of resource is expected in a fixture, or excused', () => {
    const bare = kinds.filter((kind) => !expected.has(kind) && !excused.has(`${language}/${kind}`));
    expect(bare).toEqual([]);
  });

  test('nothing is excused that has a fixture, or does not exist', () => {
    const known = new Set(kinds.filter((kind) => !expected.has(kind)).map((kind) => `${language}/${kind}`));
    expect([...excused].filter((kind) => kind.startsWith(`${language}/`) && !known.has(kind))).toEqual([]);
  });
});
