/** Which words a text has: a few bits for each, so that all files of a scan can be asked for one without reading them again. */

/** So many bits for each character: a word that is not there is taken to be there once in a few dozen texts. */
const BITS_PER_CHARACTER = 1;
const LEAST_BITS = 64;

export class Words {
  readonly #bits: Uint32Array;
  readonly #mask: number;

  constructor(text: string) {
    const wanted = Math.max(LEAST_BITS, text.length * BITS_PER_CHARACTER);
    const size = 2 ** Math.ceil(Math.log2(wanted));
    this.#bits = new Uint32Array(size / 32);
    this.#mask = size - 1;
    let hash = 0;
    for (let at = 0; at <= text.length; at++) {
      const code = at < text.length ? text.charCodeAt(at) : 0;
      if (isOfWord(code)) hash = (Math.imul(hash, 31) + code) | 0;
      else if (hash !== 0) {
        this.#add(hash);
        hash = 0;
      }
    }
  }

  #add(hash: number): void {
    const bit = spread(hash) & this.#mask;
    this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  mayHave(word: string): boolean {
    let hash = 0;
    for (let at = 0; at < word.length; at++) hash = (Math.imul(hash, 31) + word.charCodeAt(at)) | 0;
    const bit = spread(hash) & this.#mask;
    return ((this.#bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }
}

function spread(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Where a word begins in a text, each time it does. */
export function* placesOf(word: string, text: string): Generator<number> {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    if (!isOfWord(text.charCodeAt(at - 1)) && !isOfWord(text.charCodeAt(at + word.length))) yield at;
  }
}

export function isWord(name: string): boolean {
  for (let at = 0; at < name.length; at++) if (!isOfWord(name.charCodeAt(at))) return false;
  return name !== '';
}

/** Letters, digits, `_`, `$`, and what is not ASCII. Not a number: past either end. */
function isOfWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code > 127
  );
}
