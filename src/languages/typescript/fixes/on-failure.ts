/** What is given to the caller in the end, and transactions: `catch (error) { await x.close(); throw error; }`. */
import type { Edit, Fix } from '../../../findings/edit.ts';
import { guardedOnFailure, releasesBeforeReturns, type FailureGrammar } from '../../fixing/failure-region.ts';
import { fixOf, freshName, indentUnit, isWordIn } from '../../fixing/source-edits.ts';
import { childOf, partsOf, identifierName, spanOf, type Node } from '../nodes.ts';
import { guardText, hasCall, hoistedFrom, hoists, isOnLaterLine, untyped, type Guard } from './guard.ts';
import { releaseText } from './release.ts';
import { isBlock, labelOf, laterCases, mentions, pathTo, rootOf, statementsIn, textOf, type Site } from './site.ts';

export function onFailure(site: Site): Fix[] {
  const { request, text, value, fn, statements, index } = site;
  const { remedy } = request;
  const release = value === null ? null : releaseText(site, value);
  if (remedy === null || release === null || value === null) return [];
  const isTransaction = remedy.family === 'transaction';
  const name = rootOf(value);
  const grammar: FailureGrammar<Node> = {
    spanOf,
    pathTo,
    isBlock,
    statementsIn,
    hasCall,
    isReturn: ({ type }) => type === 'ReturnStatement',
    isHandler: ({ type }) => type === 'CatchClause',
    mentions: (node) => !remedy.isReceiver && mentions(node, name),
  };
  const early = releasesBeforeReturns(fn, text, { acquiredAt: request.acquiredAt, remedy }, release, grammar);
  const rest = statements.slice(index + 1);
  const guarded = guardedOnFailure(rest, remedy, grammar);
  const hoisted = guarded === null ? null : hoistedFrom(guarded, [...rest.slice(guarded.length), ...laterCases(site)]);
  if (early === null || guarded === null || hoisted === null) return [];
  if (!isOnLaterLine(site, guarded)) return [];
  const unit = indentUnit(text, '  ');
  const deeper = early.map((edit) => ({ ...edit, text: edit.text.replaceAll('\n', `\n${unit}`) }));
  const error = freshName(['error'], (one) => !isWordIn(one, textOf(fn, text)));
  const end = release.endsWith(';') ? ';' : '';
  const guard: Guard = {
    guarded,
    removals: [],
    head: 'try {',
    tail: [`} catch (${error}) {`, release, `throw ${error}${end}`],
  };
  const edits: Edit[] = [...hoists(hoisted, site), ...guardText(site, guard), ...deeper];
  const title = isTransaction ? `Roll back \`${value}\`` : `Release \`${value}\``;
  const style = isTransaction ? 'rollback' : 'release';
  const whole = { title: `${title} when an exception is thrown`, style: `${style}-and-throw`, edits };
  const isTaken = !isTransaction && guarded.slice(0, -1).some((one) => isGiven(one, name));
  return [
    ...(early.length > 0 && remedy.exits.every(({ kind }) => kind === 'return')
      ? [
          fixOf(
            { title: `${title} before returning`, style: `${style}-before-return`, isOnlyOnExit: true, edits: early },
            [],
          ),
        ]
      : []),
    fixOf(isTransaction ? { ...whole, isOnlyOnExit: true } : whole, [
      ...(isTaken ? [`somebody may have taken \`${value}\` over by then`] : []),
      ...untyped(hoisted, site),
    ]),
  ];
}

/** Used otherwise than by calling its methods. */
function isGiven(node: Node, name: string): boolean {
  if (identifierName(node) === name) return true;
  const object = node.type === 'MemberExpression' ? childOf(node, 'object') : null;
  const property = labelOf(node);
  return partsOf(node).some((child) => {
    if (child === property || (child === object && identifierName(child) === name)) return false;
    return isGiven(child, name);
  });
}
