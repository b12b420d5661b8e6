/** `const x = open(); use(x);` becomes `const x = open(); try { use(x); } finally { x.close(); }`. */
import type { Fix } from '../../../findings/edit.ts';
import { fixOf, removal } from '../../fixing/source-edits.ts';
import { spanOf } from '../nodes.ts';
import { guardText, hoists, isOnLaterLine, untyped } from './guard.ts';
import { awaitedReturns } from './pending.ts';
import { regionOf } from './region.ts';
import { releaseText } from './release.ts';
import type { Site } from './site.ts';

export function tryFinally(site: Site): Fix[] {
  const { request, value, text } = site;
  const release = value === null ? null : releaseText(site, value);
  if (value === null || release === null) return [];
  const region = regionOf(site);
  if (region === null || region.guarded.length === 0) return [];
  const { guarded } = region;
  if (!isOnLaterLine(site, guarded)) return [];
  const removals = region.removed.map((one) => removal(text, spanOf(one)));
  const awaited = awaitedReturns(site, guarded, /^[\w$]+/.exec(value)?.[0] ?? value);
  const edits = [
    ...awaited.edits,
    ...hoists(region.hoisted, site),
    ...guardText(site, { guarded, removals, head: 'try {', tail: ['} finally {', release] }),
  ];
  const reasons = [
    ...(region.keepsRelease ? [`\`${value}\` is also released explicitly, which then happens twice`] : []),
    ...awaited.reasons,
    ...untyped(region.hoisted, site),
  ];
  const style = request.remedy?.family === 'lock' ? 'unlock-in-finally' : 'try-finally';
  return [fixOf({ title: `Release \`${value}\` in a \`finally\``, style, edits }, reasons)];
}
