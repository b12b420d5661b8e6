/** Fixes for what a rule reports: each is tried out by analysing the text it leaves, so only what is reported costs. */

import type { TSESLint } from '@typescript-eslint/utils';
import type { Fix } from '../findings/edit.ts';
import type { Finding } from '../findings/finding.ts';
import type { Bench } from '../fixes/bench.ts';
import { joined } from '../fixes/apply-edits.ts';
import { offerFix } from '../fixes/offer-fix.ts';
import type { FileResult } from '../session/file-result.ts';

export type FixOffers = (finding: Finding) => Fix | null;

export function offersFrom(bench: Bench, text: string, result: FileResult): FixOffers {
  const made = new Map<Finding, Fix | null>();
  const before = { findings: result.findings, errors: result.syntaxErrors };
  return (finding) => {
    const known = made.get(finding);
    if (known !== undefined) return known;
    const fix = finding.remedy === null ? null : (offerFix(bench, text, finding, before, () => true)?.fix ?? null);
    made.set(finding, fix);
    return fix;
  };
}

/** All edits as one, since what ESLint is given in parts it joins anyway. */
export function asRuleFix({ edits }: Fix, text: string): (fixer: TSESLint.RuleFixer) => TSESLint.RuleFix | null {
  const edit = joined(edits, text);
  return (fixer) => (edit === null ? null : fixer.replaceTextRange([edit.start, edit.end], edit.text));
}
