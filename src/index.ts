/** Public API. */
export { scan } from './analyze.ts';
export type { FileProblem, ScanOptions, ScanResult, ScanStats } from './analyze.ts';
export type { CheckId, Confidence, Evidence, Finding, TraceStep } from './findings/finding.ts';
export { UserError } from './errors.ts';
