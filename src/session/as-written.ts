/** How the function that is to be fixed writes the release itself. */
import type { FixRequest } from '../findings/edit.ts';
import type { Span } from '../ir/ir.ts';

/**
 * `sched.shutdown(true)`: where the function itself releases it with arguments, a fix does so as well. Of several ways only
 * the first is meant; the others do something else, and stay.
 */
export function asWrittenHere(text: string, request: FixRequest): FixRequest {
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
