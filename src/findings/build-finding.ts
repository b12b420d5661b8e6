/** Puts a finding of open exits together from a verdict. */
import type { Verdict } from '../checks/check.ts';
import { findingAbout, type Acquired } from './acquired.ts';
import { fingerprint } from './fingerprint.ts';
import type { Finding } from './finding.ts';
import type { LineMap } from './line-map.ts';
import { messageOf } from './message.ts';
import { traceOf } from './trace.ts';

export function buildFinding(
  acquired: Acquired,
  { check, exits }: Verdict,
  text: string,
  lines: LineMap,
): Finding | null {
  const [exit] = exits;
  if (exit === undefined) return null;
  const { resolution, ownership, isPresumed, isFromDoubtfulSource, isAddedOnce } = acquired;
  const { endsWithProcess, ownerReleasesNothing, endsByItself, failsTest } = acquired;
  const { weakest, usesMay, isCoarse } = exit.state;
  return findingAbout(
    acquired,
    {
      check,
      leaksAt: exits.map((one) => one.span),
      message: messageOf({ ...acquired, check, exit }, lines),
      trace: traceOf(exit, text, acquired, check),
    },
    {
      resolution,
      weakest,
      ownership,
      usesMay,
      isCoarse,
      isOnlyCostly: false,
      isPresumed,
      isFromDoubtfulSource,
      isAddedOnce,
      endsWithProcess,
      ownerReleasesNothing,
      endsByItself,
      failsTest,
    },
  );
}

/** Sorted by position, each with its identity. */
export function identify(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  const sorted = [...findings].sort((a, b) => a.acquiredAt.start - b.acquiredAt.start || (a.check < b.check ? -1 : 1));
  return sorted.map((finding) => {
    const first = fingerprint(finding, 0);
    const ordinal = counts.get(first) ?? 0;
    counts.set(first, ordinal + 1);
    return { ...finding, fingerprint: ordinal === 0 ? first : fingerprint(finding, ordinal) };
  });
}
