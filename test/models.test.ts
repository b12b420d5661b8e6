import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { languages } from '../src/ir/ir.ts';
import { frontends } from '../src/languages/registry.ts';
import { loadApiIndex } from '../src/models/api-index.ts';
import { parseCallPattern } from '../src/models/call-pattern.ts';
import { compileModels } from '../src/models/compile.ts';
import { compileGate } from '../src/models/gate.ts';
import { loadModels, readRules } from '../src/models/load.ts';
import { conventionKeys } from '../src/models/conventions.ts';
import type { ModelSet } from '../src/models/model-set.ts';
import { checkRules, parseRules } from '../src/models/parse-rules.ts';
import { temporaryFolder } from './temporary-folder.ts';

const java = loadModels('java');
const sources = readRules('java');

describe('the Java rules', () => {
  test('name each resource once', () => {
    const keys = sources.flatMap((source) => Object.keys(source.document.resources ?? {}));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('state conventions and exceptions in one file', () => {
    expect(sources.filter((source) => source.document.conventions !== undefined)).toHaveLength(1);
  });

  test('cite documentation', () => {
    const silent = sources.filter((source) => source.document.docs === undefined).map((source) => source.path);
    expect(silent).toEqual(['rules/java/conventions.yaml']);
  });

  test('name types and members the platform has', () => {
    const api = loadApiIndex('java');
    const has = (type: string, member: string): boolean => {
      const found = api.type(type);
      if (found === null) return false;
      if (found.methods(member).length > 0 || member === '<init>') return true;
      const supertypes = found.supertypes.map((name) => name.replace(/<.*/s, ''));
      return [...supertypes, 'java.lang.Object'].some((name) => name !== type && has(name, member));
    };
    const wrong: string[] = [];
    for (const { path, document } of sources) {
      const patterns = (document.calls ?? []).flatMap((rule) => rule.call);
      for (const text of patterns) {
        const pattern = parseCallPattern(text);
        if (!pattern?.owner.startsWith('java.')) continue;
        if (!has(pattern.owner, pattern.member)) wrong.push(`${path}: ${text}`);
      }
      for (const { type } of document.types ?? []) {
        if (type.startsWith('java.') && api.type(type) === null) wrong.push(`${path}: ${type}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('qualify every type', () => {
    const owners = sources.flatMap((source) => (source.document.calls ?? []).flatMap((rule) => rule.call));
    expect(owners.filter((text) => !/^(?:\*#|[a-z][\w.]*\.[A-Z])/.test(text))).toEqual([]);
  });

  test('compile without exception', () => {
    for (const { document } of sources) {
      for (const text of (document.calls ?? []).flatMap((rule) => rule.call)) {
        const pattern = parseCallPattern(text);
        expect(java.calls(pattern?.owner ?? '', pattern?.member ?? '').length).toBeGreaterThan(0);
      }
      for (const { type } of document.types ?? []) expect(java.type(type)).not.toBeNull();
    }
  });
});

describe('compiled calls', () => {
  const effectsOf = (models: ModelSet, type: string, member: string): unknown =>
    models.calls(type, member)[0]?.summary.effects;

  test('an acquisition happens on return only, and says who holds it', () => {
    expect(effectsOf(java, 'java.sql.Connection', 'prepareStatement')).toEqual([
      {
        kind: 'acquire',
        slot: { at: 'result', index: 0 },
        resource: 'java/statement',
        heldBy: [{ at: 'receiver' }],
        on: 'return',
        certainty: 'must',
      },
    ]);
  });

  test('groups under `and` have guards of their own', () => {
    const effects = java.calls('java.sql.Connection', 'setAutoCommit')[0]?.summary.effects ?? [];
    expect(effects.map((effect) => [effect.kind, effect.given?.is])).toEqual([
      ['acquire', 'false'],
      ['release', 'true'],
    ]);
  });

  test('the most specific model comes first', () => {
    const overloads = java.calls('com.fasterxml.jackson.core.JsonFactory', 'createParser');
    expect(overloads.map((model) => model.params)).toEqual([['String'], ['File'], ['URL'], null]);
  });

  test('an exempt call has no effects', () => {
    expect(effectsOf(java, 'javax.servlet.ServletRequest', 'getReader')).toEqual([]);
  });

  test('a package that moved is known under both names', () => {
    const [moved] = java.calls('jakarta.jms.Connection', 'createSession');
    expect(moved?.returns).toBe('jakarta.jms.Session');
    expect(java.type('jakarta.servlet.http.HttpServletRequest')?.supertypes).toEqual([
      'jakarta.servlet.ServletRequest',
    ]);
  });

  test('a builder stays the same builder', () => {
    const [fluent] = java.calls('org.apache.http.impl.client.HttpClientBuilder', 'setUserAgent');
    expect(fluent?.returns).toBe('org.apache.http.impl.client.HttpClientBuilder');
  });

  test('say where they are from', () => {
    expect(java.calls('java.nio.file.Files', 'lines')[0]?.source).toMatch(/^rules\/java\/java-nio\.yaml:\d+$/);
  });

  test('types, resources and release methods', () => {
    expect(java.type('java.io.PrintWriter')).toMatchObject({ resource: 'java/file-writer', wraps: 0, exempt: null });
    expect(java.type('java.io.StringReader')?.exempt).toBe('in memory');
    expect(java.type('com.acme.Nothing')).toBeNull();
    expect(java.resource('java/lock').family).toBe('lock');
    expect(java.releasedBy('rollback')).toContain('java/transaction');
    expect(java.typesNamed('ZipFile')).toEqual([
      'org.apache.commons.compress.archivers.zip.ZipFile',
      'net.lingala.zip4j.ZipFile',
      'java.util.zip.ZipFile',
    ]);
    expect(java.annotation('MustBeClosed')).toBe('owning');
  });
});

test.each([
  [
    'java.util.Scanner#new(String)',
    { owner: 'java.util.Scanner', member: '<init>', arity: 1, params: ['String'], named: [] },
  ],
  ['a.B#c/2', { owner: 'a.B', member: 'c', arity: 2, params: null, named: [] }],
  ['a.B.C#d(*, int[])', { owner: 'a.B.C', member: 'd', arity: 2, params: ['*', 'int[]'], named: [] }],
  ['a.B#c()', { owner: 'a.B', member: 'c', arity: 0, params: [], named: [] }],
  ['a.B#c(x=true)', { owner: 'a.B', member: 'c', arity: null, params: null, named: [{ name: 'x', value: 'true' }] }],
  ['a.B#c(x=true,*)', null],
  ['a.B#c(x=1)', null],
  ['a.B.c', null],
  ['a.B#c(,)', null],
])('pattern %s', (text, expected) => {
  expect(parseCallPattern(text)).toEqual(expected);
});

describe('conventions', () => {
  const { conventions } = java;

  test.each([
    'closeQuietly',
    'safeClose',
    'releaseConn',
    'shutdownPool',
    'tryClose',
    'cleanup',
    'closeall',
    'readAndClose',
  ])('%s releases', (name) => {
    expect(name).toMatch(conventions.releaseFunctions);
  });

  test.each(['closest', 'freeze', 'disposition', 'openAndClose'])('%s does not', (name) => {
    expect(name).not.toMatch(conventions.releaseFunctions);
  });

  test.each([
    ['FooInputStream', true],
    ['HttpClient', true],
    ['JdbcConnection', true],
    ['StringReader', false],
    ['ByteArrayOutputStream', false],
    ['ConnectionFactory', false],
    ['HttpSession', false],
    ['Consumer', false],
    ['Stream', false],
  ])('%s presumed to need a release: %s', (name, isPresumed) => {
    const { presumedCloseable, presumedHarmless } = conventions;
    expect(presumedCloseable.test(name) && !presumedHarmless.test(name)).toBe(isPresumed);
  });
});

describe('the gate', () => {
  const mayMatter = compileGate(java);

  test.each([
    'new FileInputStream(f)',
    'new java.io.FileReader(f)',
    'connection.prepareStatement(sql)',
    'Files.lines(path)',
    'x.close ();',
    'resources.forEach(Closeable::close)',
    'new AcmeClient(url)',
    'IOUtils.closeQuietly(in)',
  ])('lets %s through', (text) => {
    expect(mayMatter(`class A { void m() { ${text} } }`)).toBe(true);
  });

  test.each(['map.get(key)', 'list.add(x)', 'new ArrayList<>()', 'int closed = 1; return closed;', 'a.b().c()'])(
    'stops %s',
    (text) => {
      expect(mayMatter(`class A { void m() { ${text} } }`)).toBe(false);
    },
  );
});

describe('faults', () => {
  const messageOf = (text: string): string => {
    try {
      checkRules(parseRules(text, 'm.yaml'), new Set(['stream']));
    } catch (error) {
      if (error instanceof Error && error.name === 'UserError') return error.message;
      throw error;
    }
    return 'no fault';
  };
  const head = 'library: Acme\nlanguage: java\n';

  test.each([
    ['', 'm.yaml:1:1: expected a mapping'],
    ['- a', 'm.yaml:1:1: expected a mapping'],
    ['library: Acme', 'm.yaml:1:1: `language` is missing'],
    ['library: Acme\nlanguage: cobol', 'm.yaml:2:1: "cobol" is not one of: java, go, python, typescript'],
    [`${head}cals: []`, 'm.yaml:3:1: unknown key `cals`; known here: alsoAs, annotations, calls'],
    [`${head}calls: [`, 'm.yaml:3:'],
    [`${head}calls:\n  - { call: a.B#c, aquire: stream }`, 'm.yaml:4:20: unknown key `aquire`'],
    [`${head}calls:\n  - { acquire: stream }`, 'm.yaml:4:5: `call` is missing'],
    [`${head}calls:\n  - { call: a.B.c, acquire: stream }`, 'm.yaml:4:7: "a.B.c"'],
    [`${head}calls:\n  - { call: a.B#c, acquire: steam }`, 'm.yaml:4:20: there is no resource `steam`'],
    [`${head}calls:\n  - { call: a.B#c, release: parm0 }`, 'm.yaml:4:20: "parm0"'],
    [`${head}calls:\n  - { call: a.B#c, alias: { from: param0 } }`, 'm.yaml:4:20: `into` is missing'],
    [
      `${head}calls:\n  - { call: a.B#c, heldBy: receiver, release: param0 }`,
      'm.yaml:4:20: `heldBy` needs an `acquire`',
    ],
    [`${head}calls:\n  - { call: a.B#c }`, 'm.yaml:4:5: the rule says nothing'],
    [
      `${head}calls:\n  - { call: a.B#c, exempt: shared, release: param0 }`,
      'm.yaml:4:20: an exempt call has no effects',
    ],
    [
      `${head}types:\n  - { type: a.B, exempt: x, resource: stream }`,
      'm.yaml:4:18: `a.B` is exempt and has a resource',
    ],
    [`${head}types:\n  - { type: a.B, wraps: first }`, 'm.yaml:4:18: "first" is not an integer'],
    [`${head}resources:\n  r: { title: r }`, 'm.yaml:4:3: `release` is missing'],
    [`${head}library: again`, 'm.yaml:3:1: not valid YAML'],
  ])('%j', (text, message) => {
    expect(messageOf(text)).toContain(message);
  });

  test('a pattern inside a convention that is none', () => {
    const shipped = readFileSync(new URL('../rules/java/conventions.yaml', import.meta.url), 'utf8');
    const broken = shipped.replace(
      /^ {2}releaseFunctions:.*/m,
      (line) => `  releasedStates: { fields: '(', words: x }\n${line}`,
    );
    expect(messageOf(broken)).toMatch(/^m\.yaml:\d+:\d+: .*[Uu]nterminated group/);
    expect(messageOf(shipped)).toBe('no fault');
  });

  test('a sound file has none', () => {
    expect(messageOf(`${head}calls:\n  - { call: a.B#c, acquire: stream }`)).toBe('no fault');
  });
});

describe("a user's models", () => {
  test('come before those shipped and may use their resources', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'own.yaml');
    writeFileSync(
      path,
      `library: Acme
language: java
types:
  - { type: java.util.Scanner, exempt: not a problem here }
calls:
  - { call: 'com.acme.Store#open', acquire: file-stream }
  - { call: 'java.util.Objects#requireNonNull', borrow: param0 }
`,
    );
    const models = loadModels('java', [path]);
    expect(models.calls('com.acme.Store', 'open')[0]?.source).toBe(`${path}:6`);
    expect(models.calls('java.util.Objects', 'requireNonNull')[0]?.summary.effects[0]?.kind).toBe('borrow');
    expect(models.type('java.util.Scanner')).toMatchObject({ exempt: 'not a problem here', resource: null });
    expect(models.conventions.releaseMethods.has('close')).toBe(true);
  });

  test('whose `undo` has no pattern point at it', () => {
    const text = `library: bell
language: typescript
resources:
  bell: { title: bell, release: [stop], undo: { after: '(', unless: x, ends: y, written: $.undo() } }
`;
    const folder = temporaryFolder({ 'bell.yaml': text });
    expect(() => loadModels('typescript', [join(folder, 'bell.yaml')])).toThrow(
      /bell\.yaml:4:\d+: .*no regular expression/,
    );
  });

  test('that cannot be read are a plain message', () => {
    expect(() => loadModels('java', ['/no/such/file.yaml'])).toThrow(
      '/no/such/file.yaml: cannot read the model file: no such file',
    );
  });
});

test('a language without rules has no models, only an error when asked for conventions', () => {
  expect(compileModels('go', []).calls('a', 'b')).toEqual([]);
});

describe('the published schema', () => {
  const schema = JSON.parse(readFileSync(new URL('../rules/schema.json', import.meta.url), 'utf8')) as {
    properties: { language: { enum: string[] } };
    definitions: Record<string, { properties?: object }> & { conventions: { properties: object } };
  };

  test('knows the languages there are', () => {
    expect(schema.properties.language.enum).toEqual([...languages]);
    expect(frontends.map(({ id }) => id).toSorted()).toEqual([...languages].toSorted());
  });

  test('has the conventions that are read', () => {
    const promised = Object.keys(schema.definitions.conventions.properties);
    expect(promised.toSorted()).toEqual([...conventionKeys, 'genericMembers'].toSorted());
  });

  test('promises nothing that docs/models.md does not explain', () => {
    const page = readFileSync(new URL('../docs/models.md', import.meta.url), 'utf8');
    const promised = Object.values(schema.definitions).flatMap(({ properties = {} }) => Object.keys(properties));
    expect(promised.filter((key) => !new RegExp(`\\b${key}\\b`).test(page))).toEqual([]);
  });
});
