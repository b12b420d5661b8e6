/** Bounds that keep one function from stopping a scan. Reaching one yields no finding and is counted. */

/** States kept apart per block and kind of path (normal, exceptional); beyond it they are joined. */
export const MAX_STATES_PER_BLOCK = 8;

/** Block visits that one obligation may take in a function of any size. */
const VISITS_OF_ANY_FUNCTION = 60_000;
/** Enough for the states kept apart at each block, and some joined ones. */
const VISITS_PER_BLOCK = 2 * MAX_STATES_PER_BLOCK;

/** How many block visits one obligation may take in a function of so many blocks: linear in its size. */
export function maxVisits(blocks: number): number {
  return Math.max(VISITS_OF_ANY_FUNCTION, VISITS_PER_BLOCK * blocks);
}

/** Paths tried alone when the first was found across a merge. */
export const MAX_REPLAYS = 8;

/** Functions bigger than this are not simulated at all. */
export const MAX_BLOCKS = 40_000;
