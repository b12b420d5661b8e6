/**
 * Trees as numbers, which take a tenth of what they take as objects: files whose tree was dropped need not be parsed again.
 * What there is no room for is not kept.
 */

/** So many of them, four bytes each: a file has two or three for each character that is no blank. */
export const NUMBERS_KEPT = 64 << 20;

/** Where numbers of trees lie. A file whose text has another length now is another file. */
export interface TreeShelf {
  get(path: string, textLength: number): Int32Array | null;
  put(path: string, textLength: number, numbers: Int32Array): void;
}

/** Of one thread. */
export class KeptNumbers implements TreeShelf {
  readonly #kept = new Map<string, { readonly textLength: number; readonly numbers: Int32Array }>();
  #room: number;

  constructor(room = NUMBERS_KEPT) {
    this.#room = room;
  }

  get(path: string, textLength: number): Int32Array | null {
    const kept = this.#kept.get(path);
    return kept?.textLength === textLength ? kept.numbers : null;
  }

  put(path: string, textLength: number, numbers: Int32Array): void {
    const before = this.#kept.get(path)?.numbers.length ?? 0;
    if (numbers.length - before > this.#room) return;
    this.#room -= numbers.length - before;
    this.#kept.set(path, { textLength, numbers });
  }
}
