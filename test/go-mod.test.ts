import { describe, expect, test } from 'vitest';
import { packageInModule, readGoMod } from '../src/languages/go/go-mod.ts';

describe('go.mod', () => {
  test('names the module, its version of Go, and folders that replace others', () => {
    const text = `// the shop
module example.com/shop // deprecated
go 1.23.4
toolchain go1.24.0
require (
\texample.com/a v1.0.0
)
replace (
\texample.com/a v1.0.0 => ../a
\texample.com/b => example.com/c v1.0.0
)
replace "example.com/d" => \`./vendor things\`
`;
    expect(readGoMod(text)).toEqual({
      name: 'example.com/shop',
      languageVersion: '1.23.4',
      replaced: [
        { name: 'example.com/a', folder: '../a' },
        { name: 'example.com/d', folder: './vendor things' },
      ],
      aliases: [],
    });
  });

  test.each([
    '',
    'module',
    'module (\n',
    'replace => ./a',
    'replace a =>',
    '\u0000\u0001',
    ') ( )',
    'go\r\nmodule\r\n',
  ])('says nothing where there is nothing to read: %j', (text) => {
    expect(readGoMod(text)).toEqual({ name: null, languageVersion: null, replaced: [], aliases: [] });
  });

  test('packages go by the module and their folder, vendored ones by their own path', () => {
    expect(packageInModule('example.com/shop', '')).toBe('example.com/shop');
    expect(packageInModule('example.com/shop', 'internal/db')).toBe('example.com/shop/internal/db');
    expect(packageInModule('example.com/shop', 'vendor/example.org/a/b')).toBe('example.org/a/b');
    expect(packageInModule('example.com/shop', 'cmd/vendor/example.org/a')).toBe('example.org/a');
    expect(packageInModule('example.com/shop', 'vendors/a')).toBe('example.com/shop/vendors/a');
  });
});
