/** `lock.lock(); work();` becomes `lock.lock(); try { work(); } finally { lock.unlock(); }`. */
import type { Edit, Fix } from '../../../findings/edit.ts';
import { releaseStatements, superfluous, type ReleaseStatement } from '../../fixing/release-statements.ts';
import {
  fixOf,
  indentAt,
  indented,
  indentUnit,
  lineBreakOf,
  pathTo,
  removal,
  textOf,
  written,
} from '../../fixing/source-edits.ts';
import { childOfType, type SyntaxNode } from '../../tree-sitter.ts';
import { isHandled } from './exceptions.ts';
import { writtenType } from './imports.ts';
import { endsResult, usesToCome } from './pending.ts';
import { endOfLine, guardEdits, hoistedText, regionOf, type Region } from './region.ts';
import { releasesOf } from './releases.ts';
import type { Site } from './site.ts';
import { isBlock, isFunction, mentions, mentionsOf, statementsIn, textBlocksIn } from './syntax.ts';
import { earlierDeclaration } from './variables.ts';

const style = 'try-finally';

export function tryFinally(site: Site): Fix[] {
  const { form, request } = site;
  if (form.kind === 'temporary' || request.remedy?.calls[0] === undefined) return [];
  if (request.remedy.isTransferred) return [];
  if (form.kind === 'assigned') {
    const declaration = earlierDeclaration(site.path, site.statement, form.name, site.text);
    // A field, or a parameter: it may be used behind this function.
    if (declaration === null) return [];
    if (!site.statements.includes(declaration.node)) return around(site, form.name, declaration);
  }
  const region = regionOf(site, form.name);
  if (region === null || (form.kind === 'receiver' && isForMore(site, region, form.name))) return [];
  if (endsResult(site, region, form.name)) return [];
  const { text, statement } = site;
  const release = releaseOf(site, form.name);
  const indent = indentAt(text, statement.start);
  const unit = indentUnit(text, '    ');
  const tail = ['} finally {', ...release.lines.map((line) => unit + line), '}'].join(lineBreakOf(text) + indent);
  const head = endOfLine(text, statement.end);
  if (region.guarded.length === 0) {
    const lines = release.lines.map((line) => lineBreakOf(text) + indent + line).join('');
    return [released(site, form.name, region, release, [{ start: head, end: head, text: lines }])];
  }
  const edits = [
    { start: statement.start, end: statement.start, text: hoistedText(region, site) },
    { start: head, end: head, text: `${lineBreakOf(text)}${indent}try {` },
    ...guardEdits(site, region, unit, tail),
  ];
  return [released(site, form.name, region, release, edits)];
}

/** `if (changes) folder.open(WRITE); else folder.open(READ);`: what is opened there is for what comes behind. */
function isForMore({ path, block, text, request }: Site, { guarded }: Region, name: string): boolean {
  if (guarded.length === 0) return true;
  const around = path.findLast(isFunction);
  if (around === undefined || request.remedy?.family === 'lock') return false;
  return mentionsOf(around, name, text).some(({ start }) => start > block.end);
}

/** Where the variable lives longer than the block it is assigned in: everything that uses it is guarded. */
function around(site: Site, name: string, declaration: { node: SyntaxNode; value: SyntaxNode | null }): Fix[] {
  const { text, path } = site;
  const block = path.find((node) => node.children.includes(declaration.node));
  if (block === undefined || !isBlock(block)) return [];
  const statements = statementsIn(block);
  const from = statements.findIndex((one) => path.includes(one));
  const first = statements[from];
  if (first === undefined) return [];
  const outer: Site = {
    ...site,
    block,
    statements,
    index: from,
    statement: first,
    path: path.slice(0, path.indexOf(first) + 1),
  };
  const release = releaseOf(outer, name, true);
  const unit = indentUnit(text, '    ');
  const initial = declaration.value === null ? assignable(declaration.node, text) : [];
  // Functions in it use only what is assigned once.
  if (initial.length > 0 && statements.some((one) => isCaptured(one, name, text))) return [];
  const last = statements.findLastIndex((one) => mentions(one, name, text));
  const rest = statements.slice(from + 1, last + 1);
  const parent: SyntaxNode = {
    ...block,
    type: 'block',
    start: first.start,
    children: statements.slice(from, last + 1),
  };
  const releases = releaseStatements(parent, releasesOf(outer, name));
  const onlyReleases = rest.every((one) => releases?.some(({ statement }) => statement === one) === true);
  if (first.type === 'try_statement' && onlyReleases) return intoTry(outer, name, release, initial, releases, parent);
  const region = regionOf(outer, name, from);
  if (region === null || region.hoisted.length > 0 || endsResult(outer, region, name)) return [];
  const indent = indentAt(text, first.start);
  const breakAndIndent = lineBreakOf(text) + indent;
  const tail = ['} finally {', ...release.lines.map((line) => unit + line), '}'].join(breakAndIndent);
  const body = indented(text, { start: first.start, end: first.end }, unit, textBlocksIn(first, text));
  const start = text.slice(0, first.start).length - indent.length;
  const edits = [
    ...initial,
    { start, end: start, text: `${indent}try {${lineBreakOf(text)}` },
    ...body,
    ...guardEdits(outer, { ...region, guarded: region.guarded.slice(region.guarded[0] === first ? 1 : 0) }, unit, tail),
  ];
  return [released(outer, name, region, release, edits)];
}

/** `final T x;` becomes `T x = null;`. */
function assignable(declaration: SyntaxNode, text: string): Edit[] {
  const modifiers = childOfType(declaration, 'modifiers');
  const final = modifiers?.children.find(({ type }) => type === 'final');
  const end = declaration.end - 1;
  const start = final?.start ?? 0;
  const blanks = final === undefined ? 0 : (/^\s*/.exec(text.slice(final.end))?.[0].length ?? 0);
  return [
    ...(final === undefined ? [] : [{ start, end: final.end + blanks, text: '' }]),
    { start: end, end, text: ' = null' },
  ];
}

function isCaptured(node: SyntaxNode, name: string, text: string): boolean {
  if (isFunction(node)) return mentions(node, name, text);
  return node.children.some((child) => isCaptured(child, name, text));
}

/** An existing `try` gets the release in its `finally`, guarded against what is released there before. */
function intoTry(
  site: Site,
  name: string,
  release: Release,
  initial: readonly Edit[],
  releases: readonly ReleaseStatement[] | null,
  within: SyntaxNode,
): Fix[] {
  const { text, statement } = site;
  const unit = indentUnit(text, '    ');
  const indent = indentAt(text, statement.start);
  const breakAndIndent = lineBreakOf(text) + indent;
  const clause = childOfType(statement, 'finally_clause');
  const block = clause === null ? null : childOfType(clause, 'block');
  // In a `try` in there as well: what its clauses catch they still do.
  const direct = releases?.find(({ parents }) => {
    const holder = parents.at(-1);
    return block !== null && holder?.type === 'block' && parents.includes(block) && isAlwaysReached(holder, parents);
  });
  const holder = direct?.parents.at(-1);
  if (holder !== undefined && direct !== undefined) return chained(site, name, holder, direct, unit);
  const gone: Region = {
    ...superfluous(releases, within, { ...releasesOf(site, name), isOnlyContent: isAlone }),
    guarded: [statement],
    hoisted: [],
    isToEnd: false,
  };
  const removals = gone.removed.map((one) => removal(text, one.statement));
  if (gone.keepsRelease && site.request.remedy?.isOnce === true) return [];
  if (block === null) {
    const tail = [' finally {', ...release.lines.map((line) => unit + line), '}'].join(breakAndIndent);
    const edits = [...initial, ...removals, { start: statement.end, end: statement.end, text: tail }];
    return [released(site, name, gone, release, edits)];
  }
  const inner = statementsIn(block);
  const [first, last] = [inner[0], inner.at(-1)];
  if (first === undefined || last === undefined) return [];
  const edits = [...initial, ...removals, ...wrapped(text, first, last, release.lines, unit)];
  return [released(site, name, gone, release, edits)];
}

function isAlone({ parents }: ReleaseStatement): boolean {
  return parents.at(-1)?.children.length === 1;
}

/** A block that is always reached: the `finally`, or the body of a `try` in it. */
function isAlwaysReached(block: SyntaxNode, parents: readonly SyntaxNode[]): boolean {
  const around = parents.at(-2)?.type;
  return around === 'finally_clause' || (block.field === 'body' && around === 'try_statement');
}

/** `finally { a.close(); b.close(); }`: what stands before gets a `try`, whose `finally` is the release. */
function chained(site: Site, name: string, block: SyntaxNode, release: ReleaseStatement, unit: string): Fix[] {
  const { text } = site;
  const inner = statementsIn(block);
  const at = inner.indexOf(release.statement);
  const [first, last] = [inner[0], inner[at - 1]];
  if (first === undefined || last === undefined) return [];
  const indent = indentAt(text, first.start);
  const start = first.start - indent.length;
  const end = endOfLine(text, last.end);
  const closing = endOfLine(text, release.statement.end);
  const edits = [
    { start, end: start, text: `${indent}try {${lineBreakOf(text)}` },
    ...indented(text, { start, end: last.end }, unit, []),
    { start: end, end, text: `${lineBreakOf(text)}${indent}} finally {` },
    ...indented(text, { start: release.statement.start, end: release.statement.end }, unit, []),
    { start: closing, end: closing, text: `${lineBreakOf(text)}${indent}}` },
  ];
  const title = `Release \`${name}\` even if what is released before it fails`;
  return [fixOf({ title, style, edits }, [])];
}

function wrapped(text: string, first: SyntaxNode, last: SyntaxNode, lines: readonly string[], unit: string): Edit[] {
  const indent = indentAt(text, first.start);
  const start = first.start - indent.length;
  const end = endOfLine(text, last.end);
  const tail = ['} finally {', ...lines.map((line) => unit + line), '}'].join(lineBreakOf(text) + indent);
  return [
    { start, end: start, text: `${indent}try {${lineBreakOf(text)}` },
    ...indented(text, { start, end: last.end }, unit, []),
    { start: end, end, text: lineBreakOf(text) + indent + tail },
  ];
}

export interface Release {
  /** Without indentation of their own block. */
  readonly lines: readonly string[];
  readonly reasons: readonly string[];
  /** Imports it takes. */
  readonly edits: readonly Edit[];
}

/** The release as statements: with a null test where the value may be null, its exception caught where none may pass. */
export function releaseOf(site: Site, name: string, mayBeNull = false): Release {
  const { request, text, path } = site;
  const { remedy } = request;
  const unit = indentUnit(text, '    ');
  const call = `${written(remedy?.calls[0] ?? '$.close()', name)};`;
  const around = path.findLast(isFunction);
  const body = around === undefined ? '' : text.slice(around.start, around.end);
  const isTested = new RegExp(`\\b${name.replace(/\W/g, '.')}\\s*[!=]=\\s*null`).test(body);
  const isFresh =
    site.acquisition.type === 'object_creation_expression' &&
    !text.slice(site.statement.start, site.acquisition.start).includes('?');
  const isMaybe = mayBeNull || isChosen(site) || (isTested && !isFresh);
  const isGuarded = site.form.kind !== 'receiver' && isMaybe;
  const guarded = isGuarded ? [`if (${name} != null) {`, `${unit}${call}`, '}'] : [call];
  if (needsNoHandler(site)) return { lines: guarded, reasons: [], edits: [] };
  // A clause for what is never thrown does not compile, unless it is for all exceptions.
  const types = remedy?.mayAnnounceLess === true ? [] : (remedy?.throws ?? []);
  const names = types.map((type) => writtenType(type, site.file));
  const caught = names.length === 0 ? 'Exception' : names.map((type) => type?.text ?? 'Exception').join(' | ');
  const variable = /\be\b/.test(body) ? 'ignored' : 'e';
  return {
    lines: [
      'try {',
      ...guarded.map((line) => unit + line),
      `} catch (${caught} ${variable}) {`,
      `${unit}// nothing can be done`,
      '}',
    ],
    reasons: ['an exception of the release is swallowed, because nothing here may throw it'],
    edits: names.flatMap((type) => type?.edits ?? []),
  };
}

/** `wanted ? open() : null` */
function isChosen({ statement, acquisition, text }: Site): boolean {
  const path = pathTo(statement, acquisition);
  const chosen = path.find(({ type }, at) => type === 'ternary_expression' && path[at + 1]?.field !== 'condition');
  return chosen !== undefined && /\bnull\b/.test(textOf(chosen, text));
}

/** What the release throws is caught or declared here, as far as anybody can tell. */
export function needsNoHandler({ request: { remedy }, path, text }: Site): boolean {
  if (isHandled(path, remedy?.throws ?? null, text)) return true;
  // Nobody knows what the release throws, but the function calls it, or a commit, without more ado elsewhere.
  return (
    remedy?.throws === null &&
    (remedy.family === 'lock' || remedy.releasedAt.some(({ isAfterFailure }) => !isAfterFailure))
  );
}

function released(site: Site, name: string, region: Region, release: Release, edits: readonly Edit[]): Fix {
  const isLock = site.request.remedy?.family === 'lock';
  const reasons = [
    ...release.reasons,
    ...usesToCome(site, region, name),
    ...(region.swallows ? [`an exception that releasing \`${name}\` throws is no longer swallowed`] : []),
    ...(region.delays ? [`\`${name}\` is released after what is returned is computed`] : []),
    ...(region.keepsRelease ? [`\`${name}\` is also released explicitly, which then happens twice`] : []),
  ];
  const title = `Release \`${name}\` in a \`finally\``;
  return fixOf({ title, style: isLock ? 'unlock-in-finally' : style, edits: [...release.edits, ...edits] }, reasons);
}
