import { beforeAll, describe, expect, test } from 'vitest';
import { javaFrontend } from '../src/languages/java/frontend.ts';
import type { Declaration, FieldShape, FileIndex, TypeShape } from '../src/languages/language.ts';
import { frontendFor } from '../src/languages/registry.ts';
import { loadModels } from '../src/models/load.ts';

const { conventions } = loadModels('java');

beforeAll(() => javaFrontend.load());

function index(text: string): FileIndex {
  return javaFrontend.index(javaFrontend.parse('src/Dao.java', text), conventions);
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

function names(text: string): string[] {
  return index(text).declarations.map(({ kind, owner, name }) => `${kind} ${owner ?? '-'} ${name}`);
}

function fieldLine({ name, type: hint, isStatic }: FieldShape): string {
  return `${isStatic ? 'static ' : ''}${hint ?? '?'} ${name}`;
}

describe('the head of a file', () => {
  test('package and imports', () => {
    const { package: name, imports } = index(`
      @Deprecated package com . acme /* here */ .db;
      import java.io.File;
      import java.util.*;
      import static java.nio.file.Files.newInputStream;
      import static java.nio.file.StandardOpenOption.*;
      import module java.base;
      class A {}`);
    expect(name).toBe('com.acme.db');
    expect(imports).toEqual([
      { local: 'File', target: 'java.io.File', kind: 'type' },
      { local: '*', target: 'java.util', kind: 'type' },
      { local: 'newInputStream', target: 'java.nio.file.Files.newInputStream', kind: 'member' },
      { local: '*', target: 'java.nio.file.StandardOpenOption', kind: 'member' },
    ]);
  });

  test('no package, nothing at all, a package or module description', () => {
    expect(index('class A { void f() {} }').declarations[0]?.symbol).toBe('java:A#f');
    expect(index('')).toMatchObject({ package: '', imports: [], types: [], declarations: [] });
    expect(index('@NonNull package a.b;')).toMatchObject({ package: 'a.b', types: [], declarations: [] });
    expect(index('module a.b { requires java.sql; exports a.b.c; }')).toMatchObject({ types: [], declarations: [] });
  });

  test('the frontend is found by the file name', () => {
    expect(frontendFor('a/b/Dao.java')).toBe(javaFrontend);
    expect(frontendFor('a/java')).toBeNull();
  });
});

describe('types', () => {
  const text = `package p;
    public abstract class Outer<K, V extends Comparable<V>> extends Base< K > implements AutoCloseable, Map . Entry<K,
        ? extends V> {
      private final java.io.@Nullable InputStream in = open(), other[];
      protected static Map<String, int[]> cache;
      @Owning @GuardedBy("this") Socket socket;
      interface Shape extends Closeable, Named<String> { int SIDES = 4; default int sides() { return SIDES; } }
      enum Mode implements Named<Mode> { READ, WRITE("w") { void go() { run(); } }; Mode(String... s) {} abstract void go(); }
      record Pair<A>(A left, @Owning InputStream... right) implements Closeable { Pair { check(left); } }
      @interface Marker { String value() default ""; int LIMIT = 3; }
      static sealed class Inner permits Sub {}
      void work() {
        class Local { void help() {} }
        record Row(Reader reader) {}
        Runnable r = new Runnable() { class Member {} public void run() { class Deep {} } };
      }
    }`;

  test('all of them, where they stand', () => {
    expect(index(text).types.map((shape) => `${shape.kind} ${shape.name}`)).toEqual([
      'class Outer',
      'interface Outer.Shape',
      'enum Outer.Mode',
      'record Outer.Pair',
      'annotation Outer.Marker',
      'class Outer.Inner',
      'class Outer.Local',
      'record Outer.Row',
      'class Outer.Member',
      'class Outer.Deep',
    ]);
  });

  test('heads', () => {
    const outer = type(text, 'Outer');
    expect(outer).toMatchObject({ isAbstract: true, typeParameters: ['K', 'V'] });
    expect(outer.supertypes).toEqual(['Base<K>', 'AutoCloseable', 'Map.Entry<K,?extendsV>']);
    expect(text.slice(outer.nameSpan.start, outer.nameSpan.end)).toBe('Outer');
    expect(type(text, 'Outer.Shape')).toMatchObject({ isAbstract: true, supertypes: ['Closeable', 'Named<String>'] });
    expect(type(text, 'Outer.Mode').supertypes).toEqual(['Named<Mode>']);
    expect(type(text, 'Outer.Pair')).toMatchObject({ typeParameters: ['A'], supertypes: ['Closeable'] });
    expect(type(text, 'Outer.Inner')).toMatchObject({ isAbstract: false, supertypes: [] });
  });

  test('fields', () => {
    const outer = type(text, 'Outer');
    expect(outer.fields.map(fieldLine)).toEqual([
      'java.io.InputStream in',
      'java.io.InputStream[] other',
      'static Map<String,int[]> cache',
      'Socket socket',
    ]);
    expect(outer.fields[3]?.annotations).toEqual([
      { name: 'Owning', args: null },
      { name: 'GuardedBy', args: '"this"' },
    ]);
    const spanned = outer.fields.map(({ span, nameSpan }) =>
      [span, nameSpan].map(({ start, end }) => text.slice(start, end)),
    );
    expect(spanned.slice(0, 2)).toEqual([
      ['in = open()', 'in'],
      ['other[]', 'other'],
    ]);
    expect(type(text, 'Outer.Shape').fields.map(fieldLine)).toEqual(['static int SIDES']);
    expect(type(text, 'Outer.Marker').fields.map(fieldLine)).toEqual(['static int LIMIT']);
    expect(type(text, 'Outer.Mode').fields.map(fieldLine)).toEqual(['static Mode READ', 'static Mode WRITE']);
    const pair = type(text, 'Outer.Pair').fields;
    expect(pair.map(fieldLine)).toEqual(['A left', 'InputStream[] right']);
    expect(pair.map(({ nameSpan }) => text.slice(nameSpan.start, nameSpan.end))).toEqual(['left', 'right']);
    expect(pair[1]?.annotations).toEqual([{ name: 'Owning', args: null }]);
  });

  test('members in source order, those of local types and of constants with a body among them', () => {
    expect(names(text)).toEqual([
      'initializer Outer <initializer>',
      'static-initializer Outer.Shape <static-initializer>',
      'method Outer.Shape sides',
      'static-initializer Outer.Mode <static-initializer>',
      'method Outer.Mode go',
      'constructor Outer.Mode Mode',
      'method Outer.Mode go',
      'constructor Outer.Pair Pair',
      'static-initializer Outer.Marker <static-initializer>',
      'method Outer work',
      'method Outer.Local help',
    ]);
    expect(declared(text, 'Pair').params.map(({ name }) => name)).toEqual(['left', 'right']);
  });
});

describe('functions', () => {
  test('a signature', () => {
    const text = `package p; class Dao<T> { @Cleanup("x") protected static <E extends Exception> List< T > find(
        final @NotOwning InputStream in, int ids[], Map<String, ? super T>... rest) throws java.io.IOException, E { use(); } }`;
    const find = declared(text, 'find');
    expect(find).toMatchObject({
      id: 'java:p.Dao#find@1',
      symbol: 'java:p.Dao#find',
      owner: 'Dao',
      kind: 'method',
      returnType: 'List<T>',
      throws: ['java.io.IOException', 'E'],
      annotations: [{ name: 'Cleanup', args: '"x"' }],
      isStatic: true,
      isPrivate: false,
      hasBody: true,
      isEmpty: false,
    });
    expect(find.params).toEqual([
      { name: 'in', type: 'InputStream', annotations: [{ name: 'NotOwning', args: null }], isVariadic: false },
      { name: 'ids', type: 'int[]', annotations: [], isVariadic: false },
      { name: 'rest', type: 'Map<String,?superT>[]', annotations: [], isVariadic: true },
    ]);
  });

  test('constructors, overloads and members without a body', () => {
    const text = `abstract class Dao {
      private Dao() {}
      Dao(Dao this, int size) { super(); }
      abstract Reader open();
      native void read();
      int legacy()[] { return null; }
      void empty() { /* nothing */ ; }
      void open(int n) { { } }
    }`;
    const { declarations } = index(text);
    expect(declarations.map(({ id }) => id)).toEqual([
      'java:Dao#Dao@1',
      'java:Dao#Dao@2',
      'java:Dao#open@1',
      'java:Dao#read@1',
      'java:Dao#legacy@1',
      'java:Dao#empty@1',
      'java:Dao#open@2',
    ]);
    expect(declarations.map(({ hasBody }) => hasBody)).toEqual([true, true, false, false, true, true, true]);
    expect(declarations.map(({ isEmpty }) => isEmpty)).toEqual([true, false, false, false, false, true, false]);
    expect(declarations.map(({ returnType }) => returnType)).toEqual([
      null,
      null,
      'Reader',
      'void',
      'int[]',
      'void',
      'void',
    ]);
    expect(declarations[0]).toMatchObject({ kind: 'constructor', isPrivate: true });
    expect(declarations[1]?.params.map(({ name }) => name)).toEqual(['size']);
  });

  test('initialisers only where there is something to run', () => {
    expect(names('class A { int x; String s; static int y; final int z; A() { z = 1; } }')).toEqual([
      'constructor A A',
    ]);
    expect(names('class A { { open(); } static { close(); } }')).toEqual([
      'initializer A <initializer>',
      'static-initializer A <static-initializer>',
    ]);
    const both = 'class A { static X x = load(); Y y = new Y(() -> close()); }';
    expect([...declared(both, '<static-initializer>').calls]).toEqual(['load']);
    expect([...declared(both, '<initializer>').calls].sort()).toEqual(['close', 'new Y']);
  });

  test('names called, in closures and by reference as well', () => {
    const text = `class A { void f(List<File> files) {
      files.stream().map(File::new).forEach(this::keep);
      new java.io.BufferedReader(new Outer.Inner<String>(3)) { void g() { super.close(); } }.<T>lines();
      try (in) { if (a) Runnable r = () -> { helper.release(x); }; }
      int[] a = new int[size()];
    } }`;
    expect([...declared(text, 'f').calls].sort()).toEqual(
      [
        'close',
        'forEach',
        'keep',
        'lines',
        'map',
        'new BufferedReader',
        'new File',
        'new Inner',
        'release',
        'size',
        'stream',
      ].sort(),
    );
  });

  test('compact source files', () => {
    const text = 'import java.io.*;\nint count = 1;\nvoid main() { read(); }\nstatic void read() {}\nclass Helper {}';
    expect(names(text)).toEqual(['function - main', 'function - read']);
    expect(declared(text, 'main').symbol).toBe('java:main');
  });
});

describe('odd input', () => {
  test('broken code: what is there is taken', () => {
    expect(names('class A { void f() { g(; } void h( { } int k() { return 1; }')).toEqual(
      expect.arrayContaining(['method A f', 'method A k']),
    );
    expect(names('class A { void f() { open(); } void g() { close(); }')).toEqual(['method A f', 'method A g']);
    expect(names('class A { void f() {} void g() { if (x) { open(); ')).toEqual(['method A f']);
    for (const text of [
      'class',
      'class {',
      '}',
      'import',
      'package ;',
      '@',
      'enum E {',
      'void f(',
      '\u0000',
      'class A { int ; }',
    ]) {
      expect(() => index(text)).not.toThrow();
    }
    expect(javaFrontend.parse('A.java', 'class A { void f() { g(; } }').errors).not.toEqual([]);
  });

  test('every prefix of a file can be indexed', () => {
    const text =
      'package a; import b.C; enum E { X(1) { int f() { return g(); } }; record R(int... a) { R { } } @A(x = 1) <T> T m() throws Q { } }';
    for (let end = 0; end < text.length; end++) expect(() => index(text.slice(0, end))).not.toThrow();
  });

  test('nesting deeper than the call stack', () => {
    const depth = 10_000;
    const parentheses = `class A { Object f() { return ${'('.repeat(depth)}open()${')'.repeat(depth)}; } }`;
    expect([...declared(parentheses, 'f').calls]).toEqual(['open']);
    expect([...declared(`class A { String f() { return ${'a + '.repeat(depth)}b(); } }`, 'f').calls]).toEqual(['b']);
    const blocks = `class A { void f() { ${'{'.repeat(depth)} g(); ${'}'.repeat(depth)} } }`;
    expect([...declared(blocks, 'f').calls]).toEqual(['g']);
    const chain = `class A { void f() { a${'.b()'.repeat(depth)}; } }`;
    expect([...declared(chain, 'f').calls]).toEqual(['b']);
    expect(() => index('class A {'.repeat(2000))).not.toThrow();
    expect(index(`${'class A {'.repeat(500)}${'}'.repeat(500)}`).types).toHaveLength(500);
    expect(() => index(`class A { ${'Map<'.repeat(2000)}X${'>'.repeat(2000)} m; }`)).not.toThrow();
  });

  test('offsets are those of the text, whatever its characters', () => {
    const text = '// 😀 größe\nclass Ä { String s = "é😀"; void größe() {} }';
    const { nameSpan, span } = declared(text, 'größe');
    expect(text.slice(nameSpan.start, nameSpan.end)).toBe('größe');
    expect(text.slice(span.start, span.end)).toBe('void größe() {}');
  });
});
