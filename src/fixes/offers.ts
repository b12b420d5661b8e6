/** Fixes for what was found in one text: each is tried out by analysing what it leaves, so only what is asked for costs. */
import type { Fix } from '../findings/edit.ts';
import type { Finding } from '../findings/finding.ts';
import type { Bench, Trial } from './bench.ts';
import { offerFix } from './offer-fix.ts';

export type Offers = (finding: Finding) => Fix | null;

/** `before`: what an analysis on the bench finds in the text as it is; what it does not find, it cannot see mended. */
export function offersFrom(bench: Bench, text: string, before: () => Trial): Offers {
  const made = new Map<string, Fix | null>();
  let trial: Trial | null = null;
  return ({ fingerprint }) => {
    const known = made.get(fingerprint);
    if (known !== undefined) return known;
    trial ??= before();
    const own = trial.findings.find((one) => one.fingerprint === fingerprint && one.remedy !== null);
    const fix = own === undefined ? null : (offerFix(bench, text, own, trial, () => true)?.fix ?? null);
    made.set(fingerprint, fix);
    return fix;
  };
}
