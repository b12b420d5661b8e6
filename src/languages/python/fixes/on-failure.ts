/** What is given to the caller in the end, and transactions: `except BaseException: x.close(); raise`. */
import type { Edit, Fix } from '../../../findings/edit.ts';
import {
  guardedOnFailure,
  releasesBeforeReturns,
  treeSitter,
  type FailureGrammar,
} from '../../fixing/failure-region.ts';
import {
  fixOf,
  indentAt,
  indentUnit,
  blankLinesEnd,
  lineBreakOf,
  lineEnd,
  textOf,
  written,
} from '../../fixing/source-edits.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { guardEdits } from './region.ts';
import { isAwaited, type Site } from './site.ts';
import { isAssignedIn, isBlock, isFunction, mentions, nodesOf, statementsIn } from './syntax.ts';

export function onFailure(site: Site): Fix[] {
  const { request, text, statements, index, assignment, receiver, path } = site;
  const { remedy } = request;
  const name = receiver ?? assignment?.name ?? null;
  const call = remedy?.calls[0];
  const fn = path.findLast(isFunction);
  if (remedy === null || call === undefined || name === null || fn === undefined) return [];
  const isTransaction = remedy.family === 'transaction';
  const grammar: FailureGrammar<SyntaxNode> = {
    ...treeSitter,
    isHandler: ({ type }) => /^(?:except|except_group|finally)_clause$/.test(type),
    isBlock,
    statementsIn,
    hasCall: (node) => nodesOf(node, 'call').length > 0,
    mentions: (node) => receiver === null && mentions(node, name, text),
  };
  const release = `${isAwaited(site) && !call.startsWith('await ') ? 'await ' : ''}${written(call, name)}`;
  const early = releasesBeforeReturns(fn, text, { acquiredAt: request.acquiredAt, remedy }, release, grammar);
  const guarded = guardedOnFailure(statements.slice(index + 1), remedy, grammar);
  if (early === null || guarded === null || guarded.some((one) => isAssignedIn(one, name, text))) return [];
  const title = isTransaction ? `Roll back \`${name}\`` : `Release \`${name}\``;
  const unit = indentUnit(text, '    ');
  const deeper = early.map((edit) => ({ ...edit, text: edit.text.replaceAll('\n', `\n${unit}`) }));
  const whole = {
    title: `${title} when an exception is raised`,
    style: isTransaction ? 'rollback-and-raise' : 'release-and-raise',
    edits: [...guard(site, guarded, release), ...deeper],
  };
  const isTaken = !isTransaction && isHandedOnBefore(guarded, name, text);
  const style = isTransaction ? 'rollback-before-return' : 'release-before-return';
  return [
    ...(early.length > 0 && remedy.exits.every(({ kind }) => kind === 'return')
      ? [fixOf({ title: `${title} before returning`, style, isOnlyOnExit: true, edits: early }, [])]
      : []),
    fixOf(
      isTransaction ? { ...whole, isOnlyOnExit: true } : whole,
      isTaken ? [`somebody may have taken \`${name}\` over by then`] : [],
    ),
  ];
}

function guard(site: Site, guarded: readonly SyntaxNode[], release: string): Edit[] {
  const { text, statement } = site;
  const unit = indentUnit(text, '    ');
  const line = lineBreakOf(text) + indentAt(text, statement.start);
  const head = blankLinesEnd(text, statement.end);
  const end = lineEnd(text, guarded.at(-1)?.end ?? statement.end);
  const tail = `${line}except BaseException:${line}${unit}${release}${line}${unit}raise`;
  return [
    { start: head, end: head, text: `${line}try:` },
    ...guardEdits(site, { guarded, removed: [], keepsRelease: false, delays: false, swallows: false }, unit),
    { start: end, end, text: tail },
  ];
}

/** Used otherwise than by calling its methods, before the statement that uses it last. */
function isHandedOnBefore(guarded: readonly SyntaxNode[], name: string, text: string): boolean {
  return guarded
    .slice(0, -1)
    .flatMap((one) => nodesOf(one, 'identifier'))
    .some((one) => one.field !== 'object' && one.field !== 'attribute' && textOf(one, text) === name);
}
