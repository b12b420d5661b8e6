/** `x = acquire()` followed by `try: … finally: x.close()`. */
import type { Fix } from '../../../findings/edit.ts';
import {
  blankLinesEnd,
  fixOf,
  indentAt,
  indentUnit,
  lineBreakOf,
  lineEnd,
  removal,
  textOf,
  written,
} from '../../fixing/source-edits.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { isKeyword } from '../nodes.ts';
import { cannotEnd } from './pending.ts';
import { guardEdits, regionOf } from './region.ts';
import { isAwaited, type Site } from './site.ts';
import { isChosen, reasonsOf } from './with.ts';

export function tryFinally(site: Site): Fix[] {
  const { request, text, statement, assignment, receiver } = site;
  const name = receiver ?? assignment?.name ?? null;
  const call = request.remedy?.calls[0];
  if (name === null || call === undefined) return [];
  const region = regionOf(site, name);
  const last = region?.guarded.at(-1);
  if (region === null || last === undefined || cannotEnd(site, region, name)) return [];
  const test = isChosen(site) ? testFor(site, name) : '';
  if (test === null) return [];
  const unit = indentUnit(text, '    ');
  const indent = indentAt(text, statement.start);
  const line = lineBreakOf(text) + indent;
  const release = `${isAwaited(site) && !call.startsWith('await ') ? 'await ' : ''}${written(call, name)}`;
  const lines = test === '' ? [release] : [`if ${test}:`, unit + release];
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

/** Of what was opened on one path only: whether it was; empty: it was on all of them; null: nobody can tell. */
function testFor({ assignment, text }: Site, name: string): string | null {
  const values = assignment === null ? [] : chosenFrom(assignment.value);
  const isNone = (one: SyntaxNode): boolean => textOf(one, text) === 'None';
  if (!values.every((one) => isNone(one) || one.type === 'call' || one.type === 'await')) return null;
  return values.some(isNone) ? `${name} is not None` : '';
}

/** `open(path)` and `None` of `open(path) if path else None`. */
function chosenFrom(value: SyntaxNode): SyntaxNode[] {
  const operands = value.children.filter((one) => !isKeyword(one) && one.type !== 'comment');
  if (value.type === 'parenthesized_expression') return operands.flatMap(chosenFrom);
  if (value.type !== 'conditional_expression') return [value];
  return operands.filter((_, at) => at !== 1).flatMap(chosenFrom);
}

function hasFinally(attempt: SyntaxNode): boolean {
  return attempt.children.some(({ type }) => type === 'finally_clause');
}
