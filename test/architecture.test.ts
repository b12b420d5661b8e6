/** The table of who may import whom in docs/ARCHITECTURE.md, and the other rules about files, enforced. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { frontends } from '../src/languages/registry.ts';

const source = join(import.meta.dirname, '../src');
const architecture = readFileSync(join(import.meta.dirname, '../docs/ARCHITECTURE.md'), 'utf8');
const table = architecture.split('### Who may import whom')[1]?.split('\n## ')[0] ?? '';

/** What everyone may import, beside itself. */
const forAll: readonly string[] = ['append', 'errors'];

/** Module → modules or files it may import, as the table says. */
const mayImport: ReadonlyMap<string, readonly string[]> = new Map(
  [...table.matchAll(/^\| `([a-z]+)` +\| ([^|]+) \|/gm)].map(([, module = '', allowed = '']) => [
    module,
    [...allowed.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  ]),
);

/** Files that read the world; everything else is data in, data out. */
const mayRead =
  /^(cli|cache\/cache-files|config\/load-config|git|eslint\/project-files|project|documents|models\/(load|api-index)|languages\/(tree-sitter|typescript\/project-programs))/;

/** What knows how trees of syntax are made; ESLint hands its own to a frontend, and asks no more of it. */
const syntax =
  /^languages\/(?:tree-sitter|syntax-node|read-tree|direct-cursor|(?:java|go|python|typescript)\/(?!frontend$))/;
const parsers = /^(?:web-tree-sitter|typescript|@typescript-eslint\/(?:typescript-estree|parser))(?:\/|$)/;

interface SourceFile {
  readonly path: string;
  readonly module: string;
  readonly text: string;
  /** Without the extension, relative to src/. */
  readonly imports: readonly string[];
  readonly packages: readonly string[];
}

const files: readonly SourceFile[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .map(readSource);

function readSource(path: string): SourceFile {
  const text = readFileSync(join(source, path), 'utf8');
  const targets = [...text.matchAll(/(?:\bfrom|\bimport\(?)\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  const local = targets.filter((target) => target.startsWith('.'));
  return {
    path,
    module: moduleOf(path),
    text,
    imports: local.map((target) => relative(source, join(source, dirname(path), target)).replace(/\.ts$/, '')),
    packages: targets.filter((target) => !target.startsWith('.')),
  };
}

function moduleOf(path: string): string {
  return (path.split('/')[0] ?? '').replace(/\.ts$/, '');
}

function isAllowed(file: SourceFile, target: string): boolean {
  const module = moduleOf(target);
  if (module === file.module || forAll.includes(target)) return true;
  return (mayImport.get(file.module) ?? []).some((allowed) => allowed === module || allowed === target);
}

function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}

const rules = join(import.meta.dirname, '../rules');

/** Names in camel case, which no tag of our own types is: `FileHandle`, `setSoTimeout`; and dotted ones: `java.io.File`. */
function isTelling(name: string): boolean {
  return /[a-z][A-Z]/.test(name) || (/[./]/.test(name) && !name.includes('$'));
}

interface Named {
  readonly type?: string | readonly string[];
  readonly call?: string | readonly string[];
}

/** Types and calls that the rules of a language are about, with the packages or modules around them: `fs/promises`, `FileHandle`. */
function namesOfLibraries(language: string): ReadonlySet<string> {
  const documents = readdirSync(join(rules, language))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => parse(readFileSync(join(rules, language, name), 'utf8')) as { types?: Named[]; calls?: Named[] });
  const patterns = documents
    .flatMap(({ types = [], calls = [] }) => [...types, ...calls])
    .flatMap(({ type = [], call = [] }) => [type, call].flat());
  const names = patterns.flatMap((pattern) => pattern.replace(/\(.*/, '').split('#'));
  return new Set(names.flatMap((name) => [name, ...name.split(/[./]/)]).filter(isTelling));
}

/** Types of the platform's library, as generated into `rules/<language>/api/`, and the packages or modules around them. */
function namesOfPlatform(language: string): ReadonlySet<string> {
  const folder = join(rules, language, 'api');
  const lines = existsSync(folder)
    ? readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    : [];
  const types = lines.flatMap((line) => /^\["([^"]+)"/.exec(line)?.[1] ?? []);
  return new Set(types.flatMap((type) => [...type.matchAll(/\.|$/g)].map(({ index }) => type.slice(0, index))));
}

/** What texts in quotes and patterns name, with nothing escaped that joins names: `io\.open` is `io.open`, and `io`, and `open`. */
function namedIn(file: SourceFile): string[] {
  return literalsOf(file)
    .flatMap((literal) => literal.match(/[A-Za-z_]\w*(?:[./]\w+)*/g) ?? [])
    .flatMap((name) => [name, ...name.split(/[./]/)]);
}

function literalsOf({ path, text }: SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isRegularExpressionLiteral(node))
      found.push(node.text.replaceAll('\\.', '.'));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return found;
}

/** What knows neither languages nor libraries. */
function isOfAnalysis(module: string): boolean {
  return [
    'ir',
    'effects',
    'engine',
    'summaries',
    'leaks',
    'resolve',
    'session',
    'checks',
    'findings',
    'scan',
    'cache',
  ].includes(module);
}

describe('architecture', () => {
  test('there are files to look at', () => {
    expect(files.length).toBeGreaterThan(10);
  });

  test('the table names every module', () => {
    const named = [...mayImport.keys(), ...forAll].toSorted();
    expect(named).toEqual([...new Set(files.map(({ module }) => module))].toSorted());
  });

  test('modules import only what the table allows', () => {
    const wrong = files.flatMap((file) =>
      file.imports.filter((target) => !isAllowed(file, target)).map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('languages do not know each other, and what they share knows none', () => {
    const wrong = files.flatMap(({ path, imports }) => {
      if (!path.startsWith('languages/') || path === 'languages/registry.ts') return [];
      const language = /^languages\/([^/]+)\//.exec(path)?.[1] ?? 'shared';
      return imports
        .filter((target) => target.startsWith('languages/') && target.split('/').length > 2)
        .filter(
          (target) => !target.startsWith(`languages/${language}/`) && !/^languages\/(?:lowering|fixing)\//.test(target),
        )
        .map((target) => `${path} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test('only languages/ touches syntax nodes', () => {
    const wrong = files.filter(
      ({ module, imports, packages }) =>
        module !== 'languages' &&
        (imports.some((target) => syntax.test(target)) || packages.some((name) => parsers.test(name))),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('the analysis names no language', () => {
    const names = new RegExp(`\\b(?:${frontends.map(({ id }) => id).join('|')}|javascript)\\b`, 'i');
    const wrong = files
      .filter(({ module, path }) => isOfAnalysis(module) && path !== 'ir/ir.ts')
      // `go` is a word of every language, so it counts in quotes alone.
      .flatMap(
        ({ path, text }) =>
          names.exec(codeOf(text).replace(/(?<!')\bgo\b(?!')/gi, ''))?.[0].concat(` in ${path}`) ?? [],
      );
    expect(wrong).toEqual([]);
  });

  test('the analysis names no library', () => {
    const known = frontends.map(({ id }) => namesOfLibraries(id));
    expect(known.every(({ size }) => size > 0)).toBe(true);
    const wrong = files
      .filter(({ module }) => isOfAnalysis(module))
      .flatMap((file) =>
        namedIn(file)
          .filter((name) => known.some((names) => names.has(name)))
          .map((name) => `${name} in ${file.path}`),
      );
    expect(wrong).toEqual([]);
  });

  // What a fix writes has to be named where it is written.
  test('frontends name no member of a library, which are data in rules/', () => {
    const wrong = frontends.flatMap(({ id, implicitPackages }) => {
      const known = new Set([...namesOfLibraries(id), ...namesOfPlatform(id)]);
      const own = files.filter(
        ({ path }) => path.startsWith(`languages/${id}/`) && !path.startsWith(`languages/${id}/fixes/`),
      );
      const isOfLibrary = (name: string): boolean =>
        isTelling(name) &&
        !implicitPackages.includes(name) &&
        (known.has(name) || known.has(name.slice(0, name.lastIndexOf('.'))));
      return own.flatMap((file) =>
        namedIn(file)
          .filter(isOfLibrary)
          .map((name) => `${name} in ${file.path}`),
      );
    });
    expect(wrong).toEqual([]);
  });

  test('only the files for it do input and output', () => {
    const wrong = files.filter(
      ({ path, packages, text }) =>
        !mayRead.test(path) &&
        (packages.some((name) => /^(?:node:(?:fs|child_process|net|http|process)|globby|chokidar)/.test(name)) ||
          /\bsys\.\w|\bcreateProgram\(/.test(codeOf(text))),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('files stay below 600 lines', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 600);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test('names are kebab-case and say what is inside', () => {
    const wrong = files.filter(({ path }) =>
      path
        .split('/')
        .some((part) => !/^[a-z0-9-]+(\.ts)?$/.test(part) || /^(utils?|helpers?|common|misc)(\.ts)?$/.test(part)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('every file opens with what it is for', () => {
    const wrong = files.filter(({ text }) => !/^(#!.*\n)?\/[*/]/.test(text));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('every file of the analysis stands in docs/ARCHITECTURE.md', () => {
    const unsaid = files.filter(
      ({ module, path }) =>
        ['engine', 'summaries', 'leaks'].includes(module) &&
        !new RegExp(`[\`/]${path.split('/').at(-1) ?? ''}\``).test(architecture),
    );
    expect(unsaid.map(({ path }) => path)).toEqual([]);
  });

  test('every dependency has its reason in docs/decisions/dependencies.md', () => {
    const root = join(import.meta.dirname, '..');
    const [runtime = '', development = ''] = readFileSync(join(root, 'docs/decisions/dependencies.md'), 'utf8')
      .split('For development only:')
      .map((part) => [...part.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, names = '']) => names).join(', '));
    const named = (part: string): string[] => part.split(', ').filter((name) => !/^(package|-+)$/.test(name));
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: object;
      devDependencies: object;
    };
    expect(named(runtime).toSorted()).toEqual(Object.keys(dependencies).toSorted());
    expect(named(development).toSorted()).toEqual(Object.keys(devDependencies).toSorted());
  });

  test('no any, no casts that silence the checker', () => {
    const wrong = files.filter(({ text }) => /:\s*any\b|\bas any\b|as unknown as/.test(codeOf(text)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});
