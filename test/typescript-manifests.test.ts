import { describe, expect, test } from 'vitest';
import { manifestReader } from '../src/languages/typescript/manifests.ts';

function aliases(text: string, fileName: string): string[] {
  return manifestReader.read(text, fileName).aliases.map(({ name, path }) => `${name} = ${path}`);
}

describe('package.json', () => {
  test('names its entry, built or not, and everything below', () => {
    expect(aliases('{ "name": "@acme/files", "main": "./dist/index.js" }', 'package.json')).toEqual([
      '@acme/files = dist',
      '@acme/files = src',
      '@acme/files = index',
      '@acme/files/* = *',
      '@acme/files/* = src/*',
      '@acme/files/dist/* = src/*',
      '@acme/files/lib/* = src/*',
    ]);
  });

  test('has the usual entries where it names none', () => {
    expect(aliases('{ "name": "files" }', 'package.json').slice(0, 3)).toEqual([
      'files = index',
      'files = src',
      'files = lib',
    ]);
  });

  test('hands out parts, by any condition, and calls some of its own by names', () => {
    const text = JSON.stringify({
      name: 'files',
      exports: { '.': './index.js', './end': { import: './lib/esm/end.mjs', require: './lib/cjs/end.cjs' } },
      imports: { '#store/*': './src/store/*.ts', '#os': { node: './os.js', default: null } },
    });
    expect(aliases(text, 'package.json')).toEqual(
      expect.arrayContaining([
        '#store/* = src/store/*',
        '#os = os',
        'files = index',
        'files/end = lib/esm/end',
        'files/end = src/end',
      ]),
    );
  });
});

describe('tsconfig.json', () => {
  test('has paths from its base, with comments around', () => {
    const text =
      '{ /* of the shop */ "compilerOptions": { "baseUrl": "./src", "paths": { "@/*": ["./*"], "db": ["db/index.ts"] }, }, }';
    expect(aliases(text, 'tsconfig.json')).toEqual(['@/* = src/*', 'db = src/db', '* = src/*']);
  });
});

test.each([
  '',
  '[]',
  'null',
  '{ "name": 1, "exports": [null, 2], "imports": "x" }',
  '{ "compilerOptions": { "paths": [1], "baseUrl": {} } }',
])('says nothing where there is nothing to read: %j', (text) => {
  expect(aliases(text, 'package.json')).toEqual([]);
  expect(aliases(text, 'tsconfig.json')).toEqual([]);
});
