/**
 * The statements after an acquisition that a `try` has to guard, and what changes in them: releases that the `try`
 * now does, and variables that are used after it, which have to be declared before it.
 */
import type { Edit } from '../../../findings/edit.ts';
import { asRelease, superfluousIn, type ReleaseStatement, type Superfluous } from '../../fixing/release-statements.ts';
import {
  blankLinesEnd,
  contains,
  indented,
  indentAt,
  lineBreakOf,
  lineEnd,
  nextLine,
  pathTo,
  removal,
} from '../../fixing/source-edits.ts';
import { childInField, walk, type SyntaxNode } from '../../tree-sitter.ts';
import { endOfWait } from './pending.ts';
import { releasesOf } from './releases.ts';
import type { Site } from './site.ts';
import {
  declarationOf,
  declaredNames,
  hasCall,
  isFunction,
  laterCases,
  mentions,
  mentionsOf,
  textBlocksIn,
  type Declaration,
} from './syntax.ts';
import { earlierDeclaration } from './variables.ts';

export interface Region extends Superfluous {
  readonly guarded: readonly SyntaxNode[];
  readonly hoisted: readonly Declaration[];
  /** Everything to the end of the block is guarded. */
  readonly isToEnd: boolean;
}

/** `name`: the variable, or what stands for it; a region starts after the statement with this index. */
export function regionOf(site: Site, name: string, from: number = site.index + 1): Region | null {
  const { text, request, statements, path, block } = site;
  const rest = statements.slice(from);
  const later = laterCases(path, block);
  // The next `case` goes on with it.
  if (later.some((one) => mentions(one, name, text)) && !leaves(statements.at(-1))) return null;
  const sites = request.remedy?.releasedAt ?? [];
  const explicit = lastRelease(site, rest, name);
  if (explicit !== null) {
    const guarded = rest.slice(0, explicit.index);
    const behind = rest.slice(explicit.index + 1);
    const hoisted = hoistedFrom(guarded, [...behind, ...later], text);
    // A plain `return` behind it may as well stand in the `try`, with what it returns.
    const [only, ...others] = behind;
    if (hoisted?.length !== 0 && only?.type === 'return_statement' && others.length === 0 && !hasCall(only)) {
      const whole = rest.slice(0, explicit.index + 2);
      if (hoistedFrom(whole, later, text)?.length === 0) return finish(site, name, whole, [], [explicit.release], true);
    }
    if (hoisted !== null)
      return finish(site, name, guarded, hoisted, [explicit.release], explicit.index + 1 === rest.length);
  }
  const derived = derivedNames(site, rest, name);
  if (isUsedBehind(site, derived)) return null;
  const used = rest.findLastIndex((one) => mentions(one, name, text) || holdsRelease(one, sites));
  const last = extended(rest, Math.max(used, endOfWait(site, rest, name) ?? used), derived, text);
  const end = last < 0 && request.remedy?.isReceiver === true ? rest.length - 1 : last;
  return finish(site, name, rest.slice(0, end + 1), [], [], end + 1 === rest.length);
}

function holdsRelease(node: SyntaxNode, sites: readonly { readonly span: { start: number; end: number } }[]): boolean {
  return sites.some(({ span }) => contains(node, span));
}

function leaves(statement: SyntaxNode | undefined): boolean {
  return /^(?:break|return|throw|continue|yield)_statement$/.test(statement?.type ?? '');
}

/** The statement that releases it and after which nothing uses it. */
function lastRelease(
  site: Site,
  rest: readonly SyntaxNode[],
  name: string,
): { index: number; release: ReleaseStatement } | null {
  const index = rest.findLastIndex((one) => mentions(one, name, site.text));
  const statement = rest[index];
  const release = statement === undefined ? null : asRelease(statement, releasesOf(site, name));
  return release === null ? null : { index, release };
}

/** What is declared in the guarded part and used behind it; null: some cannot be declared before. */
export function hoistedFrom(
  guarded: readonly SyntaxNode[],
  behind: readonly SyntaxNode[],
  text: string,
): Declaration[] | null {
  const hoisted: Declaration[] = [];
  for (const statement of guarded) {
    const names = declaredNames(statement, text);
    if (!names.some((name) => behind.some((one) => mentions(one, name, text)))) continue;
    const declaration = declarationOf(statement, text);
    if (declaration === null || text.slice(declaration.type.start, declaration.type.end) === 'var') return null;
    if (declaration.value?.type === 'array_initializer') return null;
    hoisted.push(declaration);
  }
  return hoisted;
}

/** As far as anything is used that was declared or made of the resource on the way: it may hold on to it. */
function extended(rest: readonly SyntaxNode[], last: number, derived: ReadonlySet<string>, text: string): number {
  let end = last;
  for (let index = 0; index <= end; index++) {
    const statement = rest[index];
    for (const name of statement === undefined ? [] : [...declaredNames(statement, text), ...derived])
      end = Math.max(
        end,
        rest.findLastIndex((one) => mentions(one, name, text)),
      );
  }
  return end;
}

/** Variables from outside that something made of the resource is assigned to: `rows = statement.executeQuery()`. */
function derivedNames({ path, text, statement }: Site, rest: readonly SyntaxNode[], name: string): Set<string> {
  const derived = new Set<string>();
  const isMade = (value: SyntaxNode): boolean =>
    [name, ...derived].some((one) => mentions(value, one, text)) && value.type !== 'binary_expression';
  for (const one of rest) {
    walk(one, (node) => {
      const left = node.type === 'assignment_expression' ? childInField(node, 'left') : null;
      const right = childInField(node, 'right');
      if (left?.type === 'identifier' && right !== null && isMade(right)) {
        const target = text.slice(left.start, left.end);
        const type = earlierDeclaration(path, statement, target, text)?.type;
        const isValue =
          type !== undefined &&
          /^(?:int|long|short|byte|char|boolean|float|double|String)\b/.test(text.slice(type.start, type.end));
        if (target !== name && !isValue) derived.add(target);
      }
      return 'inside';
    });
  }
  return derived;
}

/** What was made of the resource is used where it is closed by then; that it is released there does not matter. */
function isUsedBehind({ path, block, text }: Site, derived: ReadonlySet<string>): boolean {
  const around = path.findLast(isFunction);
  if (around === undefined || derived.size === 0) return false;
  return [...derived].some((name) =>
    mentionsOf(around, name, text).some((one) => {
      if (one.start < block.end) return false;
      return !pathTo(around, one).some(({ type }) => type === 'finally_clause');
    }),
  );
}

function finish(
  site: Site,
  name: string,
  guarded: readonly SyntaxNode[],
  hoisted: readonly Declaration[],
  known: readonly ReleaseStatement[],
  isToEnd: boolean,
): Region | null {
  const releases = superfluousIn(guarded, site.block, known, releasesOf(site, name));
  if (releases.keepsRelease && site.request.remedy?.isOnce === true) return null;
  return { ...releases, guarded, hoisted, isToEnd };
}

/** Opens after `head`, closes behind the last guarded statement with `tail`: `} finally { … }`. */
export function guardEdits(site: Site, region: Region, unit: string, tail: string): Edit[] {
  const { text, statement } = site;
  const { guarded, removed, hoisted } = region;
  const indent = indentAt(text, statement.start);
  const last = guarded.at(-1);
  const end = endOfLine(text, last?.end ?? statement.end);
  const removals = removed.map((one) => removal(text, one.statement));
  const first = guarded[0];
  const body =
    first === undefined || last === undefined
      ? []
      : indented(text, { start: nextLine(text, statement.end), end: last.end }, unit, [
          ...guarded.flatMap((one) => textBlocksIn(one, text)),
          ...removals
            .filter(({ start, end: to }) => to > start)
            .map(({ start, end: to }) => ({ start: start - 1, end: to })),
        ]);
  const opening = endOfLine(text, statement.end);
  const blank = { start: opening, end: Math.max(opening, blankLinesEnd(text, statement.end)), text: '' };
  return [
    ...(guarded.length > 0 && opening === lineEnd(text, statement.end) ? [blank] : []),
    ...body,
    ...removals,
    ...hoisted.flatMap((declaration) => splitDeclaration(declaration, text)),
    { start: end, end, text: lineBreakOf(text) + indent + tail },
  ];
}

/** The declarations that go before the guard, each on a line of its own. */
export function hoistedText({ hoisted }: Region, site: Site): string {
  const indent = indentAt(site.text, site.statement.start);
  return hoisted
    .map(({ node, type, name }) => {
      const head = site.text.slice(node.start, type.end);
      return `${head} ${name};${lineBreakOf(site.text)}${indent}`;
    })
    .join('');
}

function splitDeclaration({ node, name, value }: Declaration, text: string): Edit[] {
  if (value === null) return [removal(text, node)];
  const declarator = node.children.find(({ type }) => type === 'variable_declarator');
  const start = declarator === undefined ? null : childInField(declarator, 'name');
  return start === null ? [] : [{ start: node.start, end: start.start, text: '' }].filter(() => name !== '');
}

/** Behind a comment on the same line, unless more code follows there. */
export function endOfLine(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  return /^\s*(?:\/\/.*|\/\*[^\n]*\*\/\s*)?$/.test(text.slice(offset, end)) ? end : offset;
}
