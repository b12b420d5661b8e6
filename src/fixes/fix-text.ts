/**
 * Fixes one file, in memory, one finding after the other. Every step starts from the text and the findings the
 * last one left, so fixes that touch the same lines never meet, and the result is the same as of running again.
 */
import type { Fix } from '../findings/edit.ts';
import type { Finding } from '../findings/finding.ts';
import type { Bench, Trial } from './bench.ts';
import { offerFix } from './offer-fix.ts';

export interface AppliedFix {
  readonly finding: Finding;
  readonly fix: Fix;
}

export interface FixedText {
  readonly text: string;
  readonly applied: readonly AppliedFix[];
  /** What is left, of every check and confidence; offsets are those of the new text. */
  readonly remaining: readonly Finding[];
}

export interface FixChoice {
  isWanted(finding: Finding): boolean;
  accepts(fix: Fix): boolean;
}

export function fixText(bench: Bench, text: string, choice: FixChoice): FixedText {
  const applied: AppliedFix[] = [];
  const hopeless = new Set<string>();
  let state: { text: string; trial: Trial } = { text, trial: bench.analyse(text) };
  // Ends: a fix that holds leaves fewer findings, and a finding without one is not asked again.
  for (;;) {
    const finding = state.trial.findings.find((one) => choice.isWanted(one) && !hopeless.has(one.fingerprint));
    if (finding === undefined) return { text: state.text, applied, remaining: state.trial.findings };
    const offer = offerFix(bench, state.text, finding, state.trial, (fix) => choice.accepts(fix));
    if (offer === null) {
      hopeless.add(finding.fingerprint);
    } else {
      applied.push({ finding, fix: offer.fix });
      state = offer;
    }
  }
}
