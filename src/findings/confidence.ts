/** Reads the level of a finding off its evidence. One table, so that it can be tested row by row. */
import type { ThrowTier } from '../ir/ir.ts';
import type { Confidence, Evidence } from './finding.ts';

/** From the least to the most certain. */
export const confidences: readonly Confidence[] = ['low', 'medium', 'high'];

export function confidenceOf(evidence: Evidence): Confidence {
  if (evidence.endsWithProcess || evidence.ownerReleasesNothing) return 'low';
  if (evidence.endsByItself || evidence.failsTest) return 'low';
  if (evidence.isOnlyCostly || evidence.isFromDoubtfulSource || evidence.isAddedOnce) return 'low';
  const ceiling = Math.min(ceilingOfPath(evidence.weakest), evidence.usesMay ? 1 : 2);
  return confidences[Math.min(groundOf(evidence), ceiling)] ?? 'low';
}

/** How sure it is that something was acquired here and that it is ours. */
function groundOf(evidence: Evidence): number {
  if (evidence.isPresumed) return evidence.ownership === null ? 0 : 1;
  return evidence.resolution === 'exact' || evidence.resolution === 'typed' ? 2 : 1;
}

/** How sure it is that the path is taken: an exception of unknown type is a guess. */
function ceilingOfPath(weakest: ThrowTier | null): number {
  switch (weakest) {
    case null:
    case 'explicit':
    case 'declared':
      return 2;
    case 'likely':
      return 1;
    case 'possible':
    case 'never':
      return 0;
  }
}

export function isAtLeast(confidence: Confidence, least: Confidence): boolean {
  return confidences.indexOf(confidence) >= confidences.indexOf(least);
}
