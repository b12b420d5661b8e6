/** What the plugin asks of the disk, to be told when files come, go or change. */
import { readdirSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';

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
