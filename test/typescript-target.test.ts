/** Whether a file may be written with `using`, by the manifests around it. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { targetOf } from '../src/languages/typescript/target.ts';

const root = '/app';

function target(file: string, files: Readonly<Record<string, unknown>>): { using: boolean; platform: string | null } {
  const texts = new Map(
    Object.entries(files).map(([name, content]) => [
      join(root, name),
      typeof content === 'string' ? content : JSON.stringify(content),
    ]),
  );
  const { constructs, platform } = targetOf(join(root, file), (path) => texts.get(path) ?? null);
  return { using: constructs.has('using'), platform };
}

const node = (range: unknown, dependencies: Readonly<Record<string, string>> = {}): unknown => ({
  engines: { node: range },
  devDependencies: { typescript: '~5.9.2', ...dependencies },
});
const options = (compilerOptions: Readonly<Record<string, unknown>>): unknown => ({ compilerOptions });
const disposable = options({ target: 'ES2022', lib: ['ES2022', 'ESNext.Disposable'] });

test.each([
  ['24 has it', '>=24', true],
  ['later ones, too', '^24.1.0 || ^26', true],
  ['20 has not', '>=20', false],
  ['one of two has not', '^22 || ^24', false],
  ['no range', 'latest', false],
  ['no text', 24, false],
  ['nothing said', undefined, false],
])('JavaScript: %s', (_, range, using) => {
  expect(target('src/a.js', { 'package.json': node(range) }).using).toBe(using);
});

test.each([
  ['types and an older target', { 'package.json': node('>=20.4'), 'tsconfig.json': disposable }, true],
  ['who names the types has the symbols', { 'package.json': node('>=16'), 'tsconfig.json': disposable }, true],
  ['no configuration', { 'package.json': node('>=24') }, false],
  ['no types', { 'package.json': node('>=22'), 'tsconfig.json': options({ target: 'ES2022' }) }, false],
  [
    'types of Node.js',
    { 'package.json': node('>=22', { '@types/node': '^22.7.0' }), 'tsconfig.json': options({ target: 'ES2022' }) },
    true,
  ],
  [
    'types of Node.js, without its symbols',
    { 'package.json': node('>=18', { '@types/node': '^22.7.0' }), 'tsconfig.json': options({ target: 'ES2022' }) },
    false,
  ],
  [
    'all that is new, on what has no symbols',
    { 'package.json': node('>=20.0'), 'tsconfig.json': options({ target: 'ES2022', lib: ['ESNext'] }) },
    false,
  ],
  ['written as it is', { 'package.json': node('>=22'), 'tsconfig.json': options({ target: 'ESNext' }) }, false],
  ['written as it is, and run', { 'package.json': node('>=24'), 'tsconfig.json': options({ target: 'ESNext' }) }, true],
  ['an old compiler', { 'package.json': node('>=20.4', { typescript: '^5.1.0' }), 'tsconfig.json': disposable }, false],
  [
    'a compiler of somewhere else',
    { 'package.json': node('>=20.4', { typescript: 'catalog:' }), 'tsconfig.json': disposable },
    false,
  ],
  [
    'helpers of another package',
    {
      'package.json': node('>=20.4'),
      'tsconfig.json': options({ target: 'ES2022', lib: ['ES2022', 'ESNext.Disposable'], importHelpers: true }),
    },
    false,
  ],
  [
    'what it extends, with comments',
    {
      'package.json': node('>=20.4'),
      'tsconfig.json': { extends: './config/base.json' },
      'config/base.json': '{ // all of us\n "compilerOptions": { "target": "es2022", "lib": ["esnext.disposable"], } }',
    },
    true,
  ],
  [
    'what it extends, of a package',
    {
      'package.json': node('>=20.4'),
      'tsconfig.json': { extends: '@acme/tsconfig/node.json' },
      'node_modules/@acme/tsconfig/node.json': disposable,
    },
    true,
  ],
  [
    'the nearest counts',
    {
      'package.json': node('>=24'),
      'tsconfig.json': disposable,
      'src/tsconfig.json': options({ target: 'ES2020', lib: ['ES2020'] }),
    },
    false,
  ],
  [
    'a package of several',
    { 'package.json': node('>=20.4'), 'src/package.json': { name: 'part' }, 'tsconfig.json': disposable },
    true,
  ],
  [
    'what it extends, of a package that is not there',
    {
      'package.json': node('>=22', { '@types/node': '^22.7.0' }),
      'tsconfig.json': { extends: '@acme/tsconfig/node.json' },
    },
    false,
  ],
  ['faults', { 'package.json': '{ "engines": ', 'tsconfig.json': '{ "compilerOptions": [' }, false],
  ['a circle', { 'package.json': node('>=24'), 'tsconfig.json': { extends: './tsconfig.json' } }, false],
  ['odd kinds', { 'package.json': [1], 'tsconfig.json': '"text"' }, false],
])('TypeScript: %s', (_, files, using) => {
  expect(target('src/a.ts', files).using).toBe(using);
});

test('the lowest version of the nearest that says one', () => {
  const files = { 'package.json': node('^18.19 || >=20.6'), 'src/package.json': { engines: { npm: '>=10' } } };
  expect(target('src/a.ts', files).platform).toBe('18.19.0');
  expect(target('src/a.ts', {}).platform).toBe(null);
});
