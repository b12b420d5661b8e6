/**
 * The disk as the plugin sees it. Rules cannot wait, so the files of the working directory are listed here as
 * `project/discover.ts` lists them for `closewait scan .`, without waiting; a test compares the two.
 */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { resolve, sep } from 'node:path';
import { globbySync, isGitIgnoredSync } from 'globby';
import { pathFrom } from '../project/path-from.ts';

/** Relative to `cwd`, with `/`, sorted. */
export function listFiles(cwd: string, extensions: readonly string[]): readonly string[] {
  const entries = globbySync(
    extensions.map((extension) => `**/*${extension}`),
    {
      cwd,
      absolute: true,
      objectMode: true,
      onlyFiles: false,
      followSymbolicLinks: false,
      expandDirectories: false,
      gitignore: !isFolderIgnored(cwd),
      ignore: ['**/node_modules/**', '**/site-packages/**', '**/.git/**'],
      suppressErrors: true,
    },
  );
  const files = new Set(entries.filter(({ dirent }) => dirent.isFile()).map(({ path }) => resolve(path)));
  const links = entries.filter(({ dirent }) => dirent.isSymbolicLink()).map(({ path }) => resolve(path));
  addLinkedFiles(files, links.sort());
  return [...files].map((file) => pathFrom(cwd, file)).sort();
}

/** A folder that a rule further up ignores is wanted all the same. */
function isFolderIgnored(folder: string): boolean {
  const parent = resolve(folder, '..');
  return parent !== folder && isGitIgnoredSync({ cwd: parent, deep: 0, suppressErrors: true })(folder + sep);
}

/** A link stands for its target, unless the project has that file anyway. */
function addLinkedFiles(files: Set<string>, links: readonly string[]): void {
  const known = new Set(files);
  for (const link of links) {
    if (!isFile(link)) continue;
    const target = realpathSync(link);
    if (known.has(target)) continue;
    known.add(target);
    files.add(link);
  }
}

/** The folders of the files and those around them, '' for the root. */
export function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set(['']);
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

/** What a folder contains that could hold sources, sorted. */
export function namesIn(folder: string, extensions: readonly string[]): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || extensions.some((extension) => entry.name.endsWith(extension)))
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort();
  } catch {
    return [];
  }
}

/** Differs when the file or folder has changed; '' if there is none. */
export function stampOf(absolute: string): string {
  const status = statusOf(absolute);
  return status === null ? '' : `${String(status.mtimeMs)} ${String(status.size)}`;
}

export function isFile(absolute: string): boolean {
  return statusOf(absolute)?.isFile() === true;
}

function statusOf(absolute: string): Stats | null {
  try {
    return statSync(absolute, { throwIfNoEntry: false }) ?? null;
  } catch {
    // A file where a folder would have to be, a name the system does not allow.
    return null;
  }
}
