/** `f = open(p)` becomes `with open(p) as f:`; what is no context manager is closed by `contextlib.closing`. */
import type { Edit, Fix } from '../../../findings/edit.ts';
import {
  blankLinesEnd,
  fixOf,
  freshName,
  indentAt,
  indented,
  indentUnit,
  isWordIn,
  lineBreakOf,
  lineEnd,
  nameFor,
  nextLine,
  pathTo,
  textOf,
} from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import { importedFrom } from './imports.ts';
import { cannotEnd, usesToCome } from './pending.ts';
import { emptyBody, guardEdits, regionOf, type Region } from './region.ts';
import { isAwaited, type Site } from './site.ts';
import { isAssignedIn, isFunction, longStringsIn, nodesOf } from './syntax.ts';

export function withStatement(site: Site): Fix[] {
  const { request, assignment, text, statement } = site;
  const manager = managerOf(site);
  if (manager === null || assignment === null) return [];
  const region = regionOf(site, assignment.name);
  // What is not opened on every path is no context manager on the others.
  if (region === null || isChosen(site) || cannotEnd(site, region, assignment.name)) return [];
  if (region.guarded.some((one) => isAssignedIn(one, assignment.name, text))) return [];
  const unit = indentUnit(text, '    ');
  const value = textOf(assignment.value, text);
  const head = `${manager.keyword} ${manager.before}${value}${manager.after} as ${assignment.name}:${emptyBody(site, region, unit)}`;
  const edits = [
    ...manager.edits,
    { start: statement.start, end: statement.end, text: head },
    { start: lineEnd(text, statement.end), end: blankLinesEnd(text, statement.end), text: '' },
    ...guardEdits(site, region, unit),
  ];
  const title = `Open \`${assignment.name}\` in ${aKeyword(manager)}`;
  return [fixOf({ title, style: manager.style, edits }, reasonsOf(site, region, request.variable ?? ''))];
}

/** `open(path) if path else None` */
export function isChosen({ assignment, expression }: Site): boolean {
  const path = assignment === null ? [] : pathTo(assignment.value, expression);
  return path.some(({ type }) => type === 'conditional_expression' || type === 'boolean_operator');
}

/** Keywords and builtins that titles end with. */
const keptNames = /^(?:file|map|pass|class|from|import|process)$/;

/** `open(p).read()` becomes `with open(p) as stream:` around the statement. */
export function namedTemporary(site: Site): Fix[] {
  const { request, text, statement, acquisition, expression, block, path } = site;
  const manager = managerOf(site);
  if (manager === null || site.assignment !== null || site.receiver !== null) return [];
  const isCompound = /^(?:if|for)_statement$/.test(statement.type);
  if (!isCompound && !/^(?:expression|return|raise|assert|print|delete)_statement$/.test(statement.type)) return [];
  if (acquisition !== site.expression || isHandedOver(site) || isConditional(site)) return [];
  const outer = path.at(-2);
  if (outer !== block) return [];
  const header = statement.children.find(({ type }) => type === 'block');
  if (header !== undefined && header.start < acquisition.start) return [];
  const wish = nameFor(request.resourceTitle);
  const around = path.findLast(isFunction) ?? site.file.root;
  const name = freshName(
    [wish === 'file' ? 'stream' : wish, 'resource'],
    (one) => !keptNames.test(one) && !isWordIn(one, textOf(around, text)),
  );
  const unit = indentUnit(text, '    ');
  const indent = indentAt(text, statement.start);
  const value = textOf(expression, text);
  const title = `Name the ${request.resourceTitle} \`${name}\` and open it in ${aKeyword(manager)}`;
  if (isWhole(statement, expression)) {
    const { start, end } = statement;
    const head = { start, end: start, text: `${manager.keyword} ${manager.before}` };
    const tail = { start: end, end, text: `${manager.after}:${lineBreakOf(text)}${indent}${unit}pass` };
    const edits = [...manager.edits, head, tail];
    return [
      fixOf(
        { title: `Open the ${request.resourceTitle} in ${aKeyword(manager)}`, style: `named-${manager.style}`, edits },
        [],
      ),
    ];
  }
  const edits = [
    ...manager.edits,
    {
      start: statement.start,
      end: statement.start,
      text: `${manager.keyword} ${manager.before}${value}${manager.after} as ${name}:${lineBreakOf(text)}${indent}${unit}`,
    },
    { start: expression.start, end: expression.end, text: name },
    ...indented(text, { start: nextLine(text, statement.start), end: statement.end }, unit, [
      ...longStringsIn(statement, text),
      expression,
    ]).filter(({ start }) => start > expression.end || start < expression.start),
  ];
  const lazy = isLazy(site) ? ['what is made of it may be used when it is closed'] : [];
  const early = isPrecededByCall(statement, acquisition)
    ? ['it is now opened before what stood before it in the statement']
    : [];
  return [fixOf({ title, style: `named-${manager.style}`, edits }, [...lazy, ...early])];
}

/** Before the statement it would be opened where it is not, and for each round of a comprehension only once. */
function isConditional({ statement, acquisition }: Site): boolean {
  const path = pathTo(statement, acquisition);
  return path.some((node, at) => {
    const next = path[at + 1];
    switch (node.type) {
      case 'conditional_expression':
      case 'lambda':
        return true;
      case 'boolean_operator':
        return next?.field === 'right';
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        // What the first `for` goes over is asked for at once.
        return next?.type !== 'for_in_clause' || next !== node.children.find(({ type }) => type === 'for_in_clause');
      default:
        return false;
    }
  });
}

/** `urlopen(url)`, which nobody uses, becomes `urlopen(url).close()`. */
export function releasedAtOnce({ request, assignment, statement, acquisition, expression }: Site): Fix[] {
  const [call] = request.remedy?.calls ?? [];
  if (call?.startsWith('$.') !== true || request.remedy?.isReceiver === true || assignment !== null) return [];
  // What does more than release is left to the `with`, which knows in which order.
  if (!isWhole(statement, acquisition) || expression !== acquisition || request.remedy?.releaseAlso != null) return [];
  const edits = [{ start: acquisition.end, end: acquisition.end, text: call.slice(1) }];
  return [fixOf({ title: `Release the ${request.resourceTitle} nobody uses`, style: 'release-at-once', edits }, [])];
}

function isWhole(statement: SyntaxNode, { start, end }: SyntaxNode): boolean {
  return statement.type === 'expression_statement' && statement.start === start && statement.end === end;
}

/** `self.folder = TemporaryDirectory()` keeps it, and `return Reader(open(p))` gives away what reads it later. */
function isHandedOver({ statement, acquisition, text }: Site): boolean {
  const [only] = statement.children;
  if (only?.type === 'assignment' && childInField(only, 'right') === acquisition) return true;
  return (
    statement.type === 'return_statement' && /\b[A-Z]\w*\(\s*$/.test(text.slice(statement.start, acquisition.start))
  );
}

/** `rows = csv.reader(open(p))`: what is assigned or returned was made of it, and is no plain value. */
function isLazy({ statement, acquisition, text, habits }: Site): boolean {
  const method = /^\.(\w+)/.exec(text.slice(acquisition.end))?.[1];
  if (method !== undefined && habits.plainResults?.test(method) === true) return false;
  if (statement.type === 'for_statement' || statement.type === 'if_statement') return false;
  const [only] = statement.children;
  if (statement.type === 'expression_statement' && only?.type === 'call') return false;
  const value = only?.type === 'assignment' ? only.children.at(-1) : statement.children.at(-1);
  const reader = value === undefined ? undefined : /^(?:\w+\.)*(\w+)\(/.exec(textOf(value, text))?.[1];
  return reader === undefined || habits.readers?.test(reader) !== true;
}

export interface Manager {
  readonly keyword: 'with' | 'async with';
  readonly style: string;
  readonly edits: readonly Edit[];
  /** What stands around the acquisition. */
  readonly before: string;
  readonly after: string;
}

function aKeyword({ keyword }: Manager): string {
  return keyword === 'with' ? 'a `with`' : 'an `async with`';
}

/** null: a `with` is not the way for it. */
export function managerOf(site: Site): Manager | null {
  const { request, file, expression, acquisition, isAsync } = site;
  const { remedy } = request;
  if (remedy === null || remedy.isTransferred) return null;
  // A `with` awaits nothing.
  if (remedy.style !== 'async with' && isAwaited(site)) return null;
  if (remedy.style === 'with' && expression === acquisition)
    return { keyword: 'with', style: 'with', edits: [], before: '', after: '' };
  if (remedy.style === 'async with' && isAsync)
    return { keyword: 'async with', style: 'async-with', edits: [], before: '', after: '' };
  const isCloseable = remedy.calls.includes('$.close()');
  if (!isCloseable || expression !== acquisition || (remedy.style !== 'closing' && remedy.style !== null)) return null;
  const closing = importedFrom(file, 'contextlib', 'closing');
  if (closing === null) return null;
  return { keyword: 'with', style: 'closing', edits: closing.edits, before: `${closing.name}(`, after: ')' };
}

function isPrecededByCall(statement: SyntaxNode, acquisition: SyntaxNode): boolean {
  return nodesOf(statement, 'call').some((call) => call.end <= acquisition.start);
}

export function reasonsOf(site: Site, region: Region, name: string): string[] {
  return [
    ...usesToCome(site, region.guarded, name),
    ...(region.swallows ? [`an exception that releasing \`${name}\` raises is no longer swallowed`] : []),
    ...(region.delays ? [`\`${name}\` is released after what is returned is computed`] : []),
    ...(region.keepsRelease ? [`\`${name}\` is also released explicitly, which then happens twice`] : []),
  ];
}
