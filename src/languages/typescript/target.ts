/**
 * Whether a file may be written with `using`: by the versions that package.json asks for and the options of tsconfig.json.
 * Node.js runs it since 24 (V8 13.6) and has the symbols it needs since 18.18 and 20.4; TypeScript writes it for older
 * versions since 5.2, unless `target` is ESNext, and asks for the types of `lib` esnext.disposable, which @types/node
 * brings as well. https://www.typescriptlang.org/docs/handbook/release-notes/typescript-5-2.html
 * Where nothing is said the answer is no: a fix must not need a newer version than a project has.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { minVersion, satisfies } from 'semver';
import type ts from 'typescript';
import type { ReadText, Target } from '../language.ts';
import { parsed, record } from './json.ts';

interface Package {
  readonly engines: Readonly<Record<string, unknown>>;
  /** Of every kind, by name. */
  readonly dependencies: Readonly<Record<string, unknown>>;
}

const runsUsing = '>=24';
/** The compiler's number for a configuration without files, which none are looked for here. */
const NO_FILES = 18003;
const hasSymbols = '^18.18 || >=20.4';

export function targetOf(path: string, read: ReadText): Target {
  const packages = foldersAround(path).flatMap((folder) => packageIn(folder, read));
  const platform = lowest(packages.map(({ engines }) => engines.node));
  const may = /\.[cm]?tsx?$/.test(path) ? mayCompile(path, packages, platform, read) : isIn(platform, runsUsing);
  return { constructs: new Set(may ? ['using'] : []), platform };
}

function mayCompile(path: string, packages: readonly Package[], platform: string | null, read: ReadText): boolean {
  const versionOf = (name: string): string | null => lowest(packages.map(({ dependencies }) => dependencies[name]));
  const compiler = createRequire(import.meta.url)('typescript') as typeof ts;
  const options = optionsAround(path, compiler, read);
  if (options === null || !isIn(versionOf('typescript'), '>=5.2')) return false;
  const isLatest = options.target === compiler.ScriptTarget.ESNext;
  // Its helpers are then those of another package, of which nobody knows the version.
  if (isLatest ? !isIn(platform, runsUsing) : options.importHelpers === true) return false;
  const libraries = options.lib ?? (isLatest ? ['lib.esnext.d.ts'] : []);
  const isNamed = libraries.includes('lib.esnext.disposable.d.ts');
  const isTyped =
    isNamed ||
    libraries.some((one) => /^lib\.esnext(?:\.full)?\.d\.ts$/.test(one)) ||
    isIn(versionOf('@types/node'), '>=22');
  // Who asks for these types alone has seen to the symbols.
  return isTyped && (isNamed || isIn(platform, hasSymbols));
}

function isIn(version: string | null, range: string): boolean {
  return version !== null && satisfies(version, range);
}

/** Of the first range that is one: what the nearest says counts. */
function lowest(ranges: readonly unknown[]): string | null {
  const range = ranges.find((one) => typeof one === 'string');
  if (typeof range !== 'string') return null;
  try {
    return minVersion(range)?.version ?? null;
  } catch {
    // `workspace:*`, `catalog:`, a URL.
    return null;
  }
}

/** From the nearest to the root. */
function foldersAround(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAround(folder)];
}

function packageIn(folder: string, read: ReadText): Package[] {
  const text = read(join(folder, 'package.json'));
  const content = text === null ? null : record(parsed(text));
  if (content === null) return [];
  const { engines, dependencies, devDependencies, peerDependencies } = content;
  return [
    {
      engines: record(engines) ?? {},
      dependencies: { ...record(peerDependencies), ...record(devDependencies), ...record(dependencies) },
    },
  ];
}

/** With what it extends; null: there is no configuration, or not all of it can be read. */
function optionsAround(path: string, compiler: typeof ts, read: ReadText): ts.CompilerOptions | null {
  for (const folder of foldersAround(path)) {
    const file = join(folder, 'tsconfig.json');
    const text = read(file);
    if (text === null) continue;
    const host: ts.ParseConfigHost = {
      useCaseSensitiveFileNames: true,
      readDirectory: () => [],
      fileExists: (name) => read(name) !== null,
      readFile: (name) => read(name) ?? undefined,
    };
    const config: unknown = compiler.parseConfigFileTextToJson(file, text).config;
    const { options, errors } = compiler.parseJsonConfigFileContent(config ?? {}, host, folder, undefined, file);
    return errors.some(({ code }) => code !== NO_FILES) ? null : options;
  }
  return null;
}
