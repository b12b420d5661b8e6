/**
 * Units spread over threads. A thread takes the next unit when it is done with one; results are known by their unit, so
 * nobody can tell how many threads there were. What a thread that dies, for want of memory say, leaves undone is not among
 * the results.
 */
import { Worker } from 'node:worker_threads';
import type { Language } from '../ir/ir.ts';
import type { Home } from '../project/homes.ts';
import type { Round } from '../session/rounds.ts';
import type { Unit, UnitResult } from '../session/unit.ts';
import { sharedMemoryFor, type SharedMemory } from './shared-trees.ts';

/** The same for every thread. */
interface ThreadJob {
  readonly language: Language;
  readonly modelFiles: readonly string[];
  readonly verify: boolean;
  readonly wantsReads: boolean;
  /** How many there are: they share the memory for trees. */
  readonly threads: number;
  readonly files: readonly (readonly [path: string, absolute: string, mayMatter: boolean, home: Home | null])[];
}

export interface WorkerData extends ThreadJob {
  readonly memory: SharedMemory;
}

export interface ThreadTask {
  readonly round: number;
  readonly opened: readonly string[];
  readonly unit: Unit;
}

export type ThreadMessage = { readonly kind: 'file' } | { readonly kind: 'unit'; readonly result: UnitResult };

/** Worker threads cannot load TypeScript sources, so they run only from the build. */
export const threadsWork = !import.meta.url.endsWith('.ts');

export class ThreadPool {
  readonly #workers: Worker[];

  constructor(job: ThreadJob) {
    const workerData: WorkerData = { ...job, memory: sharedMemoryFor(job.files.length) };
    this.#workers = Array.from(
      { length: job.threads },
      // The same place from here and from a chunk of the build.
      () => new Worker(new URL('../threads/worker.js', import.meta.url), { workerData }),
    );
    for (const worker of this.#workers) {
      const leave = (): void => {
        const index = this.#workers.indexOf(worker);
        if (index >= 0) this.#workers.splice(index, 1);
      };
      worker.on('error', leave).on('exit', leave);
    }
  }

  /** The results of the units at `indexes`, by index. */
  async run(
    { number, opened, units }: Round,
    indexes: readonly number[],
    onFile: () => void,
  ): Promise<Map<number, UnitResult>> {
    const results = new Map<number, UnitResult>();
    const queues = new Queues(indexes, this.#workers.length);
    const work = async (worker: Worker, thread: number): Promise<void> => {
      for (let index = queues.next(thread); index !== null; index = queues.next(thread)) {
        const unit = units[index];
        if (unit === undefined) continue;
        const result = await resultOf(worker, { round: number, opened: [...opened], unit }, onFile);
        if (result === null) return;
        results.set(index, result);
      }
    };
    await Promise.all(this.#workers.map(work));
    return results;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }
}

/** Neighbours share helpers, so each thread goes through a stretch of its own, then helps the one with most to do. */
class Queues {
  readonly #queues: number[][];

  constructor(items: readonly number[], threads: number) {
    this.#queues = Array.from({ length: threads }, (_, thread) =>
      items.slice(Math.floor((thread * items.length) / threads), Math.floor(((thread + 1) * items.length) / threads)),
    );
  }

  next(thread: number): number | null {
    const own = this.#queues[thread]?.shift();
    if (own !== undefined) return own;
    const [longest] = this.#queues.toSorted((a, b) => b.length - a.length);
    return longest?.pop() ?? null;
  }
}

/** null: the thread has ended, whatever the reason. */
function resultOf(worker: Worker, task: ThreadTask, onFile: () => void): Promise<UnitResult | null> {
  return new Promise((resolve) => {
    const settle = (result: UnitResult | null): void => {
      worker.off('message', hear).off('exit', end);
      resolve(result);
    };
    const hear = (message: ThreadMessage): void => {
      if (message.kind === 'file') onFile();
      else settle(message.result);
    };
    const end = (): void => {
      settle(null);
    };
    worker.on('message', hear).on('exit', end);
    worker.postMessage(task);
  });
}
