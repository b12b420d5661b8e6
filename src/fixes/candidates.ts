/** What a language proposes for a finding, best first, with the doubts that do not depend on the language. */
import type { Fix, FixRequest } from '../findings/edit.ts';

export function withDoubts(fixes: readonly Fix[], { remedy }: FixRequest): readonly Fix[] {
  return remedy?.mayBeKept === true ? fixes.map(doubted) : fixes;
}

/** Where somebody may have kept it, a release on all paths may come too early for them. */
function doubted(fix: Fix): Fix {
  if (fix.isOnlyOnExit === true) return fix;
  const reasons = [...(fix.reason === null ? [] : [fix.reason]), 'a call it is passed to may keep it'];
  return { ...fix, isSafe: false, reason: reasons.join('; ') };
}
