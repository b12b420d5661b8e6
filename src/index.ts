/** Public API. */
export { scan } from './analyze.ts';
export type { ScanOptions, ScanResult } from './analyze.ts';
export type { FileProblem } from './findings/file-problem.ts';
export type { ScanStats } from './session/stats.ts';
export type { CheckId, Confidence, Evidence, Finding, TraceStep } from './findings/finding.ts';
export { UserError } from './errors.ts';
