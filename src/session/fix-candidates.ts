/** What a language proposes for a finding, best first, with the doubts that do not depend on the language. */
import type { Fix, FixRequest } from '../findings/edit.ts';
import type { ParsedFile, Target } from '../languages/language.ts';
import { asWrittenHere } from './as-written.ts';
import type { Knowledge } from './knowledge.ts';

/** `tree`: of the text that is to be fixed. */
export function fixCandidates(
  { frontend, models }: Knowledge,
  tree: ParsedFile,
  request: FixRequest,
  target: Target,
): readonly Fix[] {
  if (frontend.fixes === undefined || request.remedy === null) return [];
  const asked = asWrittenHere(tree.text, request);
  return withDoubts(frontend.fixes(tree, asked, models.conventions, target), request);
}

function withDoubts(fixes: readonly Fix[], { remedy }: FixRequest): readonly Fix[] {
  // Only what the function says itself can tell whether it is its own.
  if (remedy?.mayBeAnothers === true) return fixes.filter(({ isAsStated }) => isAsStated === true);
  const also = remedy?.releaseAlso ?? null;
  const guess = remedy?.isGuess === true ? 'that it has such a method is only a guess' : null;
  const doubts = [also, guess].flatMap((doubt) => doubt ?? []);
  const told = doubts.reduce((all, doubt) => all.map((fix) => unsafe(fix, doubt)), fixes);
  return remedy?.mayBeKept === true ? told.map(doubted) : told;
}

/** Where somebody may have kept it, a release on all paths may come too early for them. */
function doubted(fix: Fix): Fix {
  if (fix.isOnlyOnExit === true) return fix;
  return unsafe(fix, 'a call it is passed to may keep it');
}

function unsafe(fix: Fix, why: string): Fix {
  return { ...fix, isSafe: false, reason: fix.reason === null ? why : `${fix.reason}; ${why}` };
}
