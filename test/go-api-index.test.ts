import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadApiIndex } from '../src/models/api-index.ts';

const api = loadApiIndex('go');
const file = new URL('../rules/go/api/std.jsonl', import.meta.url);
const generator = new URL('../scripts/generate-go-index.mjs', import.meta.url);

describe("Go's standard library as the analyser knows it", () => {
  test.each([
    ['os', 'Open', '(os.File,error)'],
    ['net/http', 'Get', '(net/http.Response,error)'],
    ['context', 'WithCancel', '(context.Context,context.CancelFunc)'],
    ['os', 'ReadDir', '(io/fs.DirEntry[],error)'],
    ['os/signal', 'Notify', 'void'],
    ['database/sql.DB', 'Query', '(database/sql.Rows,error)'],
    ['net.Listener', 'Accept', '(net.Conn,error)'],
    ['net.TCPConn', 'Close', 'error'],
    ['net/http.Header', 'Values', 'string[]'],
    ['time.Timer', 'Stop', 'bool'],
    ['os/exec.Cmd', 'StdoutPipe', '(io.ReadCloser,error)'],
  ])('%s.%s gives %s', (owner, member, result) => {
    expect(
      api
        .type(owner)
        ?.methods(member)
        .map((method) => method.returns),
    ).toEqual([result]);
  });

  test('functions of a package are static; the last parameter may be variadic', () => {
    expect(api.type('fmt')?.methods('Fprintf')).toEqual([
      {
        params: ['io.Writer', 'string', 'any[]'],
        returns: '(int,error)',
        throws: [],
        isStatic: true,
        isVariadic: true,
      },
    ]);
    expect(api.type('os.File')?.methods('Close')).toEqual([
      { params: [], returns: 'error', throws: [], isStatic: false, isVariadic: false },
    ]);
  });

  test.each([
    ['os.File', ['io.Closer']],
    ['io.ReadCloser', ['io.Reader', 'io.Closer']],
    ['io.Closer', []],
    ['bufio.ReadWriter', ['bufio.Reader', 'bufio.Writer']],
    ['os.FileInfo', ['io/fs.FileInfo']],
    ['archive/zip.ReadCloser', ['archive/zip.Reader', 'io.Closer']],
    ['net/http.Client', []],
  ])('%s is a %j', (type, supertypes) => {
    expect(api.type(type)?.supertypes).toEqual(supertypes);
  });

  test('fields, variables, type parameters', () => {
    expect(api.type('net/http.Response')?.field('Body')).toBe('io.ReadCloser');
    expect(api.type('net/http.Server')?.field('TLSNextProto')).toBe('map<string,func>');
    expect(api.type('os')?.field('Stdin')).toBe('os.File');
    expect(api.type('sync/atomic.Pointer')?.typeParameters).toEqual(['T']);
    expect(api.type('sync/atomic.Pointer')?.methods('Load')).toMatchObject([{ returns: 'T' }]);
  });

  test('only what programs can import', () => {
    const text = readFileSync(file, 'utf8');
    const names = [...text.matchAll(/^\["([^"]+)"/gm)].map((match) => match[1] ?? '');
    expect(names.length).toBeGreaterThan(1200);
    expect(names).toEqual(names.toSorted());
    expect(names.filter((name) => /(^|\/)(internal|vendor|cmd)\b/.test(name))).toEqual([]);
    expect(text.length).toBeLessThan(1_000_000);
    for (const name of names) expect(api.type(name)?.methods('Close')).toBeInstanceOf(Array);
  });

  const wanted = /^\{"go":"([\d.]+)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  const version = spawnSync('go', ['version'], { encoding: 'utf8', env: { ...process.env, GOTOOLCHAIN: 'local' } });
  const hasGo = version.error === undefined && version.stdout.startsWith(`go version go${wanted}`);
  const isSkipped = !hasGo && process.env.CLOSEWAIT_REQUIRE_GO !== '1';
  test.skipIf(isSkipped)(
    `generating gives the committed file (skipped without Go ${wanted})`,
    { timeout: 120_000 },
    () => {
      const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(generator), '--stdout'], {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
      expect(status).toBe(0);
      // Not `toEqual`: a difference of megabytes takes minutes to print.
      expect(stdout === readFileSync(file, 'utf8')).toBe(true);
    },
  );
});
