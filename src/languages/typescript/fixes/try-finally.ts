/** `const x = open(); use(x);` becomes `const x = open(); try { use(x); } finally { x.close(); }`. */
import type { Edit, Fix } from '../../../findings/edit.ts';
import { fixOf, indentAt, indentUnit, lineBreakOf, removal } from '../../fixing/source-edits.ts';
import { childOf, type Node } from '../nodes.ts';
import { guardText, hoists, isOnLaterLine, untyped } from './guard.ts';
import { awaitedReturns } from './pending.ts';
import { regionOf } from './region.ts';
import { releaseText } from './release.ts';
import { rootOf, type Site } from './site.ts';
import { undoOnFailure, type Undone } from './undo.ts';

export function tryFinally(site: Site): Fix[] {
  const { request, value, text } = site;
  const release = value === null ? null : releaseText(site, value);
  if (value === null || release === null) return [];
  const region = regionOf(site);
  if (region === null || region.guarded.length === 0) return [];
  const { guarded } = region;
  const undone = undoOnFailure(site, guarded, value);
  if (!isOnLaterLine(site, guarded)) return [];
  const removals = region.removed.map((one) => removal(text, one));
  const awaited = awaitedReturns(site, guarded, rootOf(value));
  const tail = tailOf(undone, release);
  const [only, ...others] = guarded;
  const isExtended =
    only !== undefined &&
    others.length === 0 &&
    (undone === null || undone.lines.length === 0) &&
    endsWithHandler(only);
  const edits = [
    ...awaited.edits,
    ...(undone?.edits ?? []),
    ...hoists(region.hoisted, site),
    ...(isExtended
      ? [...removals, extendedBy(site, only, tail)]
      : guardText(site, { guarded, removals, head: 'try {', tail })),
  ];
  const reasons = [
    ...(region.keepsRelease ? [`\`${value}\` is also released explicitly, which then happens twice`] : []),
    ...(region.delays ? [`\`${value}\` is released after what is returned is computed`] : []),
    ...(undone?.reasons ?? []),
    ...awaited.reasons,
    ...untyped(region.hoisted, site),
  ];
  const style = request.remedy?.family === 'lock' ? 'unlock-in-finally' : 'try-finally';
  return [fixOf({ title: `Release \`${value}\` in a \`finally\``, style, edits }, reasons)];
}

function tailOf(undone: Undone | null, release: string): [string, ...string[]] {
  const [first, ...others] = undone?.lines ?? [];
  return first === undefined ? ['} finally {', release] : [first, ...others, '} finally {', release];
}

/** A `try` that has a clause for failures and no `finally` yet. */
function endsWithHandler(statement: Node): boolean {
  return statement.type === 'TryStatement' && childOf(statement, 'finalizer') === null;
}

function extendedBy({ text, statement }: Site, attempt: Node, [closing, ...lines]: readonly string[]): Edit {
  const end = attempt.range[1];
  const line = lineBreakOf(text) + indentAt(text, statement.range[0]);
  const unit = indentUnit(text, '  ');
  return {
    start: end,
    end,
    text: [closing?.slice(1) ?? '', ...lines.map((one) => line + unit + one), `${line}}`].join(''),
  };
}
