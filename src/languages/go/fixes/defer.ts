/** `f, err := open(); if err != nil { return err }` gets `defer f.Close()` behind it. */
import type { Edit, Fix } from '../../../findings/edit.ts';
import type { Span } from '../../../ir/ir.ts';
import { behindRelease } from '../../fixing/behind-release.ts';
import type { Habits } from '../../habits.ts';
import {
  contains,
  fixOf,
  freshName,
  indentAt,
  indentUnit,
  isWordIn,
  lineBreakOf,
  lineEnd,
  pathTo,
  removal,
  textOf,
  written,
} from '../../fixing/source-edits.ts';
import { childInField, childOfType, type SyntaxNode } from '../../tree-sitter.ts';
import { listed, parts, statementsOf } from '../lower/nodes.ts';
import { givesWhatNeedsIt, usesByGoroutines, usesByResults } from './pending.ts';
import { throughOf, type Site } from './site.ts';

export function deferred(site: Site): Fix[] {
  const { request, text, loop } = site;
  const { remedy } = request;
  const [call] = remedy?.calls ?? [];
  if (remedy === null || call === undefined || remedy.isTransferred || loop !== null || givesWhatNeedsIt(site))
    return [];
  const named = site.value === null ? namedBlank(site, call) : { value: site.value, edits: [] };
  if (named === null) return [];
  const releases = explicitReleases(site);
  // A release that is part of something else, or that more follows, says when it is to happen.
  const isEarly = releases.some(({ statement, isLast }) => statement === null || !isLast);
  if (isEarly && remedy.family === 'lock') return [];
  const spot = spotOf(site);
  if (spot === null) return [];
  const release = `defer ${written(call, named.value)}`;
  const line = lineBreakOf(text) + spot.indent;
  // Where acquiring failed and the function goes on, there is nothing to release.
  const guarded = `if ${spot.unchecked ?? ''} == nil {${line}${indentUnit(text, '\t')}${release}${line}}`;
  const reasons = [
    ...usesByGoroutines(site),
    ...usesByResults(site),
    ...(isEarly ? [`\`${named.value}\` is also released explicitly, and the second time may fail`] : []),
    ...(remedy.family === 'transaction'
      ? ['the deferred call fails, with no effect, once the transaction is committed']
      : []),
  ];
  const edits: Edit[] = [
    ...named.edits,
    { start: spot.at, end: spot.at, text: line + (spot.unchecked === null ? release : guarded) },
    ...(isEarly ? [] : releases.flatMap(({ statement }) => (statement === null ? [] : removal(text, statement)))),
  ];
  const style = site.value === null ? 'named-defer' : 'defer';
  return [fixOf({ title: `Defer the release of \`${named.value}\``, style, edits }, reasons)];
}

interface Named {
  readonly value: string;
  readonly edits: readonly Edit[];
}

/** `ctx, _ := context.WithCancel(parent)`: the blank gets a name. */
function namedBlank({ assignment, text, request, fn }: Site, call: string): Named | null {
  if (assignment?.type !== 'short_var_declaration') return null;
  const blanks = listed(childInField(assignment, 'left')).filter((node) => textOf(node, text) === '_');
  const blank = call === '$()' ? blanks.at(-1) : blanks[0];
  if (blank === undefined) return null;
  const last = /[A-Z]?[a-z0-9]*$/.exec(request.resourceType)?.[0].toLowerCase() ?? '';
  const preset = call === '$()' ? 'cancel' : last.length > 1 ? last : 'opened';
  const body = textOf(fn, text);
  const name = freshName([preset], (one) => !isWordIn(one, body) || isKeptName(one, call, body));
  return { value: throughOf(name, request), edits: [{ start: blank.start, end: blank.end, text: name }] };
}

/** `context.WithCancel` has no variable called cancel. */
function isKeptName(name: string, call: string, body: string): boolean {
  return call === '$()' && !new RegExp(`\\b${name}\\b(?!\\()`).test(body);
}

interface ExplicitRelease {
  /** The whole statement; null: the release is part of something else. */
  readonly statement: SyntaxNode | null;
  /** Nothing but a return follows it on the way out of the function. */
  readonly isLast: boolean;
}

function explicitReleases({ fn, request, text, habits }: Site): ExplicitRelease[] {
  return (request.remedy?.releasedAt ?? []).flatMap(({ span, isPlain: isPlainSite }) => {
    const path = pathTo(fn, span);
    if (path.length === 1) return [];
    const index = path.findLastIndex(({ type }) => type === 'expression_statement' || type === 'defer_statement');
    const statement = path[index];
    if (statement?.type === 'defer_statement' || statement === undefined) return [{ statement: null, isLast: false }];
    const isWhole = isPlainSite && statement.start === span.start && statement.end === span.end;
    const behind = behindRelease(statement, path.slice(0, index), {
      isBlock: ({ type }) => type === 'statement_list',
      statementsIn: ({ children }) => children,
      leaves: ({ type }) => type === 'return_statement',
      isPlain: (next) => isPlain(next, text, habits),
      goesOn: (node) => (node.type === 'for_statement' || node.type === 'func_literal') && node !== fn,
    });
    return [{ statement: isWhole ? statement : null, isLast: isWhole && behind !== 'more' }];
  });
}

/** Evaluating it neither needs the release nor takes part in it: making an error does not. */
export function isPlain(statement: SyntaxNode, text: string, habits: Habits): boolean {
  const known = [/^(?:len|string)$/, habits.plainResults, habits.errorMakers, habits.errorWrappers];
  const called = textOf(statement, text).match(/[\w.\])]+(?=\()/g) ?? [];
  return called.every((name) => known.some((one) => one?.test(name) === true));
}

interface Spot {
  readonly at: number;
  readonly indent: string;
  /** The error that nobody has looked at there. */
  readonly unchecked: string | null;
}

/** Behind the test of the error, if there is one. */
function spotOf({ statement, siblings, error, text, assignment, request, habits }: Site): Spot | null {
  const endings = request.remedy?.endings ?? [];
  const indent = indentAt(text, statement.start);
  if (statement.type === 'if_statement' && assignment !== null && assignment !== statement)
    return insideIf(statement, error, text);
  const next = siblings[siblings.indexOf(statement) + 1];
  const isTest = next?.type === 'if_statement' && error !== null && childInField(next, 'initializer') === null;
  const test = isTest ? conditionOf(next, text) : '';
  const isOf = (pattern: string): boolean =>
    error !== null && test.replaceAll(' ', '').startsWith(`${error}${pattern}`);
  if (
    isTest &&
    isOf('!=nil') &&
    leaves(childInField(next, 'consequence'), text, endings) &&
    childInField(next, 'alternative') === null
  )
    return { at: lineEnd(text, next.end), indent, unchecked: null };
  if (isTest && isOf('==nil')) return insideIf(next, error, text);
  if (next !== undefined && error !== null && endsUnlessNil(next, error, text, habits))
    return { at: lineEnd(text, next.end), indent, unchecked: null };
  return { at: lineEnd(text, statement.end), indent, unchecked: error };
}

/** `require.NoError(t, err)` */
function endsUnlessNil(statement: SyntaxNode, error: string, text: string, { assertions }: Habits): boolean {
  const call = statement.type === 'expression_statement' ? childOfType(statement, 'call_expression') : null;
  const callee = call === null ? null : childInField(call, 'function');
  if (call === null || callee === null || assertions === null) return false;
  const name = textOf(callee, text);
  const given = parts(childInField(call, 'arguments') ?? callee).slice(0, 2);
  return assertions.ending.test(name) && assertions.null.test(name) && given.some((one) => textOf(one, text) === error);
}

function insideIf(statement: SyntaxNode, error: string | null, text: string): Spot | null {
  const test = conditionOf(statement, text).replaceAll(' ', '');
  const block = test === `${error ?? ''}==nil` ? childInField(statement, 'consequence') : null;
  const other = childInField(statement, 'alternative');
  const chosen = block ?? (test === `${error ?? ''}!=nil` && other?.type === 'block' ? other : null);
  if (chosen === null || error === null) return null;
  return {
    at: chosen.start + 1,
    indent: indentAt(text, statement.start) + indentUnit(text, '\t'),
    unchecked: null,
  };
}

function conditionOf(statement: SyntaxNode, text: string): string {
  const condition = childInField(statement, 'condition');
  return condition === null ? '' : textOf(condition, text);
}

/** The block never goes on behind its end. */
function leaves(block: SyntaxNode | null, text: string, endings: readonly Span[]): boolean {
  const last = statementsOf(block).at(-1);
  if (last === undefined) return false;
  if (/^(?:return|continue|break|goto)_statement$/.test(last.type)) return true;
  const call = last.type === 'expression_statement' ? childOfType(last, 'call_expression') : null;
  if (call === null) return false;
  return textOf(call, text).startsWith('panic(') || endings.some((one) => contains(call, one));
}
