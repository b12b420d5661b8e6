/**
 * How often the cleanup regions of one function are lowered, and which blocks of the copies are the same. A region inside
 * another is copied with each copy of that, so there is a bound; past it one copy serves all ways that are left.
 */
import type { CleanupRegion } from './scopes.ts';

/**
 * Copies of cleanup regions in one function. The first few of each region are not counted, unless it
 * lies inside another: hundreds of regions in a row are harmless, nested ones multiply.
 */
export const maxCleanupCopies = 64;
const freeCopiesPerRegion = 4;

/** Copies of one region: blocks made in the same order in each correspond. */
interface RegionCopies {
  readonly groups: number[];
  count: number;
}

export class CleanupCopies {
  /** A copy was refused: ways out of a region share one. */
  hasRunOut = false;
  readonly #regions = new Map<number, RegionCopies>();
  /** Copies being lowered, innermost last. */
  readonly #running: { readonly copies: RegionCopies; next: number }[] = [];
  #groups = 0;
  #extra = 0;

  /** May the region be lowered once more? */
  take(region: CleanupRegion): boolean {
    const copies = this.#of(region);
    copies.count++;
    if (copies.count <= freeCopiesPerRegion && this.#running.length === 0) return true;
    if (this.#extra >= maxCleanupCopies) {
      this.hasRunOut = true;
      return false;
    }
    this.#extra++;
    return true;
  }

  /** Blocks made until `end` are of a copy of the region. */
  begin(region: CleanupRegion): void {
    this.#running.push({ copies: this.#of(region), next: 0 });
  }

  end(): void {
    this.#running.pop();
  }

  /** What the next block of the copy has in common with those of the other copies; null: no copy is being lowered. */
  groupOfNext(): number | null {
    const copy = this.#running.at(-1);
    return copy === undefined ? null : (copy.copies.groups[copy.next++] ??= this.#groups++);
  }

  #of(region: CleanupRegion): RegionCopies {
    const known = this.#regions.get(region.key);
    if (known !== undefined) return known;
    const copies: RegionCopies = { groups: [], count: 0 };
    this.#regions.set(region.key, copies);
    return copies;
  }
}
