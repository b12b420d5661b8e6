/**
 * Which files a scan looks at. Folders are walked below the given roots; a file named explicitly is
 * always taken, ignored or not.
 *
 * Left out: what git ignores, hidden folders, `node_modules`, `site-packages`, what `exclude` names. Build outputs such as
 * `target/` or `build/` count only by being git-ignored: in many projects `build` is a package of sources.
 * Links to folders are not followed, so a cycle of links ends nowhere.
 */
import { lstatSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { resolve, sep } from 'node:path';
import { convertPathToPattern, globbySync, isGitIgnoredSync } from 'globby';
import type { GlobEntry, Options } from 'globby';
import { pathFrom } from './path-from.ts';
import { UserError } from '../errors.ts';
import { anchored, pathMatcher } from './path-patterns.ts';

export interface DiscoverOptions {
  /** Globs relative to `cwd`; a name without a slash is left out wherever it is. */
  readonly exclude?: readonly string[];
  /** Of a configuration, which may lie elsewhere. */
  readonly globs?: FileGlobs | null;
  /** With the dot: `.java`. */
  readonly extensions: readonly string[];
  readonly cwd: string;
}

export interface FileGlobs {
  /** Absolute; what the globs count from. */
  readonly folder: string;
  /** If there are any, files found in folders must match one. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface DiscoveredFile {
  /** Relative to `cwd`, with `/`: what reports show. */
  readonly path: string;
  readonly absolute: string;
}

export interface DiscoverProblem {
  readonly path: string;
  /** A clause to put after the path: `is not a regular file`. */
  readonly message: string;
}

export interface Discovered {
  /** Sorted by `path`, each once. */
  readonly files: readonly DiscoveredFile[];
  readonly problems: readonly DiscoverProblem[];
}

interface Search {
  readonly options: DiscoverOptions;
  /** By absolute path. */
  readonly isIncluded: (absolute: string) => boolean;
  /** By absolute path. */
  readonly files: Map<string, DiscoveredFile>;
  readonly links: Map<string, DiscoveredFile>;
  readonly problems: Map<string, DiscoverProblem>;
}

/** Waits for nothing: the rules of ESLint, which cannot, ask as well. */
export function discover(roots: readonly string[], options: DiscoverOptions): Discovered {
  const search: Search = {
    options,
    isIncluded: inclusionOf(options.globs ?? null),
    files: new Map(),
    links: new Map(),
    problems: new Map(),
  };
  for (const root of roots) searchRoot(search, root);
  addLinkedFiles(search);
  return { files: sorted(search.files), problems: sorted(search.problems) };
}

function inclusionOf(globs: FileGlobs | null): (absolute: string) => boolean {
  if (globs === null || globs.include.length === 0) return () => true;
  const matches = pathMatcher(globs.include);
  return (absolute) => matches(pathFrom(globs.folder, absolute));
}

function searchRoot(search: Search, root: string): void {
  // A variable of a script that is not set; it would be the whole folder.
  if (root === '') throw new UserError('a path is empty; `.` is the folder itself');
  const absolute = resolve(search.options.cwd, root);
  const status = statusOf(absolute);
  if (status === null) throw new UserError(`${root}: ${deadLink(absolute) ?? 'no such file or folder'}`);
  if (status.isDirectory()) return searchFolder(search, absolute);
  if (!status.isFile()) return addProblem(search, absolute, 'is not a regular file');
  if (!search.options.extensions.some((extension) => root.endsWith(extension))) {
    return addProblem(search, absolute, 'is not a source file in a supported language');
  }
  search.files.set(absolute, { path: displayPath(search, absolute), absolute });
}

function searchFolder(search: Search, folder: string): void {
  // A folder named explicitly is wanted even if a rule further up ignores all of it.
  const options: Options & { objectMode: true } = {
    cwd: folder,
    absolute: true,
    objectMode: true,
    onlyFiles: false,
    followSymbolicLinks: false,
    expandDirectories: false,
    gitignore: !isFolderIgnored(folder),
    ignore: ['**/node_modules/**', '**/site-packages/**', '**/.git/**', ...excludePatterns(search.options, folder)],
  };
  const patterns = search.options.extensions.map((extension) => `**/*${extension}`);
  for (const entry of listEntries(search, folder, patterns, options)) addEntry(search, entry);
}

function isFolderIgnored(folder: string): boolean {
  const parent = resolve(folder, '..');
  return parent !== folder && isGitIgnoredSync({ cwd: parent, deep: 0, suppressErrors: true })(folder + sep);
}

/** A folder that may not be read is reported, and the rest is searched. */
function listEntries(
  search: Search,
  folder: string,
  patterns: readonly string[],
  options: Options & { objectMode: true },
): GlobEntry[] {
  try {
    return globbySync(patterns, options);
  } catch (error) {
    const path = error instanceof Error && 'path' in error ? String(error.path) : folder;
    addProblem(search, path, 'cannot be read');
    return globbySync(patterns, { ...options, suppressErrors: true });
  }
}

function addEntry(search: Search, { path, dirent }: GlobEntry): void {
  const absolute = resolve(path);
  const file = { path: displayPath(search, absolute), absolute };
  if (!search.isIncluded(absolute)) return;
  if (dirent.isFile()) search.files.set(absolute, file);
  else if (dirent.isSymbolicLink()) search.links.set(absolute, file);
  else addProblem(search, absolute, dirent.isDirectory() ? 'is a folder' : 'is not a regular file');
}

/** A link stands for its target, unless the scan has that file anyway. */
function addLinkedFiles(search: Search): void {
  const known = new Set(search.files.keys());
  for (const file of sorted(search.links)) {
    const status = statusOf(file.absolute);
    if (status === null) addProblem(search, file.absolute, deadLink(file.absolute) ?? 'is not there any more');
    if (!status?.isFile()) continue;
    const target = realpathSync(file.absolute);
    if (known.has(target)) continue;
    known.add(target);
    search.files.set(file.absolute, file);
  }
}

/** As an ignore file would read them: `gen` anywhere, `src/gen` from the globs' folder, and all that is inside. */
function excludePatterns({ exclude = [], globs = null, cwd }: DiscoverOptions, root: string): string[] {
  const own = ignorePatterns(exclude, resolve(cwd), root);
  return globs === null ? own : [...own, ...ignorePatterns(globs.exclude, globs.folder, root)];
}

function ignorePatterns(globs: readonly string[], folder: string, root: string): string[] {
  // Patterns that name no absolute path also spare the walk of what they leave out.
  const base = folder === root ? '' : `${convertPathToPattern(folder)}/`;
  return globs.flatMap((glob) => {
    const pattern = anchored(glob);
    const absolute = pattern.startsWith('**/') ? pattern : base + pattern;
    return [absolute, `${absolute}/**`];
  });
}

function addProblem(search: Search, absolute: string, message: string): void {
  search.problems.set(absolute, { path: displayPath(search, absolute), message });
}

function displayPath({ options }: Search, absolute: string): string {
  return pathFrom(options.cwd, absolute) || '.';
}

function statusOf(absolute: string): Stats | null {
  try {
    return statSync(absolute);
  } catch {
    return null;
  }
}

/** What is wrong with a link that leads nowhere; null: it is none. */
function deadLink(absolute: string): string | null {
  try {
    statSync(absolute);
    return null;
  } catch (error) {
    if (lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return null;
    const isLoop = error instanceof Error && 'code' in error && error.code === 'ELOOP';
    return isLoop ? 'is a link that leads back to itself' : 'is a link to nothing';
  }
}

/** By code units: the same order on every machine. */
function sorted<Item extends { readonly path: string }>(items: ReadonlyMap<string, Item>): Item[] {
  return [...items.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
