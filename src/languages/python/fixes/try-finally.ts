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
  written,
} from '../../fixing/source-edits.ts';
import { guardEdits, regionOf } from './region.ts';
import type { Site } from './site.ts';
import { reasonsOf } from './with.ts';

export function tryFinally(site: Site): Fix[] {
  const { request, text, statement, assignment, receiver } = site;
  const name = receiver ?? assignment?.name ?? null;
  const call = request.remedy?.calls[0];
  if (name === null || call === undefined) return [];
  const region = regionOf(site, name);
  const last = region?.guarded.at(-1);
  if (region === null || last === undefined) return [];
  const unit = indentUnit(text, '    ');
  const indent = indentAt(text, statement.start);
  const line = lineBreakOf(text) + indent;
  const release = `${isAwaited(site) && !call.startsWith('await ') ? 'await ' : ''}${written(call, name)}`;
  const tail = `${line}finally:${line}${unit}${release}`;
  const end = lineEnd(text, last.end);
  const head = blankLinesEnd(text, statement.end);
  const edits = [
    { start: head, end: head, text: `${line}try:` },
    ...guardEdits(site, region, unit),
    { start: end, end, text: tail },
  ];
  const style = request.remedy?.family === 'lock' ? 'unlock-in-finally' : 'try-finally';
  const title = `Release \`${name}\` in a \`finally\``;
  return [fixOf({ title, style, edits }, reasonsOf(site, region, name))];
}

/** The function releases it so elsewhere. */
export function isAwaited({ request, file }: Site): boolean {
  return request.remedy?.releasedAt.some(({ span }) => pathTo(file.root, span).at(-2)?.type === 'await') === true;
}
