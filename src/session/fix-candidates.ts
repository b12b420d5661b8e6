/** What a language proposes for a finding, best first, with the doubts that do not depend on the language. */
import type { Fix, FixRequest } from '../findings/edit.ts';
import type { Span } from '../ir/ir.ts';
import type { ParsedFile, Target } from '../languages/language.ts';
import type { Knowledge } from './knowledge.ts';

/** `tree`: of the text that is to be fixed. */
export function fixCandidates(
  { frontend, models }: Knowledge,
  tree: ParsedFile,
  request: FixRequest,
  target: Target,
): readonly Fix[] {
  if (frontend.fixes === undefined || request.remedy === null) return [];
  const asked = asWrittenHere(request, tree.text);
  return withDoubts(frontend.fixes(tree, asked, models.conventions, target), asked);
}

/**
 * `sched.shutdown(true)`: where the function itself releases it with arguments, a fix does so as well. Of several ways only
 * the first is meant; the others do something else, and stay.
 */
function asWrittenHere(request: FixRequest, text: string): FixRequest {
  const { remedy } = request;
  const calls = remedy?.calls ?? [];
  if (remedy?.releasedAt.some(({ hasArguments }) => hasArguments) !== true) return request;
  // Which of a transaction's ends undoes it the rules say.
  if (remedy.family === 'transaction' || request.variable === null) return request;
  const name = request.variable;
  const writtenAt = ({ span }: { readonly span: Span }): string | null => {
    const call = text.slice(span.start, span.end);
    return call.startsWith(`${name}.`) ? `$${call.slice(name.length)}` : null;
  };
  const own = remedy.releasedAt.filter(({ isPlain }) => isPlain).flatMap((site) => writtenAt(site) ?? []);
  const [chosen] = own;
  if (chosen === undefined) return request;
  const releasedAt = remedy.releasedAt.map((site) => {
    const isOther = (writtenAt(site) ?? chosen) !== chosen;
    return isOther ? { ...site, isPlain: false } : site;
  });
  // No construct of the language passes arguments on.
  const how = chosen.endsWith('()') ? {} : ({ style: 'try-finally', isScoped: false } as const);
  return { ...request, remedy: { ...remedy, ...how, calls: [chosen, ...calls], releasedAt } };
}

function withDoubts(fixes: readonly Fix[], { remedy }: FixRequest): readonly Fix[] {
  const also = remedy?.releaseAlso ?? null;
  const told = also === null ? fixes : fixes.map((fix) => unsafe(fix, also));
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
