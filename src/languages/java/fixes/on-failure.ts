/**
 * What somebody else takes over in the end, and transactions: only where something goes wrong is it released.
 *
 *     Connection c = open();                 Connection c = open();
 *     check(c);                              try {
 *     return c;                                  check(c);
 *                                                return c;
 *                                            } catch (Throwable failure) { c.close(); throw failure; }
 */
import type { Edit, Fix } from '../../../findings/edit.ts';
import {
  contains,
  fixOf,
  freshName,
  indentAt,
  indentUnit,
  isWordIn,
  lineBreakOf,
  pathTo,
  written,
} from '../../source-edits.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { endOfLine, guardEdits, hoistedFrom, hoistedText, type Region } from './region.ts';
import type { Site } from './site.ts';
import { needsNoHandler } from './try-finally.ts';
import { hasCall, isAssignedIn, isBlock, isFunction, mentions, mentionsOf, statementsIn } from './syntax.ts';

export function onFailure(site: Site): Fix[] {
  const { form, request, text } = site;
  const { remedy } = request;
  const call = remedy?.calls[0];
  if (remedy === null || call === undefined || form.kind === 'temporary') return [];
  const isTransaction = remedy.family === 'transaction';
  if (!remedy.isTransferred && !isTransaction) return [];
  const { name } = form;
  const early = beforeReturns(site, written(call, name));
  const region = failureRegion(site, name);
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

/** Up to what ends it on the way that was right, else to the end of the block. */
function failureRegion({ statements, index, request, text }: Site, name: string): Region | null {
  const rest = statements.slice(index + 1);
  const sites = request.remedy?.releasedAt ?? [];
  const isTransaction = request.remedy?.family === 'transaction';
  const final = isTransaction ? rest.findLastIndex((one) => sites.some(({ span }) => contains(one, span))) : -1;
  const last = isTransaction ? final : rest.findLastIndex((one) => mentions(one, name, text));
  const guarded = last < 0 ? rest : rest.slice(0, last + 1);
  if (guarded.length === 0) return null;
  if (guarded.some((one) => isAssignedIn(one, name, text))) return null;
  const hoisted = hoistedFrom(guarded, rest.slice(guarded.length), text);
  // Released, and then something fails: it would be released again.
  const isFinal = ({ span }: { readonly span: { start: number; end: number } }): boolean => {
    const holder = guarded.find((one) => contains(one, span));
    return holder === undefined || endsThere(holder, span, holder === guarded.at(-1));
  };
  if (hoisted === null || !sites.every(isFinal)) return null;
  return { guarded, hoisted, removed: [], keepsRelease: false, swallows: false, isToEnd: last < 0 };
}

/** Behind the statement of the release there is only a plain return, or the end of what is guarded. */
function endsThere(holder: SyntaxNode, span: { start: number; end: number }, isLast: boolean): boolean {
  const path = pathTo(holder, span);
  const at = path.findLastIndex(isBlock);
  const block = path[at];
  if (block === undefined) return isLast;
  const statements = statementsIn(block);
  const next = statements[statements.findIndex((one) => path.includes(one)) + 1];
  if (next === undefined) return isLast && path.slice(0, at).filter(isBlock).length === 0;
  return next.type === 'return_statement' && !hasCall(next);
}

/** A release before each return that leaves it open; null: one of them cannot have it. */
function beforeReturns(site: Site, release: string): Edit[] | null {
  const { path, text, request } = site;
  const around = path.findLast(isFunction);
  if (around === undefined || request.remedy === null) return null;
  const edits: Edit[] = [];
  for (const { kind, span } of request.remedy.exits) {
    if (kind === 'throw') continue;
    const steps = pathTo(around, span);
    const found = steps.findLast(({ type }) => type === 'return_statement');
    if (kind !== 'return' || found === undefined || found.start < request.acquiredAt.start || hasCall(found))
      return null;
    if (edits.some(({ start }) => start === found.start)) continue;
    const parent = steps[steps.indexOf(found) - 1];
    if (parent === undefined || !isBlock(parent)) return null;
    if (!needsNoHandler(site)) return null;
    const gap = lineBreakOf(text) + indentAt(text, found.start);
    edits.push({ start: found.start, end: found.start, text: `${release};${gap}` });
  }
  return edits;
}
