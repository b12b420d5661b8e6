/** Fixes for what a rule reports: each is tried out by analysing the text it leaves, so only what is reported costs. */

import type { TSESLint } from '@typescript-eslint/utils';
import type { Fix } from '../findings/edit.ts';
import type { Finding } from '../findings/finding.ts';
import type { Bench, Trial } from '../fixes/bench.ts';
import { joined } from '../fixes/apply-edits.ts';
import { offerFix } from '../fixes/offer-fix.ts';

export type FixOffers = (finding: Finding) => Fix | null;

/** `before`: what an analysis on the bench finds in the text as it is; what it does not find, it cannot see mended. */
export function offersFrom(bench: Bench, text: string, before: () => Trial): FixOffers {
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

/** All edits as one, since what ESLint is given in parts it joins anyway. */
export function asRuleFix({ edits }: Fix, text: string): (fixer: TSESLint.RuleFixer) => TSESLint.RuleFix | null {
  const edit = joined(edits, text);
  return (fixer) => (edit === null ? null : fixer.replaceTextRange([edit.start, edit.end], edit.text));
}
