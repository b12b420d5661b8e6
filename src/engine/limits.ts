/** Bounds that keep one function from stopping a scan. Reaching one yields no finding and is counted. */

/** States kept apart per block and kind of path (normal, exceptional); beyond it they are joined. */
export const MAX_STATES_PER_BLOCK = 8;

/** Block visits for one obligation. A 3,000-branch function needs about 6,000 times two. */
export const MAX_VISITS = 60_000;

/** Paths tried alone when the first was found across a merge. */
export const MAX_REPLAYS = 8;

/** Functions bigger than this are not simulated at all. */
export const MAX_BLOCKS = 40_000;
