import { beforeAll, describe, expect, test } from 'vitest';
import { goFrontend } from '../src/languages/go/frontend.ts';
import type { Declaration, FileIndex, TypeShape } from '../src/languages/language.ts';
import { loadModels } from '../src/models/load.ts';

const { conventions } = loadModels('go');

beforeAll(() => goFrontend.load());

function index(text: string, path = 'internal/db/pool.go'): FileIndex {
  return goFrontend.index(goFrontend.parse(path, text), conventions);
}

function declared(text: string, name: string): Declaration {
  const found = index(text).declarations.find((declaration) => declaration.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function type(text: string, name: string): TypeShape {
  const found = index(text).types.find((shape) => shape.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe('the head of a file', () => {
  test('the package is the folder', () => {
    expect(index('package pool\nfunc f() {}').package).toBe('internal/db');
    expect(index('package main\nfunc f() {}', 'main.go').package).toBe('');
    expect(index('package main\nfunc f() {}', 'main.go').declarations[0]?.symbol).toBe('go:f');
  });

  test('imports', () => {
    const { imports } = index(`package p
      import "os"
      import (
        "net/http"
        sqlite "github.com/mattn/go-sqlite3"
        "github.com/acme/go-store"
        "github.com/go-chi/chi/v5"
        "gopkg.in/yaml.v3"
        \`golang.org/x/sync/errgroup\` // raw
        . "fmt"
        _ "net/http/pprof"
      )`);
    expect(imports.map(({ local, target }) => `${local} ${target}`)).toEqual([
      'os os',
      'http net/http',
      'sqlite github.com/mattn/go-sqlite3',
      'store github.com/acme/go-store',
      'chi github.com/go-chi/chi/v5',
      'yaml gopkg.in/yaml.v3',
      'errgroup golang.org/x/sync/errgroup',
      '* fmt',
    ]);
    expect(new Set(imports.map((one) => one.kind))).toEqual(new Set(['type']));
  });

  test('nothing at all', () => {
    expect(index('')).toMatchObject({ imports: [], types: [], declarations: [] });
  });
});

describe('types', () => {
  const text = `package p
    type Pool[K comparable, V any] struct {
      *os.File
      Base
      mu, other sync.Mutex \`json:"mu"\`
      conns map[string][]*Conn
      free chan<- *Conn
      make func(int) (*Conn, error)
      any interface{}
      inline struct{ a int }
      cache lru.Cache[string, *Conn]
      buffer [16]byte
    }
    type (
      Store interface {
        io.Closer
        Get(key string) (value []byte, err error)
        ~int | string
      }
      Name string
      Conns []*Conn
      Alias = sql.DB
      Made *Pool[string, int]
    )
    func work() {
      type row struct{ f *os.File }
    }`;

  test('all of them, local ones included', () => {
    expect(index(text).types.map((shape) => `${shape.kind} ${shape.name}`)).toEqual([
      'class Pool',
      'interface Store',
      'class Name',
      'class Conns',
      'class Alias',
      'class Made',
      'class row',
    ]);
  });

  test('heads', () => {
    expect(type(text, 'Pool')).toMatchObject({
      typeParameters: ['K', 'V'],
      supertypes: ['os.File', 'Base'],
      isAbstract: false,
    });
    expect(type(text, 'Store')).toMatchObject({ supertypes: ['io.Closer'], isAbstract: true });
    expect(type(text, 'Name').supertypes).toEqual(['string']);
    expect(type(text, 'Conns').supertypes).toEqual([]);
    expect(type(text, 'Alias').supertypes).toEqual(['sql.DB']);
    expect(type(text, 'Made').supertypes).toEqual(['Pool<string,int>']);
    const { nameSpan } = type(text, 'Pool');
    expect(text.slice(nameSpan.start, nameSpan.end)).toBe('Pool');
  });

  test('fields', () => {
    expect(type(text, 'Pool').fields.map(({ name, type: hint }) => `${name} ${hint ?? '?'}`)).toEqual([
      'File os.File',
      'Base Base',
      'mu sync.Mutex',
      'other sync.Mutex',
      'conns map<string,Conn[]>',
      'free chan<Conn>',
      'make func',
      'any any',
      'inline struct',
      'cache lru.Cache<string,Conn>',
      'buffer byte[]',
    ]);
    const spans = type(text, 'Pool').fields.map(({ nameSpan }) => text.slice(nameSpan.start, nameSpan.end));
    expect(spans.slice(0, 3)).toEqual(['os.File', 'Base', 'mu']);
  });

  test('methods of interfaces are declarations', () => {
    expect(declared(text, 'Get')).toMatchObject({
      owner: 'Store',
      kind: 'method',
      hasBody: false,
      returnType: '(byte[],error)',
      symbol: 'go:internal/db.Store.Get',
    });
  });
});

describe('functions', () => {
  const text = `package p
    var conn, err = dial("a")
    var plain int
    const limit = 3
    func init() { register() }
    func init() {}
    func Open(path string, _ int, flags ...Flag) (*os.File, error) {
      f := new(Config)
      c := &Pool[int]{size: 1}
      defer f.inner().Close()
      go func() { serve[int](c) }()
      t.Cleanup(c.Stop)
      return nil, pkg.Wrap[string](err, 1)
    }
    func (p *Pool[K, V]) Get(a, b int) error { return nil }
    func (Pool) size() (n int, ok bool) { return }
    func bare(int, *Conn) func() error
    func single() (err error) { return nil }`;

  test('all of them', () => {
    expect(
      index(text).declarations.map(({ symbol, kind, id }) => `${kind} ${symbol} ${id.replace(/.*@/, '')}`),
    ).toEqual([
      'static-initializer go:internal/db.<static-initializer> 1',
      'function go:internal/db.init 1',
      'function go:internal/db.init 2',
      'function go:internal/db.Open 1',
      'method go:internal/db.(*Pool).Get 1',
      'method go:internal/db.Pool.size 1',
      'function go:internal/db.bare 1',
      'function go:internal/db.single 1',
    ]);
  });

  test('signatures', () => {
    const open = declared(text, 'Open');
    expect(open.params.map(({ name, type: hint, isVariadic }) => [name, hint, isVariadic])).toEqual([
      ['path', 'string', false],
      ['_', 'int', false],
      ['flags', 'Flag[]', true],
    ]);
    expect(open).toMatchObject({ returnType: '(os.File,error)', isPrivate: false, isStatic: true, throws: [] });
    expect(declared(text, 'Get').params.map((param) => param.name)).toEqual(['a', 'b']);
    expect(declared(text, 'Get')).toMatchObject({ owner: 'Pool', isStatic: false, returnType: 'error' });
    expect(declared(text, 'size')).toMatchObject({ owner: 'Pool', isPrivate: true, returnType: '(int,bool)' });
    expect(declared(text, 'bare')).toMatchObject({ hasBody: false, returnType: 'func' });
    expect(declared(text, 'single').returnType).toBe('error');
    expect(
      index(text)
        .declarations.filter((one) => one.isEmpty)
        .map((one) => one.id),
    ).toEqual(['go:internal/db.init@2']);
  });

  test('called names', () => {
    expect([...declared(text, 'Open').calls].sort()).toEqual([
      'Cleanup',
      'Close',
      'Stop',
      'Wrap',
      'inner',
      'new Config',
      'new Pool',
      'serve',
    ]);
    expect([...declared(text, '<static-initializer>').calls]).toEqual(['dial']);
  });

  test('a file with broken code keeps its other functions', () => {
    const broken =
      'package p\n\nfunc a() {\n\tif x {\n\t\tg(\n}\n\nfunc b() { h() }\n\nfunc (t *T) c() int {\n\treturn 1\n}\n';
    const { declarations } = index(broken);
    expect(declarations.map((one) => one.name)).toEqual(['a', 'b', 'c']);
    const last = declarations.at(-1);
    expect(broken.slice(last?.nameSpan.start, last?.nameSpan.end)).toBe('c');
    expect([...declared(broken, 'b').calls]).toEqual(['h']);
  });
});
