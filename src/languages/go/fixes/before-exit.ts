/** A return that leaves something open gets the release before it: `f.Close()`, `tx.Rollback()`. */
import type { Edit, Fix } from '../../../findings/edit.ts';
import {
  fixOf,
  indentAt,
  indentUnit,
  isWordIn,
  lineBreakOf,
  lineStart,
  pathTo,
  textOf,
  written,
} from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import { statementsOf } from '../lower/nodes.ts';
import { isPlain } from './defer.ts';
import { madeOf, usesByGoroutines } from './pending.ts';
import type { Site } from './site.ts';

export function beforeExit(site: Site): Fix[] {
  const { request, value, habits, text } = site;
  const { remedy } = request;
  const [call] = remedy?.calls ?? [];
  if (remedy === null || call === undefined || value === null) return [];
  const edits: Edit[] = [];
  const reasons = new Set(usesByGoroutines(site));
  const seen = new Set<number>();
  const made = remedy.isReceiver ? [] : madeOf(site);
  for (const exit of remedy.exits) {
    if (exit.kind !== 'return' || exit.isShared) return [];
    if (seen.has(exit.span.start)) continue;
    seen.add(exit.span.start);
    const edit = editOf(site, exit.span, written(call, value));
    if (edit === null || (edit.returned !== null && gives(edit.returned, made, text))) return [];
    if (edit.returned !== null && !isPlain(edit.returned, text, habits))
      reasons.add('what is returned is now computed after the release');
    edits.push(edit.edit);
  }
  if (edits.length === 0) return [];
  return [
    fixOf(
      {
        title: `Release \`${value}\` before returning`,
        style: remedy.family === 'transaction' ? 'rollback-before-return' : 'release-before-return',
        isOnlyOnExit: true,
        edits,
      },
      [...reasons],
    ),
  ];
}

function gives(returned: SyntaxNode, names: readonly string[], text: string): boolean {
  return names.some((name) => isWordIn(name, textOf(returned, text)));
}

interface ExitEdit {
  readonly edit: Edit;
  readonly returned: SyntaxNode | null;
}

function editOf(
  { fn, text, value, request, path, error }: Site,
  span: { start: number; end: number },
  release: string,
): ExitEdit | null {
  const steps = pathTo(fn, span);
  const returned = steps.find(({ type }) => type === 'return_statement');
  if (returned === undefined) return atEnd(fn, span, text, release);
  if (returned.start < request.acquiredAt.start) return null;
  const [name = '', part] = value?.split('.') ?? [];
  if (request.remedy?.isReceiver !== true && isNeededBy(textOf(returned, text), name, part)) return null;
  // In the branch where acquiring failed there may be nothing to release.
  const tests = steps.filter((node) => node.type === 'if_statement' && !path.includes(node));
  const isFailure = tests.some((node) => {
    const condition = childInField(node, 'condition');
    return condition !== null && new RegExp(`\\b${name}\\s*==\\s*nil`).test(textOf(condition, text));
  });
  if (isFailure && error !== null) return null;
  const list = steps[steps.indexOf(returned) - 1];
  if (list?.type !== 'statement_list') return null;
  const isFirst = /^\s*$/.test(text.slice(lineStart(text, returned.start), returned.start));
  const gap = isFirst ? lineBreakOf(text) + indentAt(text, returned.start) : '; ';
  return { edit: { start: returned.start, end: returned.start, text: release + gap }, returned };
}

/** `part`: what stands for it and is released, the body of a response; its other parts are as good after that. */
function isNeededBy(text: string, name: string, part: string | undefined): boolean {
  const rest = part === undefined ? text : text.replace(new RegExp(`\\b${name}\\.(?!${part}\\b)\\w+`, 'g'), '');
  return isWordIn(name, rest);
}

/** Behind the last statement of the function. */
function atEnd(fn: SyntaxNode, span: { start: number; end: number }, text: string, release: string): ExitEdit | null {
  const body = childInField(fn, 'body');
  const last = statementsOf(body).at(-1);
  if (body === null || last === undefined || span.end < body.end - 1) return null;
  const indent = indentAt(text, last.start);
  const isOneLine = !textOf({ start: body.start, end: last.start }, text).includes('\n');
  if (isOneLine) return null;
  const edit = {
    start: last.end,
    end: last.end,
    text: lineBreakOf(text) + (indent === '' ? indentUnit(text, '\t') : indent) + release,
  };
  return { edit, returned: null };
}
