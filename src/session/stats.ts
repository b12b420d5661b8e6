/** The numbers of a scan, counted where things happen. */
export interface ScanStats {
  files: number;
  parsed: number;
  functions: number;
  simulated: number;
  readonly opaque: Record<string, number>;
  readonly limits: Record<string, number>;
  readonly millis: Record<string, number>;
}

export function emptyStats(): ScanStats {
  return { files: 0, parsed: 0, functions: 0, simulated: 0, opaque: {}, limits: {}, millis: {} };
}

export function took(stats: ScanStats, pass: string, since: number): void {
  stats.millis[pass] = (stats.millis[pass] ?? 0) + performance.now() - since;
}

export function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
