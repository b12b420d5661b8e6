/**
 * Fixes one file, in memory, one finding after the other. Every step starts from the text and the findings the
 * last one left, so fixes that touch the same lines never meet, and the result is the same as of running again.
 */
import type { Fix } from '../findings/edit.ts';
import type { Finding } from '../findings/finding.ts';
import type { Bench, Trial } from './bench.ts';
import { kindOf, offerFix } from './offer-fix.ts';

export interface AppliedFix {
  readonly finding: Finding;
  readonly fix: Fix;
}

export interface FixedText {
  readonly text: string;
  readonly applied: readonly AppliedFix[];
  /** What is left of what was wanted; offsets are those of the new text. */
  readonly remaining: readonly Finding[];
}

export interface FixChoice {
  isWanted(finding: Finding): boolean;
  accepts(fix: Fix): boolean;
}

export function fixText(bench: Bench, text: string, choice: FixChoice): FixedText {
  const applied: AppliedFix[] = [];
  const hopeless = new Set<string>();
  const renamed = new Set<string>();
  const isWanted = (one: Finding): boolean => choice.isWanted(one) || renamed.has(one.fingerprint);
  let state: { text: string; trial: Trial } = { text, trial: bench.analyse(text) };
  // Ends: a fix that holds leaves fewer findings, and a finding without one is not asked again.
  for (;;) {
    const finding = state.trial.findings.find((one) => isWanted(one) && !hopeless.has(one.fingerprint));
    if (finding === undefined) return { text: state.text, applied, remaining: state.trial.findings.filter(isWanted) };
    const offer = offerFix(bench, state.text, finding, state.trial, (fix) => choice.accepts(fix));
    if (offer === null) {
      hopeless.add(finding.fingerprint);
    } else {
      applied.push({ finding, fix: offer.fix });
      const left = state.trial.findings.filter((one) => one !== finding);
      renamedIn(left, offer.trial.findings, isWanted).forEach((fingerprint) => renamed.add(fingerprint));
      state = offer;
    }
  }
}

/**
 * A fix may give a name to what another finding is about, which is a new identity then. Where all that are gone of a kind
 * were wanted, so is what has come.
 */
function renamedIn(
  before: readonly Finding[],
  after: readonly Finding[],
  isWanted: (finding: Finding) => boolean,
): readonly string[] {
  const [known, present] = [before, after].map((all) => new Set(all.map(({ fingerprint }) => fingerprint)));
  const gone = before.filter(({ fingerprint }) => present?.has(fingerprint) === false);
  return after.flatMap((one) => {
    if (known?.has(one.fingerprint) !== false) return [];
    const predecessors = gone.filter((other) => kindOf(other) === kindOf(one));
    return predecessors.length > 0 && predecessors.every(isWanted) ? [one.fingerprint] : [];
  });
}
