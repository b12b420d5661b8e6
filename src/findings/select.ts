/** Which findings of a file its settings want reported, and how seriously. */
import { isAtLeastAsSure, type Span, type ThrowTier } from '../ir/ir.ts';
import { assertNever } from '../errors.ts';
import { checkCatalogue, catalogueSeverity } from './check-catalogue.ts';
import { confidences, isAtLeast } from './confidence.ts';
import type { CheckId, Confidence, Finding } from './finding.ts';

export type Severity = 'error' | 'warning' | 'note';

/** The least certain exception whose path is reported; `none`: only paths without one. */
export type LeastException = Exclude<ThrowTier, 'never'> | 'none';

export interface FileSettings {
  readonly minConfidence: Confidence;
  /** A check that is not named takes its severity from each finding's confidence, or is a note by itself. */
  readonly checks: Readonly<Partial<Record<CheckId, Severity | 'off'>>>;
  readonly exceptions: LeastException;
}

export interface ReportedFinding extends Finding {
  readonly severity: Severity;
}

export interface SuppressedFinding {
  readonly finding: ReportedFinding;
  readonly by: 'comment' | 'baseline';
  readonly reason: string;
  /** The comment; null for a baseline. */
  readonly span: Span | null;
}

export const severities: readonly Severity[] = ['note', 'warning', 'error'];

/** The most serious and most certain first, then by place. */
export function compareCertainty(a: ReportedFinding, b: ReportedFinding): number {
  return (
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    confidences.indexOf(b.confidence) - confidences.indexOf(a.confidence) ||
    (a.path < b.path ? -1 : a.path > b.path ? 1 : a.acquiredAt.start - b.acquiredAt.start)
  );
}

/** What to say of checks where only some are wanted. */
export function onlyChecks(wanted: readonly CheckId[]): FileSettings['checks'] {
  const others = checkCatalogue.filter(({ id }) => !wanted.includes(id));
  return Object.fromEntries(others.map(({ id }) => [id, 'off']));
}

/** null: it is not wanted. */
export function select(finding: Finding, settings: FileSettings): ReportedFinding | null {
  const severity = settings.checks[finding.check] ?? severityOf(finding);
  if (severity === 'off' || !isAtLeast(finding.confidence, settings.minConfidence)) return null;
  return allows(settings.exceptions, finding.evidence.weakest) ? { ...finding, severity } : null;
}

/** Where nothing is configured. */
export function severityOf({ check, confidence }: Pick<Finding, 'check' | 'confidence'>): Severity {
  if (catalogueSeverity(check) === 'note') return 'note';
  switch (confidence) {
    case 'high':
      return 'error';
    case 'medium':
      return 'warning';
    case 'low':
      return 'note';
    default:
      return assertNever(confidence);
  }
}

export function isSeverityAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least);
}

function allows(policy: LeastException, weakest: ThrowTier | null): boolean {
  if (weakest === null || policy === 'possible') return true;
  return policy !== 'none' && isAtLeastAsSure(weakest, policy);
}
