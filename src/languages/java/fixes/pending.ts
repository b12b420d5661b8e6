/** What may still need the resource when a `try` is over: functions that run later, and what is returned or kept. */
import { textOf } from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import { parts } from '../lower/nodes.ts';
import { localNames } from './kept.ts';
import type { Region } from './region.ts';
import type { Site } from './site.ts';
import { isFunction, mentions, type Declaration } from './syntax.ts';

export function usesToCome(site: Site, region: Pick<Region, 'guarded' | 'removed'>, name: string): string[] {
  // What is returned under a lock needs it no longer.
  if (site.form.kind === 'receiver' || isReleasedByThen(site, region)) return [];
  return usesOf(site, region.guarded, name, name);
}

/** `Iterator<Path> paths = stream.iterator()`: what was declared of it needs it. */
export function usesOfDeclared(
  site: Site,
  { name: declared, type, value }: Declaration,
  guarded: readonly SyntaxNode[],
  name: string,
): string[] {
  const isPlain = value?.type === 'method_invocation' && site.habits.plainResults?.test(calledName(site, value));
  return isPlain === true || isValueType(site, type) ? [] : usesOf(site, guarded, declared, name);
}

/** What is returned is made of it and has to be released itself: rows that end with their statement. */
export function endsResult(site: Site, region: Pick<Region, 'guarded' | 'removed'>, name: string): boolean {
  if (site.form.kind === 'receiver' || isReleasedByThen(site, region)) return false;
  if (returnsLazy(site, region.guarded, name)) return true;
  if (site.request.remedy?.givesResource !== true) return false;
  const names = namesNeeding(site, region.guarded, name);
  return region.guarded.some((one) => isReturnedIn(site, one, names));
}

/** `return reader.lines().map(String::trim)`: nothing of it has been read by then. */
function returnsLazy(site: Site, guarded: readonly SyntaxNode[], name: string): boolean {
  const names = new Set<string>();
  const visit = (node: SyntaxNode): boolean => {
    if (isFunction(node)) return false;
    const { target, value } = assigned(node);
    if (target?.type === 'identifier' && value !== null && isLazy(site, value, name, names))
      names.add(textOf(target, site.text));
    if (node.type === 'return_statement') return parts(node).some((one) => isLazy(site, one, name, names));
    return node.children.some(visit);
  };
  return guarded.some(visit);
}

/** `names`: variables for what is lazy. */
function isLazy(site: Site, node: SyntaxNode, name: string, names: ReadonlySet<string>): boolean {
  switch (node.type) {
    case 'identifier':
      return names.has(textOf(node, site.text));
    case 'method_invocation': {
      const called = calledName(site, node);
      if (site.habits.lazyResults?.test(called) === true)
        return [name, ...names].some((one) => mentions(node, one, site.text));
      const object = childInField(node, 'object');
      return site.habits.plainResults?.test(called) !== true && object !== null && isLazy(site, object, name, names);
    }
    case 'parenthesized_expression':
    case 'cast_expression':
    case 'ternary_expression':
      return node.children.some((one) => isLazy(site, one, name, names));
    default:
      return false;
  }
}

/** Unless an exception is thrown: the `try` ends where it is released now. */
function isReleasedByThen({ request }: Site, { removed }: Pick<Region, 'removed'>): boolean {
  const isReleased = removed.some(({ parents }) => !parents.some(isFunction));
  return isReleased && request.remedy?.exits.every(({ kind }) => kind === 'throw') === true;
}

function usesOf(site: Site, guarded: readonly SyntaxNode[], name: string, resource: string): string[] {
  const isAwaited = endOfWait(site, guarded, name) !== null;
  const isUsedLater = !isAwaited && guarded.some((one) => laterIn(site, one, name).length > 0);
  const names = namesNeeding(site, guarded, name);
  const isReturned = !returnsValue(site) && guarded.some((one) => isReturnedIn(site, one, names));
  const isKept = guarded.some((one) => isKeptIn(site, one, names));
  return [
    ...(isUsedLater ? [`a function that may run later uses \`${resource}\``] : []),
    ...(isReturned ? [`what is returned may need \`${resource}\` later`] : []),
    ...(isKept ? [`what is kept may need \`${resource}\` later`] : []),
  ];
}

/** The last statement that waits for functions that run later; null: there are none, or nothing waits for them. */
export function endOfWait(site: Site, statements: readonly SyntaxNode[], name: string): number | null {
  if (site.form.kind === 'receiver') return null;
  const last = Math.max(...statements.flatMap((one) => laterIn(site, one, name)).map(({ end }) => end));
  const index = statements.findLastIndex((one) => waitsIn(site, one).some(({ end }) => end > last));
  return Number.isFinite(last) && index >= 0 ? index : null;
}

/** Functions that use it and may run later, those that are called at once aside. */
function laterIn(site: Site, node: SyntaxNode, name: string): SyntaxNode[] {
  if (isFunction(node) || node.type === 'method_reference') return mentions(node, name, site.text) ? [node] : [];
  const isAtOnce = node.type === 'method_invocation' && site.habits.runsAtOnce?.test(calledName(site, node)) === true;
  return node.children.flatMap((one) =>
    isAtOnce && one.field === 'arguments'
      ? one.children.flatMap((it) => laterWithin(site, it, name))
      : laterIn(site, one, name),
  );
}

/** Of a function that is called at once, what is in it. */
function laterWithin(site: Site, given: SyntaxNode, name: string): SyntaxNode[] {
  if (given.type === 'method_reference') return [];
  return given.type === 'lambda_expression'
    ? given.children.flatMap((one) => laterIn(site, one, name))
    : laterIn(site, given, name);
}

/** `future.get()`, `pool.awaitTermination(…)` */
function waitsIn(site: Site, node: SyntaxNode): SyntaxNode[] {
  if (isFunction(node)) return [];
  const within = node.children.flatMap((one) => waitsIn(site, one));
  const called = node.type === 'method_invocation' ? childInField(node, 'name') : null;
  const isWait = called !== null && site.habits.waits?.test(site.text.slice(called.start, node.end)) === true;
  return isWait ? [...within, node] : within;
}

/** `Stream<String> lines = reader.lines()` needs `reader`, `String line = reader.readLine()` does not. */
function namesNeeding(site: Site, guarded: readonly SyntaxNode[], name: string): ReadonlySet<string> {
  const names = new Set([name]);
  const visit = (node: SyntaxNode): void => {
    if (isFunction(node)) return;
    if (node.type === 'local_variable_declaration' && isValueType(site, childInField(node, 'type'))) return;
    const { target, value } = assigned(node);
    if (target?.type === 'identifier' && value !== null && needsOne(site, value, names))
      names.add(textOf(target, site.text));
    node.children.forEach(visit);
  };
  guarded.forEach(visit);
  return names;
}

function assigned(node: SyntaxNode): { readonly target: SyntaxNode | null; readonly value: SyntaxNode | null } {
  if (node.type === 'variable_declarator')
    return { target: childInField(node, 'name'), value: childInField(node, 'value') };
  if (node.type !== 'assignment_expression') return { target: null, value: null };
  return { target: childInField(node, 'left'), value: childInField(node, 'right') };
}

function isReturnedIn(site: Site, node: SyntaxNode, names: ReadonlySet<string>): boolean {
  if (isFunction(node)) return false;
  if (node.type === 'return_statement') return parts(node).some((one) => needsOne(site, one, names));
  return node.children.some((one) => isReturnedIn(site, one, names));
}

/** Assigned to a field. */
function isKeptIn(site: Site, node: SyntaxNode, names: ReadonlySet<string>): boolean {
  if (isFunction(node)) return false;
  const { target, value } = assigned(node);
  const around = site.path.findLast(isFunction);
  const isField =
    target?.type === 'field_access' ||
    (target?.type === 'identifier' &&
      around !== undefined &&
      !localNames(around, site.text).has(textOf(target, site.text)));
  if (isField && value !== null && needsOne(site, value, names)) return true;
  return node.children.some((one) => isKeptIn(site, one, names));
}

/** Its value may: what a function nobody knows makes of it does, a list of what it gave does not. */
function needsOne(site: Site, node: SyntaxNode, names: ReadonlySet<string>): boolean {
  switch (node.type) {
    case 'identifier':
      return names.has(textOf(node, site.text));
    case 'method_invocation':
      return (
        site.habits.plainResults?.test(calledName(site, node)) !== true &&
        [...names].some((one) => mentions(node, one, site.text))
      );
    case 'cast_expression':
      return !isValueType(site, childInField(node, 'type')) && node.children.some((one) => needsOne(site, one, names));
    case 'binary_expression':
    case 'unary_expression':
    case 'instanceof_expression':
    case 'field_access':
    case 'lambda_expression':
    case 'method_reference':
      return false;
    default:
      return node.children.some((one) => needsOne(site, one, names));
  }
}

function calledName({ text }: Site, call: SyntaxNode): string {
  const name = childInField(call, 'name');
  return name === null ? '' : textOf(name, text);
}

function returnsValue(site: Site): boolean {
  const around = site.path.findLast(isFunction);
  return around !== undefined && isValueType(site, childInField(around, 'type'));
}

/** A number, text, or an array of them. */
function isValueType({ habits, text }: Site, type: SyntaxNode | null): boolean {
  return type !== null && habits.valueTypes.test(textOf(type, text).replaceAll(/[[\]\s]/g, ''));
}
