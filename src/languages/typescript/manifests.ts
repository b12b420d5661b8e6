/**
 * What imports may call the files of a package besides their paths: by the name, `exports` and `imports` of package.json
 * (https://nodejs.org/api/packages.html), and by `paths` and `baseUrl` of tsconfig.json and jsconfig.json. What a package
 * is built into stands for what it is built from: `dist/index.js` for `src/index.ts`.
 */
import { createRequire } from 'node:module';
import type ts from 'typescript';
import type { ImportAlias, Manifest, ManifestReader } from '../language.ts';
import { moduleName } from './imports.ts';
import { parsed, record } from './json.ts';

export const manifestReader: ManifestReader = {
  fileNames: ['package.json', 'tsconfig.json', 'tsconfig.base.json', 'jsconfig.json'],
  read: (text, fileName) => {
    const aliases = fileName === 'package.json' ? aliasesOfPackage(text) : aliasesOfCompiler(text);
    return { ...nameless, aliases };
  },
  packageOf: (name) => name,
};

const nameless: Manifest = { name: null, languageVersion: null, replaced: [], aliases: [] };

/** Fields of package.json that name what its name stands for. */
const entries = ['source', 'types', 'typings', 'module', 'main', 'browser'];
/** Where a package without them has its entry. */
const usualEntries = ['index', 'src/index', 'lib/index'];
/** Folders of what is built, in the place of `src`. */
const built = /^(?:dist|lib|build|out|esm|cjs|es)\/(?:(?:esm|cjs|es|src|types|lib)\/)?/;

function aliasesOfPackage(text: string): ImportAlias[] {
  const content = record(parsed(text));
  if (content === null) return [];
  const { name, exports, imports } = content;
  const inner = Object.entries(record(imports) ?? {}).flatMap(([alias, target]) => aliasesTo(alias, target));
  if (typeof name !== 'string' || name === '') return inner;
  const exported = record(exports);
  const parts = Object.entries(exported ?? {}).filter(([part]) => part.startsWith('./'));
  const entry = [...entries.map((field) => content[field]), exported?.['.'] ?? (parts.length === 0 ? exports : null)];
  const named = entry.flatMap((target) => aliasesTo(name, target));
  return [
    ...inner,
    ...(named.length > 0 ? named : usualEntries.flatMap((target) => aliasesTo(name, target))),
    ...parts.flatMap(([part, target]) => aliasesTo(`${name}${part.slice(1)}`, target)),
    { name: `${name}/*`, path: '*' },
    { name: `${name}/*`, path: 'src/*' },
    { name: `${name}/dist/*`, path: 'src/*' },
    { name: `${name}/lib/*`, path: 'src/*' },
  ];
}

/** Of all conditions: `{ import: './dist/index.js', types: … }`. */
function aliasesTo(name: string, target: unknown): ImportAlias[] {
  if (typeof target !== 'string') return Object.values(record(target) ?? {}).flatMap((one) => aliasesTo(name, one));
  const path = target.replace(/^\.\//, '');
  const sources = built.test(path) ? [path.replace(built, 'src/'), path.replace(built, '')] : [];
  return [path, ...sources].map((one) => ({ name, path: moduleName(one) }));
}

function aliasesOfCompiler(text: string): ImportAlias[] {
  const compiler = createRequire(import.meta.url)('typescript') as typeof ts;
  const options = record(record(compiler.parseConfigFileTextToJson('', text).config)?.compilerOptions);
  if (options === null) return [];
  const base = typeof options.baseUrl === 'string' ? options.baseUrl.replace(/^\.\/?|\/$/g, '') : null;
  const below = (path: string): string => (base === null || base === '' ? path : `${base}/${path}`);
  const paths = Object.entries(record(options.paths) ?? {}).flatMap(([name, targets]) =>
    (Array.isArray(targets) ? targets : []).flatMap((target: unknown) =>
      typeof target === 'string' ? [{ name, path: moduleName(below(target.replace(/^\.\//, ''))) }] : [],
    ),
  );
  return base === null ? paths : [...paths, { name: '*', path: below('*') }];
}
