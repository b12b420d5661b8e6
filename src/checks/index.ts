/** All checks, most specific first: the first with something to say about an obligation has the word. */
import type { Check, Situation, Verdict } from './check.ts';
import { inlineOpen } from './inline-open.ts';
import { leak } from './leak.ts';
import { leakOnException } from './leak-on-exception.ts';
import { lostReference } from './lost-reference.ts';
import { unfinishedTransaction } from './unfinished-transaction.ts';
import { unreleasedField } from './unreleased-field.ts';
import { unreleasedLock } from './unreleased-lock.ts';
import { unremovedListener } from './unremoved-listener.ts';

export const checks: readonly Check[] = [
  unfinishedTransaction,
  unreleasedLock,
  inlineOpen,
  unremovedListener,
  unreleasedField,
  leak,
  lostReference,
  leakOnException,
];

export function judge(situation: Situation): Verdict | null {
  if (situation.exits.length === 0) return null;
  for (const check of checks) {
    const verdict = check.judge(situation);
    if (verdict !== null) return verdict;
  }
  return null;
}
