/** The numbers of a scan, counted where things happen. */
export interface ScanStats {
  files: number;
  /** Files whose result an earlier scan left; counted again in each round. */
  cached: number;
  parsed: number;
  functions: number;
  simulated: number;
  readonly opaque: Record<string, number>;
  readonly limits: Record<string, number>;
  readonly millis: Record<string, number>;
}

/** Of `limits`: files that are called, and judged only if somebody names them. */
export const DEPENDENCIES_PASSED_OVER = 'files of dependencies passed over';

export function emptyStats(): ScanStats {
  return { files: 0, cached: 0, parsed: 0, functions: 0, simulated: 0, opaque: {}, limits: {}, millis: {} };
}

export function addStats(sum: ScanStats, part: ScanStats): void {
  for (const counter of ['files', 'cached', 'parsed', 'functions', 'simulated'] as const) sum[counter] += part[counter];
  for (const counts of ['opaque', 'limits', 'millis'] as const)
    for (const [what, n] of Object.entries(part[counts])) sum[counts][what] = (sum[counts][what] ?? 0) + n;
}

export function took(stats: ScanStats, pass: string, since: number): void {
  stats.millis[pass] = (stats.millis[pass] ?? 0) + performance.now() - since;
}

export function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
