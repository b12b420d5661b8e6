/**
 * Fixes one file, in memory, one finding after the other. Every step starts from the text and the findings the
 * last one left, so fixes that touch the same lines never meet. Findings without a fix are asked again when others have
 * got theirs, so running again finds nothing more to do in the file.
 */
import type { Fix } from '../findings/edit.ts';
import type { Finding } from '../findings/finding.ts';
import type { Bench, Trial } from './bench.ts';
import { kindOf, offerFix } from './offer-fix.ts';

export interface AppliedFix {
  readonly finding: Finding;
  readonly fix: Fix;
  /** How many of the wanted findings are gone with it: two resources of one region may be released by one edit. */
  readonly ends: number;
}

export interface LeftFinding {
  /** Offsets are those of the new text. */
  readonly finding: Finding;
  /** Would mend it, but was not to be applied; null: there is none that holds. */
  readonly refused: Fix | null;
}

export interface FixedText {
  readonly text: string;
  readonly applied: readonly AppliedFix[];
  /** What is left of what was wanted. */
  readonly remaining: readonly LeftFinding[];
}

export interface FixChoice {
  readonly isWanted: (finding: Finding) => boolean;
  readonly accepts: (fix: Fix) => boolean;
}

interface State {
  readonly text: string;
  readonly trial: Trial;
}

export function fixText(bench: Bench, text: string, choice: FixChoice): FixedText {
  const applied: AppliedFix[] = [];
  const hopeless = new Set<string>();
  const renamed = new Set<string>();
  const isWanted = (one: Finding): boolean => choice.isWanted(one) || renamed.has(one.fingerprint);
  let state: State = { text, trial: bench.analyse(text) };
  // Applied when the hopeless were last asked: what a fix leaves may let another hold that did not.
  let asked = 0;
  // Ends: a fix that holds leaves fewer findings, and a finding without one is asked again only behind such a fix.
  for (;;) {
    const finding = state.trial.findings.find((one) => isWanted(one) && !hopeless.has(one.fingerprint));
    if (finding === undefined) {
      if (hopeless.size === 0 || applied.length === asked)
        return { text: state.text, applied, remaining: leftIn(bench, state, { ...choice, isWanted }) };
      hopeless.clear();
      asked = applied.length;
      continue;
    }
    const offer = offerFix(bench, state.text, finding, state.trial, choice.accepts);
    if (offer === null) {
      hopeless.add(finding.fingerprint);
    } else {
      const wanted = state.trial.findings.filter(isWanted).length;
      const left = state.trial.findings.filter((one) => one !== finding);
      renamedIn(left, offer.trial.findings, isWanted).forEach((fingerprint) => renamed.add(fingerprint));
      const ends = Math.max(1, wanted - offer.trial.findings.filter(isWanted).length);
      applied.push({ finding, fix: offer.fix, ends });
      state = offer;
    }
  }
}

function leftIn(bench: Bench, { text, trial }: State, { isWanted, accepts }: FixChoice): LeftFinding[] {
  return trial.findings.filter(isWanted).map((finding) => {
    const offer = offerFix(bench, text, finding, trial, (fix) => !accepts(fix));
    return { finding, refused: offer?.fix ?? null };
  });
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
