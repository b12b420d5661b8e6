import { parse } from '@typescript-eslint/typescript-estree';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyFunction } from '../src/ir/verify.ts';
import type { Declaration, FieldShape, FileIndex, TypeShape } from '../src/languages/language.ts';
import { parsedFromProgram, typescriptFrontend } from '../src/languages/typescript/frontend.ts';
import { loadModels } from '../src/models/load.ts';

const { conventions } = loadModels('typescript');

beforeAll(() => typescriptFrontend.load());

function index(text: string, path = 'src/db.ts'): FileIndex {
  return typescriptFrontend.index(typescriptFrontend.parse(path, text), conventions);
}

function declared(text: string, name: string, path?: string): Declaration {
  const found = index(text, path).declarations.find((declaration) => declaration.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function type(text: string, name: string, path?: string): TypeShape {
  const found = index(text, path).types.find((shape) => shape.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function names(text: string, path?: string): string[] {
  return index(text, path).declarations.map(({ kind, owner, name }) => `${kind} ${owner ?? '-'} ${name}`);
}

function imports(text: string, path?: string): string[] {
  return index(text, path).imports.map(({ local, target, kind }) => `${local}: ${kind} ${target}`);
}

function fieldLine({ name, type: hint, isStatic }: FieldShape): string {
  return `${isStatic ? 'static ' : ''}${hint ?? '?'} ${name}`;
}

describe('imports', () => {
  test('modules are named by their path', () => {
    expect(index('', 'src/db/pool.test.ts').package).toBe('src/db/pool.test');
    expect(index('', 'index.d.mts').package).toBe('index');
    expect(index('', 'lib/index.cjs').package).toBe('lib');
  });

  test('ES modules', () => {
    const text = `
      import pg, { Pool as P, type Client } from 'pg';
      import * as fs from 'node:fs/promises';
      import type { Config } from './config.js';
      import { up } from '../up';
      import { top } from '../../../top';
      import 'side-effect';
      import x = require('legacy');
      import Alias = pg.Alias;
      import { 'odd name' as odd } from "@scope/pkg";`;
    expect(imports(text, 'src/data/dao.ts')).toEqual([
      'pg: type pg',
      'pg: member pg.default',
      'P: member pg.Pool',
      'Client: member pg.Client',
      'fs: type fs/promises',
      'fs: member fs/promises.default',
      'Config: member src/data/config.Config',
      'up: member src/up.up',
      'top: member ../top.top',
      'x: type legacy',
      'x: member legacy.default',
      'odd: member @scope/pkg.odd name',
    ]);
  });

  test('CommonJS and dynamic imports, anywhere', () => {
    const text = `
      const fs = require('node:fs'), { readFile: read } = require('fs');
      const promises = require('fs').promises;
      const legacy = __importDefault(require('./legacy'));
      const app = require('express')();
      async function f() {
        const { rimraf } = await import('rimraf');
        const name = await import(somewhere);
      }`;
    expect(imports(text, 'src/a.js')).toEqual([
      'fs: type fs',
      'fs: member fs.default',
      'read: member fs.readFile',
      'promises: member fs.promises',
      'legacy: type src/legacy',
      'rimraf: member rimraf.rimraf',
    ]);
  });

  test('what is exported as default is known by that name', () => {
    expect(imports('export default function open() {}')).toEqual(['default: member src/db.open']);
    expect(imports('const pool = make(); export default pool;')).toEqual(['default: member src/db.pool']);
    expect(imports('class A {} export { A as default };')).toEqual(['default: member src/db.A']);
    expect(imports('export default () => {};')).toEqual([]);
  });
});

describe('types', () => {
  const text = `
    export abstract class Dao<T extends Row> extends Base<T> implements Closeable, ns.Named<string> {
      private readonly pool: Pool | null = null;
      static cache: Map<string, number[]> = new Map();
      #socket = new net.Socket({ port: 1 });
      @Owning() handle?: import('fs').FileHandle;
      either: A | B;
      handler = () => {};
      declare legacy: Array<Stream>;
      constructor(protected readonly client: Client, name = 'x') { super(); this.later = new Later(); }
      abstract close(): Promise<void>;
    }
    interface Named<T> extends Closeable { name: string; rename(to: T): void; onEnd: () => void }
    type Shape = { readonly size: number; draw(): void };
    type Either = A | B;
    enum Mode { Read, Write }
    namespace Db { export class Row {} }
    const Local = class Hidden { run() {} };
    function f() { class Inner { m() {} } }`;

  test('all of them, where they stand', () => {
    expect(index(text).types.map((shape) => `${shape.kind} ${shape.name}`)).toEqual([
      'class Dao',
      'interface Named',
      'interface Shape',
      'enum Mode',
      'class Db',
      'class Db.Row',
      'class Local',
    ]);
  });

  test('heads', () => {
    const dao = type(text, 'Dao');
    expect(dao).toMatchObject({ isAbstract: true, typeParameters: ['T'] });
    expect(dao.supertypes).toEqual(['Base<T>', 'Closeable', 'ns.Named<string>']);
    expect(text.slice(dao.nameSpan.start, dao.nameSpan.end)).toBe('Dao');
    expect(type(text, 'Named')).toMatchObject({ isAbstract: true, supertypes: ['Closeable'], typeParameters: ['T'] });
  });

  test('fields', () => {
    expect(type(text, 'Dao').fields.map(fieldLine)).toEqual([
      'Pool pool',
      'static Map<string,number[]> cache',
      'net.Socket #socket',
      '? handle',
      '? either',
      'Stream[] legacy',
      'Client client',
      'Later later',
    ]);
    expect(type(text, 'Dao').fields[3]?.annotations).toEqual([{ name: 'Owning', args: '' }]);
    expect(type(text, 'Named').fields.map(fieldLine)).toEqual(['string name', '? onEnd']);
    expect(type(text, 'Shape').fields.map(fieldLine)).toEqual(['number size']);
  });

  test('members', () => {
    expect(names(text)).toEqual([
      'static-initializer - <module>',
      'initializer Dao <initializer>',
      'static-initializer Dao <static-initializer>',
      'method Dao handler',
      'constructor Dao Dao',
      'method Dao close',
      'method Named rename',
      'method Shape draw',
      'method Local run',
      'function - f',
    ]);
  });
});

describe('functions', () => {
  test('a signature', () => {
    const text = `class Dao { @Log('x') private static async find<T>(this: Dao, @In() id: string | undefined,
      { a, b }: Options = {}, ...rest: Map<string, T>[]): Promise<T | null> { return use(); } }`;
    const find = declared(text, 'find');
    expect(find).toMatchObject({
      id: 'ts:src/db.ts#Dao.find@1',
      symbol: 'ts:src/db.ts#Dao.find',
      owner: 'Dao',
      kind: 'method',
      returnType: 'Promise<T>',
      annotations: [{ name: 'Log', args: "'x'" }],
      isStatic: true,
      isPrivate: true,
      hasBody: true,
      isEmpty: false,
    });
    expect(find.params).toEqual([
      { name: 'id', type: 'string', annotations: [{ name: 'In', args: '' }], isVariadic: false },
      { name: '', type: 'Options', annotations: [], isVariadic: false },
      { name: 'rest', type: 'Map<string,T>[]', annotations: [], isVariadic: true },
    ]);
  });

  test('all that a module declares is one, whatever it is held by', () => {
    const text = `
      export function open() {}
      const close = async () => { await end(); };
      export const send = function named() {} as Handler, limit = 3;
      const api = { start() {}, nested: { stop: () => {} }, get size() { return 1; }, [key()]() {} };
      exports.read = function () {};
      module.exports.write = () => {};
      module.exports = { pause() {} };
      function Pool() { this.idle = new Set(); }
      Pool.prototype.get = function () {};
      Pool.create = () => new Pool();
      app.handler = function () {};
      declare function later(): void;
      function over(a: string): void;
      function over(a: number): void;
      function over(a: unknown) { use(a); }
      if (limit) { function inner() {} }
      export default class { end() {} }`;
    expect(names(text)).toEqual([
      'static-initializer - <module>',
      'function - open',
      'function - close',
      'function - send',
      'function - start',
      'function - stop',
      'function - size',
      'function - read',
      'function - write',
      'function - pause',
      'constructor Pool Pool',
      'method Pool get',
      'method Pool create',
      'function - later',
      'function - over',
      'method default end',
    ]);
    expect(type(text, 'Pool').fields.map(fieldLine)).toEqual(['Set idle']);
    expect(declared(text, 'create').isStatic).toBe(true);
    expect(declared(text, 'later').hasBody).toBe(false);
    expect(declared(text, 'open').isEmpty).toBe(true);
    expect([...declared(text, 'close').calls]).toEqual(['end']);
  });

  test('functions of namespaces belong to them', () => {
    const text = 'export namespace A.B { export function f() { g(); } namespace C { export const h = () => {}; } }';
    expect(names(text)).toEqual(['static-initializer - <module>', 'method A.B f', 'method A.B.C h']);
    expect(declared(text, 'f').symbol).toBe('ts:src/db.ts#A.B.f');
  });

  test('initialisers only where there is something to run', () => {
    expect(names('class A { x: X; static y: Y; m = () => {}; }')).toEqual(['method A m']);
    expect(names('import a from "a"; export { b } from "b"; export function f() {} interface I {}')).toEqual([
      'function - f',
    ]);
    const both = 'class A { static x = load(); static { boot(); } y = new Y(() => close()); m() { other(); } } run(A);';
    expect([...declared(both, '<static-initializer>').calls]).toEqual(['load', 'boot']);
    expect([...declared(both, '<initializer>').calls].sort()).toEqual(['close', 'new Y']);
    expect([...declared(both, '<module>').calls]).toEqual(['run']);
  });

  test('names called, in closures as well', () => {
    const text = `function f(xs) {
      xs.map((x) => new pg.Client(x)).forEach(keep);
      using a = open();
      sql\`\${a?.b.c()}\`; this.#end(); x['quit'](); x[name](); it[Symbol.dispose]();
    }`;
    expect([...declared(text, 'f').calls].sort()).toEqual(
      ['#end', '[Symbol.dispose]', '[]', 'c', 'forEach', 'map', 'new Client', 'open', 'quit', 'sql'].sort(),
    );
  });

  test('types from comments', () => {
    const text = `
      /**
       * @param {?Pool} pool
       * @param {Array<string>=} [names] of them
       * @param {string|number} id
       * @returns {Promise<Client>}
       */
      export const connect = async (pool, names, id) => {};
      class A { /** @type {Socket|null} */ socket = null;
        /** @return {Stream} */
        open() {} }`;
    const connect = declared(text, 'connect', 'a.js');
    expect(connect.params.map((param) => param.type)).toEqual(['Pool', 'string[]', null]);
    expect(connect.returnType).toBe('Promise<Client>');
    expect(declared(text, 'open', 'a.js').returnType).toBe('Stream');
    expect(type(text, 'A', 'a.js').fields.map(fieldLine)).toEqual(['Socket socket']);
  });
});

describe('odd input', () => {
  test('broken code: what is there is taken', () => {
    expect(names('class A { f() { g(; } h( { } k() { return 1; }')).toEqual(expect.arrayContaining(['method A f']));
    expect(names('function f() { open( }\nfunction g() { close(); }')).toEqual(['function - f', 'function - g']);
    for (const text of [
      'class',
      'class {',
      '}',
      'import',
      'export',
      '@',
      'enum E {',
      '`${',
      '\u0000',
      'a ? b',
      '/* ',
      '"',
    ]) {
      expect(() => index(text)).not.toThrow();
    }
    expect(typescriptFrontend.parse('a.ts', 'function f() { g(; }').errors).not.toEqual([]);
  });

  test('every prefix of a file can be indexed', () => {
    const text =
      "import a, { b } from 'c'; export default class A<T> extends B { #x = 1; @d() m?(y: T[] = [], ...z): z is T {} static { } } enum E { X = f() } namespace N { } let { p: [q = 1, ...r] } = `${s}`;";
    for (let end = 0; end < text.length; end++) expect(() => index(text.slice(0, end))).not.toThrow();
  });

  test('JavaScript may have JSX, TypeScript generics and assertions', () => {
    expect(typescriptFrontend.parse('a.js', 'const a = <A b={c()} />;').errors).toEqual([]);
    expect(typescriptFrontend.parse('a.tsx', 'const a = <A b={c()} />;').errors).toEqual([]);
    expect(typescriptFrontend.parse('a.ts', 'const a = <A>b; const f = <T>(x: T) => x;').errors).toEqual([]);
    expect(typescriptFrontend.parse('a.cjs', '#!/usr/bin/env node\nwith (a) { b(); }').errors).toEqual([]);
  });

  test('offsets are those of the text, whatever its characters', () => {
    const text = '\uFEFF// 😀 größe\nconst s = "é😀";\nfunction größe() {}';
    const { nameSpan, span } = declared(text, 'größe');
    expect(text.slice(nameSpan.start, nameSpan.end)).toBe('größe');
    expect(text.slice(span.start, span.end)).toBe('function größe() {}');
  });

  test('deep code', () => {
    const depth = 10_000;
    expect([...declared(`function f() { return ${'a + '.repeat(depth)}b(); }`, 'f').calls]).toEqual(['b']);
    expect([...declared(`function f() { a${'.b()'.repeat(depth)}; }`, 'f').calls]).toEqual(['b']);
    const nested = `function f() { ${'('.repeat(depth)}open()${')'.repeat(depth)}; }\nfunction g() { close(); }`;
    expect(names(nested)).toEqual(['function - f', 'function - g']);
    expect(() => index('class A { m() {'.repeat(1000))).not.toThrow();
  });

  test('a tree that somebody else made', () => {
    const text = 'import { open } from "fs"; class A { m() { return open(this.x); } }';
    const program = parse(text, { range: true, loc: true });
    const file = parsedFromProgram('src/a.ts', text, program);
    const { declarations } = typescriptFrontend.index(file, conventions);
    expect(declarations).toEqual(index(text, 'src/a.ts').declarations);
    const functions = declarations.flatMap((declaration) => [
      ...typescriptFrontend.lower(file, declaration, conventions),
    ]);
    expect(functions.flatMap(verifyFunction)).toEqual([]);
    expect(functions).toHaveLength(1);
  });

  test('trees with holes lower precision only', () => {
    const range = [0, 1] as const;
    const program = {
      type: 'Program',
      range: [0, 9] as const,
      body: [
        { type: 'IfStatement', range },
        { type: 'New', range },
      ],
    };
    const file = parsedFromProgram('a.js', 'something', program);
    const { declarations } = typescriptFrontend.index(file, conventions);
    const functions = declarations.flatMap((declaration) => [
      ...typescriptFrontend.lower(file, declaration, conventions),
    ]);
    expect(functions.flatMap(verifyFunction)).toEqual([]);
  });
});
