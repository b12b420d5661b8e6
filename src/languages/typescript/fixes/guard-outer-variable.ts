/**
 * `let x; if (wanted) x = open(); use(x);`: where the variable lives longer than the block it is assigned in, all that
 * uses it is guarded, and the release asks whether there is something to release.
 */
import type { Fix } from '../../../findings/edit.ts';
import { fixOf, indentAt, indented, indentUnit, lineBreakOf, lineEnd } from '../../fixing/source-edits.ts';
import { childOf, identifierName, nodesOf, spanOf, type Node } from '../nodes.ts';
import { hoistedFrom, hoists, longTemplatesIn, untyped } from './guard.ts';
import { awaitedReturns } from './pending.ts';
import { releaseText } from './release.ts';
import { isBlock, mentions, rootOf, statementsIn, type Site } from './site.ts';
import { undoOnFailure } from './undo.ts';

export function guardOuterVariable(site: Site): Fix[] {
  const { request, value, text, path } = site;
  const release = value === null ? null : releaseText(site, value);
  if (request.remedy === null || release === null || value === null || request.remedy.isReceiver) return [];
  // A release on one path would be a second one.
  if (request.remedy.releasedAt.length > 0) return [];
  const name = rootOf(value);
  const found = declarationOf(site, name);
  if (found === null) return [];
  const { statements, at } = found;
  const from = statements.findIndex((one) => path.includes(one));
  const last = statements.findLastIndex((one) => mentions(one, name));
  const guarded = statements.slice(from, last + 1);
  const [first, final] = [guarded[0], guarded.at(-1)];
  const hoisted = hoistedFrom(guarded, statements.slice(last + 1));
  if (undoOnFailure(site, guarded, value) !== null) return [];
  if (from <= at || first === undefined || final === undefined || hoisted === null) return [];
  const unit = indentUnit(text, '  ');
  const indent = indentAt(text, first.range[0]);
  const line = lineBreakOf(text) + indent;
  const start = first.range[0] - indent.length;
  const end = lineEnd(text, final.range[1]);
  const awaited = awaitedReturns(site, guarded, name);
  const keep = guarded.flatMap((one) => longTemplatesIn(one, text)).map(spanOf);
  const tail = ['} finally {', `${unit}if (${name}) {`, unit + unit + release, `${unit}}`, '}'];
  const edits = [
    ...awaited.edits,
    ...hoists(hoisted, { ...site, statement: first }),
    { start, end: start, text: `${indent}try {${lineBreakOf(text)}` },
    ...indented(text, { start, end: final.range[1] }, unit, keep),
    { start: end, end, text: tail.map((one) => line + one).join('') },
  ];
  return [
    fixOf({ title: `Release \`${value}\` in a \`finally\``, style: 'try-finally', edits }, [
      ...awaited.reasons,
      ...untyped(hoisted, site),
    ]),
  ];
}

/** Of a variable of this function that is not declared in the block of the site. */
function declarationOf({ path, block, fn }: Site, name: string): { statements: readonly Node[]; at: number } | null {
  for (const node of path.slice(path.indexOf(fn)).toReversed()) {
    if (!isBlock(node) || node === block) continue;
    const statements = statementsIn(node);
    const at = statements.findIndex(
      (one) =>
        one.type === 'VariableDeclaration' &&
        nodesOf(one, 'declarations').some((declarator) => identifierName(childOf(declarator, 'id')) === name),
    );
    if (at >= 0) return { statements, at };
  }
  return null;
}
