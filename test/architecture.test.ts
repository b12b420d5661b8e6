/** The table of who may import whom in docs/ARCHITECTURE.md, and the other rules about files, enforced. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
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

/** Words of rules files' names that are plain English, or names of JavaScript's own. */
const plainWords = new Set(
  'api blocking build client conventions crypto exec file files go json listeners locks machine node other process stores'.split(
    ' ',
  ),
);

const rules = join(import.meta.dirname, '../rules');

/** What the folders and files of `rules/` are called by: `java`, `spring`, `jpa`, `hibernate`. */
function namesInRules(): ReadonlySet<string> {
  const languages = readdirSync(rules).filter((name) => !name.includes('.'));
  const libraries = languages.flatMap((language) =>
    readdirSync(join(rules, language))
      .filter((name) => name.endsWith('.yaml'))
      .flatMap((name) => name.replace('.yaml', '').split('-')),
  );
  return new Set([...languages, ...libraries].filter((word) => !plainWords.has(word)));
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

/** Texts in quotes and patterns, with nothing escaped that joins names: `io\.open` is `io.open`. */
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
      ({ module, imports }) => module !== 'languages' && imports.includes('languages/tree-sitter'),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('the engine names no language and no library', () => {
    const modules = ['engine', 'effects', 'checks', 'findings', 'summaries', 'leaks', 'resolve', 'session'];
    const names = new RegExp(`\\b(?:${[...namesInRules()].join('|')})\\b|'go'`, 'i');
    const wrong = files
      .filter(({ module }) => modules.includes(module))
      .flatMap(({ path, text }) => names.exec(codeOf(text))?.[0].concat(` in ${path}`) ?? []);
    expect(wrong).toEqual([]);
  });

  // What a fix writes has to be named where it is written.
  test('frontends name no member of a library, which are data in conventions.yaml', () => {
    const wrong = frontends.flatMap(({ id, implicitPackages }) => {
      const known = namesOfPlatform(id);
      const own = files.filter(
        ({ path }) => path.startsWith(`languages/${id}/`) && !path.startsWith(`languages/${id}/fixes/`),
      );
      const isOfLibrary = (name: string): boolean =>
        !implicitPackages.includes(name) && (known.has(name) || known.has(name.slice(0, name.lastIndexOf('.'))));
      return own.flatMap((file) =>
        literalsOf(file)
          .flatMap((literal) => literal.match(/[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+/g) ?? [])
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
