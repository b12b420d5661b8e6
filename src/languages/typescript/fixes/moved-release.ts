/**
 * `if (isOwn) await runner.release();` at the end, or in a `finally` there: the whole statement moves into a `finally`, with its condition, and what
 * is between is guarded. The resource may be acquired in a branch, and may be a parameter on other paths.
 */
import type { Fix } from '../../../findings/edit.ts';
import type { Span } from '../../../ir/ir.ts';
import { fixOf, indentAt, indentUnit, lineBreakOf, removal } from '../../fixing/source-edits.ts';
import { childOf, spanOf, type Node } from '../nodes.ts';
import { guardText, hasCall, hoistedFrom, hoists, isOnLaterLine, untyped } from './guard.ts';
import { awaitedReturns } from './pending.ts';
import { isReleaseOnly } from './region.ts';
import { identifiersIn, isBlock, laterCases, rootOf, statementsIn, textOf, type Site } from './site.ts';
import { isAssignedIn } from './taken-back.ts';
import { undoOnFailure } from './undo.ts';

export function movedRelease(site: Site): Fix[] {
  const { request, value, text, path, fn } = site;
  const sites = request.remedy?.releasedAt ?? [];
  if (value === null || sites.length === 0 || request.remedy?.isTransferred !== false) return [];
  const holder = path.slice(path.indexOf(fn)).find((node) => isBlock(node) && node !== fn);
  if (holder === undefined) return [];
  const statements = statementsIn(holder);
  const from = statements.findIndex((one) => path.includes(one));
  const at = statements.findIndex((one) => sites.every(({ span }) => holds(one, span)));
  const [opening, final] = [statements[from], statements[at]];
  if (opening === undefined || final === undefined || at <= from + 1) return [];
  const clause = final.type === 'TryStatement' ? childOf(final, 'finalizer') : null;
  const released = clause === null ? final : statementsIn(clause).at(-1);
  const gone = released === undefined ? null : removedFrom(final, clause, released);
  const condition = released === undefined ? null : conditionOf(released, site);
  if (condition === null || released === undefined || gone === null) return [];
  const [behind, ...others] = statements.slice(at + 1);
  // A plain `return` behind it may as well stand in the `try`, with what it returns.
  const isReturned = clause === null && behind?.type === 'ReturnStatement' && others.length === 0 && !hasCall(behind);
  const guarded = statements.slice(from + 1, isReturned ? at + 2 : clause === null ? at : at + 1);
  const inHolder: Site = { ...site, block: holder, statements, statement: opening };
  const hoisted = hoistedFrom(guarded, [...(isReturned ? [] : statements.slice(at + 1)), ...laterCases(inHolder)]);
  const names = identifiersIn(condition);
  if (hoisted === null || hasCall(condition) || guarded.some((one) => names.some((name) => isAssignedIn(one, name))))
    return [];
  if (!isOnLaterLine(inHolder, guarded) || undoOnFailure(site, guarded, value) !== null) return [];
  const [first = '', ...lines] = textOf(released, text).split('\n');
  const unit = indentUnit(text, '  ');
  const indent = indentAt(text, opening.range[0]);
  const deep = indentAt(text, released.range[0]);
  // The lines of the statement are as deep as they were, plus one.
  const moved = [first, ...lines.map((one) => (one.startsWith(deep) ? unit + one.slice(deep.length) : one))];
  const awaited = awaitedReturns(site, guarded, rootOf(value));
  const whole = moved.join(lineBreakOf(text) + indent).replaceAll('\r', '');
  const tail: [string, ...string[]] = ['} finally {', whole];
  const edits = [
    ...awaited.edits,
    ...hoists(hoisted, inHolder),
    ...guardText(inHolder, { guarded, removals: [removal(text, gone)], head: 'try {', tail }),
  ];
  return [
    fixOf({ title: `Release \`${value}\` in a \`finally\``, style: 'moved-to-finally', isAsStated: true, edits }, [
      ...awaited.reasons,
      ...untyped(hoisted, site),
    ]),
  ];
}

/** The statement, or the `finally` that has nothing else to do; null: a `try` would be left bare. */
function removedFrom(final: Node, clause: Node | null, released: Node): Span | null {
  if (clause === null || statementsIn(clause).length > 1) return spanOf(released);
  const handler = childOf(final, 'handler');
  return handler === null ? null : { start: handler.range[1], end: final.range[1] };
}

function holds({ range }: Node, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return range[0] <= start && end <= range[1];
}

/** Of a statement that does nothing but release on it; null: there is none. */
function conditionOf(statement: Node, { request }: Site): Node | null {
  if (statement.type !== 'IfStatement' || childOf(statement, 'alternate') !== null) return null;
  const consequent = childOf(statement, 'consequent');
  const [only, ...others] =
    consequent === null ? [] : consequent.type === 'BlockStatement' ? statementsIn(consequent) : [consequent];
  const isOnly = only !== undefined && others.length === 0 && isReleaseOnly(only, request.remedy?.releasedAt ?? []);
  return isOnly ? childOf(statement, 'test') : null;
}
