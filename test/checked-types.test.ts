/** Types of a checker: asked where the syntax does not tell, by a scan and by the plugin, with the same findings. */
import { join } from 'node:path';
import type { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { scan } from '../src/analyze.ts';
import { closewait } from './closewait.ts';
import { lint } from './eslint-run.ts';
import { temporaryFolder } from './temporary-folder.ts';

const declarations = {
  'node_modules/pg/package.json': '{ "name": "pg", "version": "8.0.0", "types": "index.d.ts" }',
  'node_modules/pg/index.d.ts': `export interface PoolClient { query(text: string): Promise<unknown>; release(): void; }
    export class Pool { connect(): Promise<PoolClient>; }\n`,
  'node_modules/phone/package.json': '{ "name": "phone", "version": "1.0.0", "types": "index.d.ts" }',
  'node_modules/phone/index.d.ts': `export interface Line { query(text: string): Promise<unknown>; }
    export class Phone { connect(): Promise<Line>; }\n`,
  'tsconfig.json': JSON.stringify({
    compilerOptions: { module: 'preserve', target: 'es2022', lib: ['es2022'], types: [], strict: true },
    include: ['src'],
  }),
};

/** Only a checker knows what the map holds. */
function asking(type: string, from: string): string {
  return `import type { ${type} } from '${from}';
declare const registry: Map<string, ${type}>;
export async function count(name: string): Promise<unknown> {
  const found = registry.get(name);
  const line = await found!.connect();
  return await line.query('select 1');
}
`;
}

const files = { ...declarations, 'src/pool.ts': asking('Pool', 'pg'), 'src/phone.ts': asking('Phone', 'phone') };
const finding = /^src\/pool\.ts:5:22 leak `line` from `connect`/;

async function scanned(cwd: string, ...args: readonly string[]) {
  const { code, out, err } = await closewait(['scan', '--format', 'json', ...args], cwd);
  const { findings } = JSON.parse(out) as {
    findings: { path: string; line: number; column: number; check: string; message: string }[];
  };
  const lines = findings.map((one) => `${one.path}:${one.line}:${one.column} ${one.check} ${one.message}`);
  return { code, err, lines };
}

describe('scan --types', () => {
  test('what the syntax does not tell', async () => {
    const cwd = temporaryFolder(files);
    expect(await scanned(cwd)).toMatchObject({ code: 0, lines: [] });
    expect(await scanned(cwd, '--types')).toMatchObject({ code: 1, err: '', lines: [expect.stringMatching(finding)] });
  });

  test('types of the project itself, its namespaces and other folders', async () => {
    const cwd = temporaryFolder({
      ...declarations,
      'src/lines.ts': 'export namespace Lines { export class Holder<T> { constructor(readonly held: T) {} } }',
      'app/tsconfig.json': declarations['tsconfig.json'].replace('"src"', '"."'),
      'app/use.ts': `import type { Pool } from 'pg';
import type { Lines } from '../src/lines';
export async function use(all: Lines.Holder<Pool>[]) {
  for (const one of all) {
    const client = await one.held.connect();
    await client.query('select 1');
  }
}
`,
    });
    expect((await scanned(cwd)).lines).toEqual([]);
    expect((await scanned(cwd, '--types')).lines).toEqual([expect.stringMatching(/^app\/use\.ts:5:26 leak `client`/)]);
  });

  test('without a tsconfig, with a broken one, and with broken code', async () => {
    const { 'tsconfig.json': config, ...rest } = files;
    expect((await scanned(temporaryFolder(rest), '--types')).lines).toHaveLength(1);
    expect((await scanned(temporaryFolder({ ...rest, 'tsconfig.json': config.slice(0, -30) }), '--types')).code).toBe(
      1,
    );
    const cwd = temporaryFolder({ ...files, 'src/broken.ts': 'export function half( {\n  const x = ' });
    expect((await scanned(cwd, '--types')).lines).toEqual([expect.stringMatching(finding)]);
  });

  test('a file is checked as its own tsconfig says, whoever imports it', async () => {
    const own = { compilerOptions: { module: 'preserve', lib: ['es2022'], types: [], strict: true } };
    const cwd = temporaryFolder({
      ...declarations,
      'a/tsconfig.json': JSON.stringify(own),
      'a/start.ts': `${asking('Pool', 'pg')}export { count as other } from '../b/use';\n`,
      'b/tsconfig.json': JSON.stringify({
        compilerOptions: { ...own.compilerOptions, paths: { '@shared/*': ['./shared/*'] } },
      }),
      'b/shared/registry.ts': "import type { Pool } from 'pg';\nexport declare const registry: Map<string, Pool>;\n",
      'b/use.ts': `// asks a Pool
import { registry } from '@shared/registry';
import type {} from 'pg';
export async function count(name: string): Promise<unknown> {
  const found = registry.get(name);
  const line = await found!.connect();
  return await line.query('select 1');
}
`,
    });
    const places = (await scanned(cwd, '--types')).lines.map((line) => line.split(' ')[0]);
    expect(places).toEqual(['a/start.ts:5:22', 'b/use.ts:6:22']);
  });

  test('leaves nothing in a cache', async () => {
    const cwd = temporaryFolder(files);
    const options = { cwd, paths: ['.'], minConfidence: 'medium', checks: null, modelFiles: [], exclude: [] } as const;
    const cached = { ...options, verify: true, cacheFolder: join(cwd, 'cache') };
    expect((await scan({ ...cached, types: true })).findings).toHaveLength(1);
    expect((await scan(cached)).findings).toEqual([]);
  });

  test('is told apart from what cannot go with it', async () => {
    const cwd = temporaryFolder(files);
    for (const other of ['--cache', '--watch', '--fixes', '--shard=1/2']) {
      const { code, err } = await closewait(['scan', '--types', other], cwd);
      expect(err).toMatch(/^error: option '--types' cannot be used with option '--/);
      expect(code).toBe(2);
    }
  });
});

describe('the plugin', () => {
  const typed = (cwd: string): Linter.Config => ({
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { project: './tsconfig.json', tsconfigRootDir: cwd } },
  });

  test('asks the types its parser has, if the configuration wants them', async () => {
    const cwd = temporaryFolder(files);
    expect(await lint(cwd)).toEqual([]);
    expect(await lint(cwd, { configs: [typed(cwd)] })).toEqual([expect.stringMatching(finding)]);
  });
});
