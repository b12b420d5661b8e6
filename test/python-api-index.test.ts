import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadApiIndex } from '../src/models/api-index.ts';
import { loadModels } from '../src/models/load.ts';

const api = loadApiIndex('python');
const file = new URL('../rules/python/api/std.jsonl', import.meta.url);
const generator = new URL('../scripts/generate-python-index.mjs', import.meta.url);
const names = [...readFileSync(file, 'utf8').matchAll(/^\["([^"]+)"/gm)].map((match) => match[1] ?? '');

function ancestors(type: string, of: (type: string) => readonly string[]): readonly string[] {
  const found = [type];
  for (const one of found) for (const supertype of of(one)) if (!found.includes(supertype)) found.push(supertype);
  return found;
}

function methodOf(type: string, member: string): boolean {
  return ancestors(type, (one) => api.type(one)?.supertypes ?? []).some(
    (one) => (api.type(one)?.methods(member) ?? []).length > 0,
  );
}

describe("Python's standard library as the analyser knows it", () => {
  test.each([
    ['os', 'fork', 'builtins.int'],
    ['os', 'getenv', undefined],
    ['os.path', 'basename', 'builtins.str'],
    ['socket', 'socket', 'socket.socket'],
    ['socket', 'create_connection', 'socket.socket'],
    ['subprocess.Popen', 'communicate', '(builtins.str,builtins.str)'],
    ['tempfile', 'NamedTemporaryFile', 'tempfile._TemporaryFileWrapper'],
    ['threading', 'enumerate', 'threading.Thread[]'],
    ['pathlib.Path', 'home', ''],
    ['_socket.socket', 'recv', 'builtins.bytes'],
  ])('%s.%s gives %s', (owner, member, result) => {
    const returns = api.type(owner)?.methods(member)[0]?.returns;
    expect(returns).toBe(result === '' ? owner : result);
  });

  test.each([
    ['socket.socket', ['_socket.socket']],
    ['http.client.HTTPSConnection', ['http.client.HTTPConnection']],
    ['socket.error', ['builtins.OSError']],
    ['builtins.object', []],
  ])('%s is a %j', (type, supertypes) => {
    expect(api.type(type)?.supertypes).toEqual(supertypes);
  });

  test('an exception that has several names is each of them', () => {
    expect(api.type('builtins.OSError')?.supertypes).toEqual(
      expect.arrayContaining(['builtins.Exception', 'builtins.IOError', 'socket.error', 'select.error']),
    );
  });

  test('attributes, and variables of a module', () => {
    expect(api.type('subprocess.Popen')?.field('pid')).toBe('builtins.int');
    expect(api.type('sys')?.field('stdout')).toBe('typing.TextIO');
    expect(api.type('tarfile.TarInfo')?.field('size')).toBe('builtins.int');
  });

  test('sorted, each type once, and not too large', () => {
    expect(names).toEqual([...new Set(names)].toSorted());
    expect(names.length).toBeGreaterThan(2000);
    expect(readFileSync(file).length).toBeLessThan(700_000);
  });

  test('for every context manager that can be closed the rules say whether it has to be', () => {
    const models = loadModels('python', []);
    const isKnown = (type: string): boolean =>
      ancestors(type, (one) => [...(api.type(one)?.supertypes ?? []), ...(models.type(one)?.supertypes ?? [])]).some(
        (one) => models.type(one) !== null,
      );
    const open = names.filter(
      (type) =>
        methodOf(type, 'close') &&
        (methodOf(type, '__exit__') || methodOf(type, '__aexit__')) &&
        !isKnown(type) &&
        // Implementations of what a public name stands for, some of Windows only.
        !/(?:^|\.)_|^asyncio\.(?:\w*ChildWatcher|unix_events|events|windows_utils|trsock)|PipeConnection$/.test(type),
    );
    expect(open).toEqual([]);
  });

  const isSkipped = process.env.TYPESHED === undefined;
  test.skipIf(isSkipped)('generating gives the committed file (skipped without TYPESHED)', { timeout: 60_000 }, () => {
    const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(generator), '--stdout'], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(status).toBe(0);
    // Not `toEqual`: a difference of megabytes takes minutes to print.
    expect(stdout === readFileSync(file, 'utf8')).toBe(true);
  });
});
