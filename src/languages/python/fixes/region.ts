/** What a `with` or `try` has to guard: the statements up to the release, or to the last use of what was made of it. */
import type { Edit } from '../../../findings/edit.ts';
import { asRelease, superfluousIn, type ReleaseStatement, type Superfluous } from '../../fixing/release-statements.ts';
import { indented, indentAt, lineBreakOf, nextLine, removal, textOf } from '../../fixing/source-edits.ts';
import type { Habits } from '../../habits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import { releasesOf } from './releases.ts';
import type { Site } from './site.ts';
import { isFunction, longStringsIn, mentions, nodesOf } from './syntax.ts';

export interface Region extends Superfluous {
  readonly guarded: readonly SyntaxNode[];
}

export function regionOf(site: Site, name: string, from: number = site.index + 1): Region | null {
  const { text, request, statements, habits } = site;
  const rest = statements.slice(from);
  const lastUse = rest.findLastIndex((one) => mentions(one, name, text));
  const final = rest[lastUse];
  const release = final === undefined ? null : asRelease(final, releasesOf(site, name));
  if (release !== null) return finish(site, name, rest.slice(0, lastUse), [release]);
  const derived = derivedNames(rest, name, text, habits);
  if (isUsedOutside(site, site.receiver === null ? new Set([...derived, name]) : derived, text)) return null;
  let end = lastUse;
  for (const one of derived)
    end = Math.max(
      end,
      rest.findLastIndex((statement) => mentions(statement, one, text)),
    );
  if (end < 0 && request.remedy?.isReceiver === true) end = rest.length - 1;
  return finish(site, name, rest.slice(0, end + 1), []);
}

/** Names of what was made of it and may need it open: `rows = csv.reader(f)`, `cursor = connection.cursor()`. */
export function derivedNames(
  rest: readonly SyntaxNode[],
  name: string,
  text: string,
  { plainResults, lazyResults }: Habits,
): Set<string> {
  const derived = new Set<string>();
  for (const assignment of rest.flatMap((one) => [...nodesOf(one, 'assignment'), ...nodesOf(one, 'for_statement')])) {
    const left = childInField(assignment, 'left');
    const right = childInField(assignment, 'right');
    if (left === null || right === null || assignment.type === 'for_statement') continue;
    const callee = right.type === 'call' ? childInField(right, 'function') : null;
    const attribute = callee?.type === 'attribute' ? childInField(callee, 'attribute') : null;
    const called = attribute === null ? '' : textOf(attribute, text);
    if (plainResults?.test(called) === true && lazyResults?.test(called) !== true) continue;
    if (![name, ...derived].some((one) => mentions(right, one, text))) continue;
    for (const target of nodesOf(left, 'identifier'))
      if (target.field !== 'attribute') derived.add(textOf(target, text));
  }
  derived.delete(name);
  return derived;
}

/** Behind the block, or in the next round of a loop before it is acquired again. */
function isUsedOutside({ path, block, statement }: Site, names: ReadonlySet<string>, text: string): boolean {
  const around = path.findLast(isFunction);
  const loop = path.find(({ type, start }) => /^(?:for|while)_statement$/.test(type) && start > (around?.start ?? 0));
  if (around === undefined) return false;
  return nodesOf(around, 'identifier').some((one) => {
    const isOutside =
      one.start >= block.end || (loop !== undefined && one.start > loop.start && one.end < statement.start);
    return isOutside && one.field !== 'attribute' && names.has(textOf(one, text));
  });
}

/** `known`: releases that are not guarded any more. */
export function finish(
  site: Site,
  name: string,
  guarded: readonly SyntaxNode[],
  known: readonly ReleaseStatement[],
): Region {
  return { ...superfluousIn(guarded, site.block, known, releasesOf(site, name)), guarded };
}

/** Indents the region behind the line of `from` and takes the releases away. */
export function guardEdits(
  { text, statement }: Site,
  { guarded, removed }: Region,
  unit: string,
  from: number = statement.end,
): Edit[] {
  const removals = removed.map((one) => removal(text, one.statement));
  const last = guarded.at(-1);
  if (last === undefined) return removals;
  const keep = [
    ...guarded.flatMap((one) => longStringsIn(one, text)),
    // A line that goes is not indented: its start has to be inside.
    ...removals.map(({ start, end }) => ({ start: start - 1, end })),
  ];
  return [...indented(text, { start: nextLine(text, from), end: last.end }, unit, keep), ...removals];
}

/** Where nothing is left to guard, `pass` stands there. */
export function emptyBody(site: Site, { guarded }: Region, unit: string): string {
  return guarded.length > 0 ? '' : `${lineBreakOf(site.text)}${indentAt(site.text, site.statement.start)}${unit}pass`;
}
