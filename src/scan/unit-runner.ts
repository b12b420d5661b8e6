/**
 * The units of one language's scan, round by round. The result of each comes from an earlier scan, from a thread, or from
 * here; which of these it was does not show in it.
 */
import { availableParallelism } from 'node:os';
import type { UnitCache } from '../cache/unit-cache.ts';
import type { SourceFile } from '../project/project.ts';
import type { SourceStore } from '../project/source-store.ts';
import type { Knowledge } from '../session/knowledge.ts';
import { sourceIn, type Round } from '../session/rounds.ts';
import { sharedFiles } from '../session/session.ts';
import { addStats, count, type ScanStats } from '../session/stats.ts';
import { analyseUnit, type UnitResult } from '../session/unit.ts';
import { ThreadPool, threadsWork } from '../threads/pool.ts';

/** Files of one language, and what is known of them. */
export interface LanguageFiles {
  readonly knowledge: Knowledge;
  readonly sources: readonly SourceFile[];
  /** Where they are, by path. */
  readonly absolute: ReadonlyMap<string, string>;
  readonly store: SourceStore;
}

export interface RunnerOptions {
  readonly verify: boolean;
  readonly modelFiles: readonly string[];
  /** At most so many; `auto`: as many as pay. */
  readonly threads: number | 'auto';
  /** Whether results have to say what they rest on. */
  readonly wantsReads: boolean;
  /** For each file that the first round takes. */
  readonly onFile: () => void;
}

/** A thread reads the rules and many of the files for itself, and one thread keeps two processors busy collecting garbage. */
const UNITS_WORTH_A_THREAD = 8;

export class UnitRunner {
  readonly #files: LanguageFiles;
  readonly #cache: UnitCache | null;
  readonly #options: RunnerOptions;
  readonly #stats: ScanStats;
  #pool: ThreadPool | null = null;

  /** What is done is added to `stats`. */
  constructor(files: LanguageFiles, cache: UnitCache | null, options: RunnerOptions, stats: ScanStats) {
    this.#files = files;
    this.#cache = cache;
    this.#options = options;
    this.#stats = stats;
  }

  /** In the order of the round's units. */
  async run(round: Round): Promise<readonly UnitResult[]> {
    const known = this.#cache?.find(round) ?? round.units.map(() => null);
    const made = await this.#analyse(round, known);
    const results = known.map((result, index) => result ?? made.get(index)).filter((result) => result !== undefined);
    for (const { stats } of results) addStats(this.#stats, stats);
    this.#cache?.keep(round, results);
    return results;
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#pool?.close();
    this.#pool = null;
  }

  /** Results of the units that are not known, by their place in the round. */
  async #analyse(round: Round, known: readonly (UnitResult | null)[]): Promise<ReadonlyMap<number, UnitResult>> {
    const { knowledge, sources, store } = this.#files;
    const { verify, wantsReads } = this.#options;
    const onFile = (): void => {
      // Later rounds take a few files again.
      if (round.number === 0) this.#options.onFile();
    };
    const todo = round.units.flatMap((_, index) => (known[index] === null ? [index] : []));
    const pool = this.#poolFor(todo.length);
    const made = (await pool?.run(round, todo, onFile)) ?? new Map<number, UnitResult>();
    const left = todo.filter((index) => !made.has(index));
    if (pool !== null && left.length > 0) count(this.#stats.limits, 'threads that ended early');
    const shared = sharedFiles(
      knowledge,
      left.length === 0 ? [] : sources.map((source) => sourceIn(round, source)),
      store,
    );
    for (const index of left) {
      const unit = round.units[index];
      if (unit !== undefined) made.set(index, analyseUnit(unit, knowledge, shared, { verify, wantsReads, onFile }));
    }
    return made;
  }

  /** Started for the first round that has work for two; then they know the files, and take all that comes. */
  #poolFor(units: number): ThreadPool | null {
    const { threads: wanted, modelFiles, verify, wantsReads } = this.#options;
    const worthwhile = wanted === 'auto' ? Math.floor(units / UNITS_WORTH_A_THREAD) : Math.min(wanted, units);
    const threads = Math.min(worthwhile, availableParallelism());
    if (this.#pool !== null || threads < 2 || !threadsWork) return this.#pool;
    const { knowledge, sources, absolute } = this.#files;
    this.#pool = new ThreadPool({
      language: knowledge.frontend.id,
      modelFiles,
      verify,
      wantsReads,
      threads,
      files: sources.map(({ path, mayMatter, home }) => [path, absolute.get(path) ?? path, mayMatter, home]),
    });
    return this.#pool;
  }
}
