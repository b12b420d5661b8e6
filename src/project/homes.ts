/**
 * What manifests say of the files of a scan: the package each belongs to, whatever the scan sees of its path. They are
 * looked for from each file upwards, out of the scanned folders as well, so the answer is the same wherever a scan starts.
 */
import { dirname, join, resolve } from 'node:path';
import { pathFrom } from './path-from.ts';
import type { LanguageFrontend, Manifest, ManifestReader } from '../languages/language.ts';
import { hashOf } from './source-store.ts';
import { readSourceText } from './source-text.ts';

/** Where a file belongs. */
export interface Home {
  /** As imports name it; null: its path says. */
  readonly package: string | null;
  /** Other names imports may have for it, unless another one has them as well. */
  readonly alsoCalled: readonly string[];
  /** Of the language it is written for; null: not said. */
  readonly languageVersion: string | null;
}

export interface Homes {
  of(absolute: string): Home | null;
  /** Of all asked for so far: equal as long as the manifests say the same. */
  readonly stamp: string;
}

interface Located extends Manifest {
  /** Absolute. */
  readonly folder: string;
}

interface Found extends Located {
  readonly name: string;
}

const nowhere: Homes = { of: () => null, stamp: '' };

/** `files`: absolute paths of all files of the scan. `cwd`: what the stamp counts folders from. */
export function findHomes({ manifests, packageOf }: LanguageFrontend, files: readonly string[], cwd: string): Homes {
  if (manifests === undefined) return nowhere;
  const search = new Search(manifests);
  const folders = new Set(files.map((file) => dirname(file)));
  const modules = new Set([...folders].flatMap((folder) => search.moduleOf(folder) ?? []));
  const otherNames = namesGiven([...modules], search);
  const shared = namesOfSeveral([...modules]);
  const aliasing = new Set([...folders].flatMap((folder) => search.around(folder).filter(hasAliases)));
  const said = [
    ...[...modules].map((found) => [
      pathFrom(cwd, found.folder),
      found.name,
      found.languageVersion ?? '',
      ...(otherNames.get(found.folder) ?? []),
    ]),
    ...[...aliasing].map(({ folder, aliases }) => [
      pathFrom(cwd, folder),
      ...aliases.map(({ name, path }) => `${name}=${path}`),
    ]),
  ];
  return {
    stamp: said.length === 0 ? '' : hashOf(JSON.stringify(said.map((words) => words.join(' ')).sort())),
    of: (absolute) => {
      const folder = dirname(absolute);
      const found = search.moduleOf(folder);
      const aliases = packageOf === undefined ? [] : aliasesOf(absolute, search.around(folder), packageOf);
      if (found === null)
        return aliases.length === 0 ? null : { package: null, alsoCalled: aliases, languageVersion: null };
      const inside = pathFrom(found.folder, folder);
      const named = (name: string): string => manifests.packageOf(name, inside);
      const { languageVersion } = found;
      if (shared.has(found.name)) return { package: null, alsoCalled: [], languageVersion };
      return {
        package: named(found.name),
        alsoCalled: (otherNames.get(found.folder) ?? []).map(named),
        languageVersion,
      };
    },
  };
}

function hasAliases({ aliases }: Manifest): boolean {
  return aliases.length > 0;
}

/** Names that manifests around a file give to its package. */
function aliasesOf(
  absolute: string,
  around: readonly Located[],
  packageOf: (path: string) => string,
): readonly string[] {
  const names = around.filter(hasAliases).flatMap(({ folder, aliases }) => {
    const inside = packageOf(pathFrom(folder, absolute));
    return aliases.flatMap(({ name, path }) => {
      const star = starIn(path, inside);
      return star === null ? [] : [name.replace('*', () => star)];
    });
  });
  return [...new Set(names)].sort();
}

/** What the `*` of a path stands for; '' where it has none, null: it is another path. */
function starIn(path: string, inside: string): string | null {
  const at = path.indexOf('*');
  if (at < 0) return path === inside ? '' : null;
  const end = path.slice(at + 1);
  const fits = inside.length > at + end.length && inside.startsWith(path.slice(0, at)) && inside.endsWith(end);
  return fits ? inside.slice(at, inside.length - end.length) : null;
}

/** Examples are all called `example`: the name does not tell which of them is meant. */
function namesOfSeveral(modules: readonly Found[]): ReadonlySet<string> {
  const names = modules.map(({ name }) => name);
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}

/** Names that manifests give to folders of other modules, by folder. */
function namesGiven(modules: readonly Found[], search: Search): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const found of modules) {
    for (const { folder, replaced } of search.around(found.folder)) {
      for (const { name, folder: target } of replaced) {
        const absolute = resolve(folder, target);
        const own = modules.find((module) => module.folder === absolute)?.name;
        const known = names.get(absolute) ?? [];
        if (own !== undefined && own !== name && !known.includes(name)) names.set(absolute, [...known, name].sort());
      }
    }
  }
  return names;
}

/** Folders are asked again and again: what they hold is remembered. */
class Search {
  readonly #reader: ManifestReader;
  readonly #modules = new Map<string, Found | null>();
  readonly #manifests = new Map<string, readonly Located[]>();

  constructor(reader: ManifestReader) {
    this.#reader = reader;
  }

  /** The nearest folder with a name. */
  moduleOf(folder: string): Found | null {
    const known = this.#modules.get(folder);
    if (known !== undefined) return known;
    const parent = dirname(folder);
    const named = this.#in(folder).flatMap((manifest) =>
      manifest.name === null ? [] : [{ ...manifest, name: manifest.name }],
    );
    const found = named[0] ?? (parent === folder ? null : this.moduleOf(parent));
    this.#modules.set(folder, found);
    return found;
  }

  /** Manifests of the folder and of those around it. */
  around(folder: string): readonly Located[] {
    const parent = dirname(folder);
    return [...this.#in(folder), ...(parent === folder ? [] : this.around(parent))];
  }

  #in(folder: string): readonly Located[] {
    let found = this.#manifests.get(folder);
    if (found === undefined) {
      found = this.#reader.fileNames.flatMap((fileName) => {
        const source = readSourceText(join(folder, fileName));
        return 'text' in source ? [{ ...this.#reader.read(source.text, fileName), folder }] : [];
      });
      this.#manifests.set(folder, found);
    }
    return found;
  }
}
