/** `x = acquire()` followed by `try: … finally: x.close()`. */
import type { Fix } from '../../../findings/edit.ts';
import {
  blankLinesEnd,
  fixOf,
  indentAt,
  indentUnit,
  lineBreakOf,
  lineEnd,
  pathTo,
  removal,
  written,
} from '../../fixing/source-edits.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { cannotEnd } from './pending.ts';
import { guardEdits, regionOf } from './region.ts';
import type { Site } from './site.ts';
import { isChosen, reasonsOf } from './with.ts';

export function tryFinally(site: Site): Fix[] {
  const { request, text, statement, assignment, receiver } = site;
  const name = receiver ?? assignment?.name ?? null;
  const call = request.remedy?.calls[0];
  if (name === null || call === undefined) return [];
  const region = regionOf(site, name);
  const last = region?.guarded.at(-1);
  if (region === null || last === undefined || cannotEnd(site, region, name)) return [];
  const unit = indentUnit(text, '    ');
  const indent = indentAt(text, statement.start);
  const line = lineBreakOf(text) + indent;
  const release = `${isAwaited(site) && !call.startsWith('await ') ? 'await ' : ''}${written(call, name)}`;
  // What was opened on one way only.
  const lines = isChosen(site) ? [`if ${name}:`, unit + release] : [release];
  const tail = ['finally:', ...lines.map((one) => unit + one)].map((one) => line + one).join('');
  const end = lineEnd(text, last.end);
  const head = blankLinesEnd(text, statement.end);
  // A `try` without a `finally` gets one.
  const isExtended = last.type === 'try_statement' && region.guarded.length === 1 && !hasFinally(last);
  const edits = [
    ...(isExtended
      ? region.removed.map((one) => removal(text, one.statement))
      : [{ start: head, end: head, text: `${line}try:` }, ...guardEdits(site, region, unit)]),
    { start: end, end, text: tail },
  ];
  const style = request.remedy?.family === 'lock' ? 'unlock-in-finally' : 'try-finally';
  const title = `Release \`${name}\` in a \`finally\``;
  return [fixOf({ title, style, edits }, reasonsOf(site, region, name))];
}

function hasFinally(attempt: SyntaxNode): boolean {
  return attempt.children.some(({ type }) => type === 'finally_clause');
}

/** The function releases it so elsewhere. */
export function isAwaited({ request, file }: Site): boolean {
  return request.remedy?.releasedAt.some(({ span }) => pathTo(file.root, span).at(-2)?.type === 'await') === true;
}
