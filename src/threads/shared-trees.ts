/**
 * Packed trees in memory that all threads see: what one has parsed the others need not parse. Nobody waits for anybody;
 * a file that two threads want at the same moment is parsed by both, which gives the same numbers.
 */
import { NUMBERS_KEPT, type TreeShelf } from '../project/packed-trees.ts';

/** What threads are handed. Nobody has touched most of it, so the system has not set it aside either. */
export interface SharedMemory {
  readonly numbers: SharedArrayBuffer;
  /** How many numbers are taken, then four cells for each file. */
  readonly table: SharedArrayBuffer;
}

/** Of a file: where its numbers begin, plus one and only once they are there; how many; the mark of its text, in two. */
const cellsPerFile = 4;
/** Instead of where they begin: a thread is about to write them. */
const inWriting = -1;
/** So many values a cell can have. */
const wordSize = 2 ** 32;
const bytesPerNumber = Int32Array.BYTES_PER_ELEMENT;

export function sharedMemoryFor(files: number, room = NUMBERS_KEPT): SharedMemory {
  return {
    numbers: new SharedArrayBuffer(room * bytesPerNumber),
    table: new SharedArrayBuffer((1 + files * cellsPerFile) * bytesPerNumber),
  };
}

export class SharedTrees implements TreeShelf {
  readonly #numbers: Int32Array;
  readonly #table: Int32Array;
  readonly #cells: ReadonlyMap<string, number>;

  /** `paths`: of all files, in the same order in every thread. */
  constructor({ numbers, table }: SharedMemory, paths: readonly string[]) {
    this.#numbers = new Int32Array(numbers);
    this.#table = new Int32Array(table);
    this.#cells = new Map(paths.map((path, index) => [path, 1 + index * cellsPerFile]));
  }

  get(path: string, mark: number): Int32Array | null {
    const cell = this.#cells.get(path);
    const start = cell === undefined ? 0 : Atomics.load(this.#table, cell);
    if (cell === undefined || start <= 0 || this.#markAt(cell) !== mark) return null;
    return this.#numbers.subarray(start - 1, start - 1 + (this.#table[cell + 1] ?? 0));
  }

  put(path: string, mark: number, numbers: Int32Array): void {
    const cell = this.#cells.get(path);
    if (cell === undefined || Atomics.compareExchange(this.#table, cell, 0, inWriting) !== 0) return;
    const start = this.#takeRoom(numbers.length);
    if (start === null) return;
    this.#numbers.set(numbers, start);
    this.#table[cell + 1] = numbers.length;
    this.#table[cell + 2] = Math.floor(mark / wordSize);
    this.#table[cell + 3] = mark % wordSize;
    Atomics.store(this.#table, cell, start + 1);
  }

  #markAt(cell: number): number {
    return (this.#table[cell + 2] ?? 0) * wordSize + ((this.#table[cell + 3] ?? 0) >>> 0);
  }

  /** Where the room begins; null: there is not enough left, though there may be for a smaller file. */
  #takeRoom(length: number): number | null {
    for (;;) {
      const start = Atomics.load(this.#table, 0);
      if (start + length > this.#numbers.length) return null;
      if (Atomics.compareExchange(this.#table, 0, start, start + length) === start) return start;
    }
  }
}
