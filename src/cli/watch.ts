/** `closewait scan --watch`: scans again whenever a file changes, with what the last scan has found out. */
import { basename, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { watch, type FSWatcher } from 'chokidar';
import type { StoredScans } from '../cache/part.ts';
import { UserError } from '../errors.ts';
import { frontendFor, frontends } from '../languages/registry.ts';
import type { Terminal } from './terminal.ts';
import { warn } from './warn.ts';

/** Of one scan. */
export interface Watched {
  readonly code: number;
  /** Equal as long as the program, the rules and the user's models are. */
  readonly stamp: string;
  readonly stored: StoredScans;
}

/** Saving many files, or switching branches, is one change. */
const QUIET_MILLIS = 100;

/**
 * `files`: what counts beside sources: the configuration, models. `scan` goes on from an earlier one where that was of
 * the same stamp. Ends when the terminal says so, with the exit code of the last scan.
 */
export async function scanOnChanges(
  roots: readonly string[],
  files: readonly string[],
  terminal: Terminal,
  scan: (before: Watched | null) => Promise<Watched>,
): Promise<number> {
  const changes = new Changes(roots, files, terminal);
  let last: Watched | null = null;
  let code = 0;
  try {
    await changes.begin();
    do {
      changes.forget();
      try {
        last = await scan(last);
        ({ code } = last);
      } catch (error) {
        // A configuration that is being edited is wrong for a while.
        if (!(error instanceof UserError) || last === null) throw error;
        terminal.err(`closewait: ${error.message}\n`);
      }
      terminal.err('watching for changes\n');
    } while (await changes.next());
    return code;
  } finally {
    await changes.end();
  }
}

class Changes {
  readonly #watcher: FSWatcher;
  readonly #interrupted: AbortSignal | null;
  #isChanged = false;
  #wake: () => void = () => undefined;

  constructor(roots: readonly string[], files: readonly string[], terminal: Terminal) {
    const named = new Set([...roots, ...files].map((path) => resolve(terminal.cwd, path)));
    this.#interrupted = terminal.interrupted ?? null;
    this.#interrupted?.addEventListener('abort', () => {
      this.#wake();
    });
    this.#watcher = watch([...named], {
      ignoreInitial: true,
      ignored: (path, status) => !named.has(resolve(path)) && isIgnored(basename(path), status?.isFile() === true),
    });
    this.#watcher.on('all', () => {
      this.#isChanged = true;
      this.#wake();
    });
    let isComplete = true;
    this.#watcher.on('error', (error) => {
      if (isComplete) warn(terminal, `not everything can be watched (${reasonOf(error)})`);
      isComplete = false;
    });
  }

  /** What changes before this is over might be missed. */
  async begin(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#watcher.once('ready', resolve);
    });
  }

  forget(): void {
    this.#isChanged = false;
  }

  /** Waits for a change and until it is over; false: it is time to end. */
  async next(): Promise<boolean> {
    while (!this.#isChanged && !this.#isOver) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    while (this.#isChanged && !this.#isOver) {
      this.forget();
      await setTimeout(QUIET_MILLIS);
    }
    return !this.#isOver;
  }

  get #isOver(): boolean {
    return this.#interrupted?.aborted === true;
  }

  async end(): Promise<void> {
    await this.#watcher.close();
  }
}

/** Git-ignored files are watched too; a change in one costs a scan that finds nothing new. */
function isIgnored(name: string, isFile: boolean): boolean {
  if (name === 'node_modules' || name.startsWith('.')) return true;
  return isFile && frontendFor(name) === null && !isManifest(name);
}

function isManifest(name: string): boolean {
  return frontends.some(({ manifests }) => manifests?.fileNames.includes(name) === true);
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
