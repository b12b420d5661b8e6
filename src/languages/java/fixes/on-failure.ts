/**
 * What somebody else takes over in the end, and transactions: only where something goes wrong is it released.
 *
 *     Connection c = open();                 Connection c = open();
 *     check(c);                              try {
 *     return c;                                  check(c);
 *                                                return c;
 *                                            } catch (Throwable failure) { c.close(); throw failure; }
 */
import type { Remedy } from '../../../effects/remedy.ts';
import type { Edit, Fix } from '../../../findings/edit.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import {
  guardedOnFailure,
  releasesBeforeReturns,
  treeSitter,
  type FailureGrammar,
} from '../../fixing/failure-region.ts';
import { fixOf, freshName, indentAt, indentUnit, isWordIn, lineBreakOf, written } from '../../fixing/source-edits.ts';
import { endOfLine, guardEdits, hoistedFrom, hoistedText, type Region } from './region.ts';
import type { Site } from './site.ts';
import { needsNoHandler } from './try-finally.ts';
import {
  hasCall,
  isAssignedIn,
  isBlock,
  isFunction,
  laterCases,
  mentions,
  mentionsOf,
  statementsIn,
} from './syntax.ts';

export function onFailure(site: Site): Fix[] {
  const { form, request, text } = site;
  const { remedy } = request;
  const call = remedy?.calls[0];
  if (remedy === null || call === undefined || form.kind === 'temporary') return [];
  const isTransaction = remedy.family === 'transaction';
  if (!remedy.isTransferred && !isTransaction) return [];
  const { name } = form;
  const early = beforeReturns(site, name, remedy, written(call, name));
  const region = failureRegion(site, name, remedy);
  if (early === null || region === null) return [];
  const title = isTransaction ? `Roll back \`${name}\`` : `Release \`${name}\``;
  const style = isTransaction ? 'rollback-on-failure' : 'release-on-failure';
  const isTaken = !isTransaction && isHandedOnBefore(region, name, text);
  const reasons = isTaken ? [`somebody may have taken \`${name}\` over by then`] : [];
  const isReturnOnly = early.length > 0 && remedy.exits.every(({ kind }) => kind === 'return');
  const unit = indentUnit(text, '    ');
  const deeper = early.map((edit) => ({ ...edit, text: edit.text.replaceAll('\n', `\n${unit}`) }));
  const guarded = {
    title: `${title} when an exception is thrown`,
    style,
    edits: [...guard(site, region, written(call, name)), ...deeper],
  };
  return [
    ...(isReturnOnly
      ? [fixOf({ title: `${title} before returning`, style: `${style}-return`, isOnlyOnExit: true, edits: early }, [])]
      : []),
    fixOf(isTransaction ? { ...guarded, isOnlyOnExit: true } : guarded, reasons),
  ];
}

/** `try { … } catch (Throwable failure) { release; throw failure; }`: what is thrown on is what the `try` may throw. */
function guard(site: Site, region: Region, release: string): Edit[] {
  const { text, statement, path, request } = site;
  const unit = indentUnit(text, '    ');
  const line = lineBreakOf(text) + indentAt(text, statement.start);
  const head = endOfLine(text, statement.end);
  const around = path.findLast(isFunction);
  const body = around === undefined ? text : text.slice(around.start, around.end);
  const failure = freshName(['failure'], (name) => !isWordIn(name, body));
  const lines = releaseOrSuppress(`${release};`, failure, request.remedy?.throws ?? null, unit);
  const tail = [`} catch (Throwable ${failure}) {`, ...lines.map((one) => unit + one), `${unit}throw ${failure};`, '}'];
  return [
    { start: statement.start, end: statement.start, text: hoistedText(region, site) },
    { start: head, end: head, text: `${line}try {` },
    ...guardEdits(site, region, unit, tail.join(line)),
  ];
}

/** Used otherwise than by calling its methods, before the statement that uses it last. */
function isHandedOnBefore({ guarded }: Region, name: string, text: string): boolean {
  return guarded.slice(0, -1).some((one) => mentionsOf(one, name, text).some(({ field }) => field !== 'object'));
}

/** What the release itself throws must not hide why it came to that. */
function releaseOrSuppress(
  release: string,
  failure: string,
  throws: readonly string[] | null,
  unit: string,
): readonly string[] {
  if (throws?.length === 0) return [release];
  return [
    'try {',
    unit + release,
    '} catch (Exception suppressed) {',
    `${unit}${failure}.addSuppressed(suppressed);`,
    '}',
  ];
}

function failureRegion(site: Site, name: string, remedy: Remedy): Region | null {
  const { statements, index, text, path, block } = site;
  const rest = statements.slice(index + 1);
  const guarded = guardedOnFailure(rest, remedy, grammarFor(site, name));
  if (guarded === null || guarded.some((one) => isAssignedIn(one, name, text))) return null;
  const hoisted = hoistedFrom(guarded, [...rest.slice(guarded.length), ...laterCases(path, block)], text);
  if (hoisted === null) return null;
  const isToEnd = guarded.length === rest.length;
  return { guarded, hoisted, removed: [], keepsRelease: false, delays: false, swallows: false, isToEnd };
}

function grammarFor({ form, text }: Site, name: string): FailureGrammar<SyntaxNode> {
  return {
    ...treeSitter,
    isHandler: ({ type }) => type === 'catch_clause' || type === 'finally_clause',
    isBlock,
    statementsIn,
    hasCall,
    mentions: (node) => form.kind !== 'receiver' && mentions(node, name, text),
  };
}

/** A release before each return that leaves it open; null: one of them cannot have it. */
function beforeReturns(site: Site, name: string, remedy: Remedy, release: string): readonly Edit[] | null {
  const { path, text, request } = site;
  const fn = path.findLast(isFunction);
  if (fn === undefined) return null;
  const { acquiredAt } = request;
  const edits = releasesBeforeReturns(fn, text, { acquiredAt, remedy }, `${release};`, grammarFor(site, name));
  return edits === null || edits.length === 0 || needsNoHandler(site) ? edits : null;
}
