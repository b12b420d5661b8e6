/** Of what was used latest, as much as there is room for. */

/** Of the latest trees, as many as are made of this many characters: a tree takes several times its text. */
export const TEXT_OF_TREES_KEPT = 6_000_000;

export class Latest<Value> {
  readonly #room: number;
  readonly #entries = new Map<string, { readonly value: Value; readonly size: number }>();
  #taken = 0;

  constructor(room: number) {
    this.#room = room;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** In the place of what was there under this key. */
  set(key: string, value: Value, size: number): void {
    this.delete(key);
    this.#entries.set(key, { value, size });
    this.#taken += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#taken <= this.#room || oldest === key) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#taken -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }
}
