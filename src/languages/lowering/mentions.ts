/** What syntax that is not lowered, broken code or nesting without end, may do: read what it mentions, write what it assigns. */
import type { FunctionBuilder } from '../../ir/builder.ts';
import type { PlaceId, Span } from '../../ir/ir.ts';

export class Mentions {
  readonly #reads = new Set<PlaceId>();
  readonly #writes = new Set<PlaceId>();
  readonly #known = new Map<string, PlaceId | null>();
  readonly #placeOf: (name: string) => PlaceId | null;

  /** `placeOf` gives null for what holds nothing to follow. */
  constructor(placeOf: (name: string) => PlaceId | null) {
    this.#placeOf = placeOf;
  }

  read(name: string): void {
    this.readPlace(this.#named(name));
  }

  readPlace(place: PlaceId | null): void {
    if (place !== null) this.#reads.add(place);
  }

  write(name: string): void {
    const place = this.#named(name);
    if (place !== null) this.#writes.add(place);
  }

  emit(builder: FunctionBuilder, why: string, span: Span): void {
    builder.emit({ op: 'opaque', reads: [...this.#reads], writes: [...this.#writes], why, span });
  }

  #named(name: string): PlaceId | null {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const found = this.#placeOf(name);
    this.#known.set(name, found);
    return found;
  }
}
