/** Which files there are, kept up to date without walking the project again: folders tell when they change. */
import { join } from 'node:path';
import { discover } from '../project/discover.ts';
import { foldersOf, namesIn, stampOf } from './project-files.ts';

interface Folder {
  readonly stamp: string;
  /** Of its folders and sources, whether they are part of the project or not. */
  readonly names: string;
}

export class ProjectListing {
  readonly #cwd: string;
  readonly #extensions: readonly string[];
  readonly #folders = new Map<string, Folder>();
  readonly #leftOut = new Set<string>();
  #paths: ReadonlySet<string> = new Set();

  constructor(cwd: string, extensions: readonly string[]) {
    this.#cwd = cwd;
    this.#extensions = extensions;
  }

  /** Relative to the working directory, in the order of a scan; the same value until files come or go. */
  get paths(): ReadonlySet<string> {
    return this.#paths;
  }

  /**
   * Makes sure that a file on disk is in the list, unless a scan would leave it out. The project is listed at the
   * first call, and again for a file in a folder that is not watched since it had no sources.
   */
  include(path: string): void {
    if (this.#paths.has(path) || this.#leftOut.has(path)) return;
    this.#update();
    if (!this.#paths.has(path)) this.#leftOut.add(path);
  }

  refresh(): void {
    if (this.#hasChanged()) this.#update();
  }

  #hasChanged(): boolean {
    for (const [folder, known] of this.#folders) {
      const stamp = stampOf(join(this.#cwd, folder));
      if (stamp === known.stamp) continue;
      const names = this.#namesIn(folder);
      // Many editors save by putting a new file in place of the old one, which touches the folder.
      if (names !== known.names) return true;
      this.#folders.set(folder, { stamp, names });
    }
    return false;
  }

  #update(): void {
    const { files } = discover(['.'], { cwd: this.#cwd, extensions: this.#extensions });
    const paths = files.map(({ path }) => path);
    if (paths.join('\n') !== [...this.#paths].join('\n')) this.#paths = new Set(paths);
    this.#folders.clear();
    for (const folder of foldersOf(paths)) {
      const stamp = stampOf(join(this.#cwd, folder));
      this.#folders.set(folder, { stamp, names: this.#namesIn(folder) });
    }
  }

  #namesIn(folder: string): string {
    return namesIn(join(this.#cwd, folder), this.#extensions).join('\n');
  }
}
