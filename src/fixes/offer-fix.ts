/**
 * A fix is offered only if it holds: with its edits the file parses as well as before, the finding is gone, and
 * there is none that was not there. So a language's fixer may propose, best first, without being sure.
 */
import type { Fix } from '../findings/edit.ts';
import type { Finding } from '../findings/finding.ts';
import { applyEdits } from './apply-edits.ts';
import type { Bench, Trial } from './bench.ts';

export interface Offer {
  readonly fix: Fix;
  /** The whole text with the fix. */
  readonly text: string;
  readonly trial: Trial;
}

/** The first of the finding's candidates that holds; null: none does. `before`: the analysis of `text`. */
export function offerFix(
  bench: Bench,
  text: string,
  finding: Finding,
  before: Trial,
  accepts: (fix: Fix) => boolean,
): Offer | null {
  for (const fix of bench.candidates(text, finding)) {
    if (!accepts(fix)) continue;
    const fixed = applyEdits(text, fix.edits);
    if (fixed === null || fixed === text) continue;
    const trial = bench.analyse(fixed);
    if (holds(before, trial, [finding])) return { fix, text: fixed, trial };
  }
  return null;
}

/**
 * The findings are gone, and what is left was there before. Counted by kind, since edits move lines. What only costs was
 * there as well, behind what is fixed.
 */
export function holds(before: Trial, after: Trial, fixed: readonly Finding[]): boolean {
  if (after.errors > before.errors) return false;
  const allowed = counts(before.findings);
  const asked = new Set(fixed.map(kindOf));
  for (const finding of fixed) allowed.set(kindOf(finding), (allowed.get(kindOf(finding)) ?? 0) - 1);
  const left = after.findings.filter((one) => !one.evidence.isOnlyCostly || asked.has(kindOf(one)));
  for (const [key, count] of counts(left)) if (count > (allowed.get(key) ?? 0)) return false;
  return true;
}

function counts(findings: readonly Finding[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const finding of findings) found.set(kindOf(finding), (found.get(kindOf(finding)) ?? 0) + 1);
  return found;
}

/** What stays the same when lines move and names are given. */
export function kindOf({ check, resource, symbol }: Finding): string {
  return `${check} ${resource} ${symbol}`;
}
