import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadApiIndex } from '../src/models/api-index.ts';

const api = loadApiIndex('java');
const folder = new URL('../rules/java/api/', import.meta.url);
const generator = new URL('../scripts/generate-jdk-index.mjs', import.meta.url);

function ancestors(name: string): string[] {
  const found = [name];
  for (const type of found) {
    for (const supertype of api.type(type)?.supertypes ?? []) {
      const erased = supertype.replace(/<.*/, '');
      if (!found.includes(erased)) found.push(erased);
    }
  }
  return found;
}

describe('the JDK as the analyser knows it', () => {
  test('announced exceptions', () => {
    expect(api.type('java.io.BufferedReader')?.methods('readLine')).toEqual([
      { params: [], returns: 'java.lang.String', throws: ['java.io.IOException'], isStatic: false, isVariadic: false },
    ]);
    // It throws what its supplier makes: nothing of its own.
    expect(
      api
        .type('java.util.Optional')
        ?.methods('orElseThrow')
        .flatMap((method) => method.throws),
    ).toEqual([]);
  });

  test.each([
    ['java.nio.file.Files', 'lines', 'java.util.stream.Stream<java.lang.String>'],
    ['java.sql.Connection', 'prepareStatement', 'java.sql.PreparedStatement'],
    ['java.lang.Class', 'getResourceAsStream', 'java.io.InputStream'],
    ['java.util.Map', 'entrySet', 'java.util.Set<java.util.Map.Entry<K,V>>'],
    ['java.util.List', 'iterator', 'java.util.Iterator<E>'],
    ['java.lang.StringBuilder', 'append', 'java.lang.StringBuilder'],
    ['java.io.FileInputStream', '<init>', 'java.io.FileInputStream'],
    ['com.sun.net.httpserver.HttpExchange', 'getResponseBody', 'java.io.OutputStream'],
    ['java.util.concurrent.Executors', 'newVirtualThreadPerTaskExecutor', 'java.util.concurrent.ExecutorService'],
    ['java.lang.foreign.Arena', 'ofConfined', 'java.lang.foreign.Arena'],
  ])('%s.%s gives %s', (type, member, result) => {
    const results = (api.type(type)?.methods(member) ?? []).map((method) => method.returns);
    expect([...new Set(results)]).toEqual([result]);
  });

  test.each([
    ['java.net.Socket', 'java.io.Closeable'],
    ['java.net.Socket', 'java.lang.AutoCloseable'],
    ['java.util.zip.GZIPOutputStream', 'java.io.Closeable'],
    ['java.util.stream.Stream', 'java.lang.AutoCloseable'],
    ['java.sql.ResultSet', 'java.lang.AutoCloseable'],
    ['java.util.concurrent.ScheduledThreadPoolExecutor', 'java.lang.AutoCloseable'],
    ['java.net.http.HttpClient', 'java.lang.AutoCloseable'],
    ['java.util.ArrayList', 'java.util.Collection'],
    ['java.io.FileNotFoundException', 'java.io.IOException'],
  ])('%s is a %s', (type, supertype) => {
    expect(ancestors(type)).toContain(supertype);
  });

  test('flags, fields, and members from superclasses nobody can name', () => {
    expect(api.type('java.nio.file.Files')?.methods('newInputStream')).toMatchObject([
      { isStatic: true, isVariadic: true },
    ]);
    expect(api.type('java.lang.System')?.field('in')).toBe('java.io.InputStream');
    expect(api.type('java.lang.System')?.field('toString')).toBeNull();
    expect(api.type('java.lang.StringBuilder')?.methods('length')).toHaveLength(1);
    expect(api.type('java.util.Map')?.typeParameters).toEqual(['K', 'V']);
  });

  test('what later JDKs added joins what there was', () => {
    const service = api.type('java.util.concurrent.ExecutorService');
    expect(service?.supertypes).toEqual(['java.util.concurrent.Executor', 'java.lang.AutoCloseable']);
    expect(service?.methods('shutdown')).toHaveLength(1);
    expect(service?.methods('close')).toHaveLength(1);
    expect(api.type('java.lang.Thread')?.methods('sleep')).toHaveLength(3);
  });

  test('types nobody knows', () => {
    for (const name of ['', 'InputStream', 'java.io.AbstractNothing', '__proto__', 'java.io'])
      expect(api.type(name)).toBeNull();
    expect(api.type('java.io.File')?.methods('constructor')).toEqual([]);
    expect(loadApiIndex('go').type('os.NoSuchType')).toBeNull();
  });

  test('every listed type can be read, and every supertype is listed', () => {
    const lines = ['jdk.jsonl', 'later.jsonl'].flatMap((name) =>
      readFileSync(new URL(name, folder), 'utf8').split('\n'),
    );
    const names = lines.filter((line) => line.startsWith('[')).map((line) => line.slice(2, line.indexOf('"', 2)));
    expect(names.length).toBeGreaterThan(2000);
    const unknown = names.flatMap(ancestors).filter((name) => api.type(name) === null);
    expect(new Set(unknown)).toEqual(new Set());
    for (const name of names) expect(api.type(name)?.methods('close')).toBeInstanceOf(Array);
  });

  const version = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const hasJdk17 = version.error === undefined && version.stderr.includes('version "17');
  const isSkipped = !hasJdk17 && process.env.CLOSEWAIT_REQUIRE_JAVA !== '1';
  test.skipIf(isSkipped)('generating gives the committed file (skipped without a JDK 17)', () => {
    const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(generator), '--stdout'], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(status).toBe(0);
    // Not `toEqual`: a difference of megabytes takes minutes to print.
    expect(stdout === readFileSync(new URL('jdk.jsonl', folder), 'utf8')).toBe(true);
  });
});
