/**
 * Trees packed as numbers, which take a tenth of what they take as objects: files whose tree was dropped need not be parsed again.
 * What there is no room for is not kept.
 */

import { createHash } from 'node:crypto';

/** How many numbers are kept, of four bytes each. A file makes two or three for each character that is not blank. */
export const NUMBERS_KEPT = 64 << 20;

/** Where packed trees lie. A file that has another text now is another file: `mark` is what `textMark` makes of it. */
export interface TreeShelf {
  get(path: string, mark: number): Int32Array | null;
  put(path: string, mark: number, numbers: Int32Array): void;
}

/** A whole number of 48 bits that no other text of the file can be expected to have. */
export function textMark(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}

/** Of one thread. */
export class PackedTrees implements TreeShelf {
  readonly #kept = new Map<string, { readonly mark: number; readonly numbers: Int32Array }>();
  #room: number;

  constructor(room = NUMBERS_KEPT) {
    this.#room = room;
  }

  get(path: string, mark: number): Int32Array | null {
    const kept = this.#kept.get(path);
    return kept?.mark === mark ? kept.numbers : null;
  }

  put(path: string, mark: number, numbers: Int32Array): void {
    const before = this.#kept.get(path)?.numbers.length ?? 0;
    if (numbers.length - before > this.#room) return;
    this.#room -= numbers.length - before;
    this.#kept.set(path, { mark, numbers });
  }
}
