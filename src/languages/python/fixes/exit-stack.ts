/**
 * What is opened in one block and used behind it:
 *
 *     with ExitStack() as stack:
 *         if isinstance(file, str):
 *             file = stack.enter_context(open(file))
 *         return load(file)
 *
 * The stack releases what was opened, and leaves alone what the variable holds on other paths.
 */
import type { Edit, Fix } from '../../../findings/edit.ts';
import { fixOf, freshName, indentAt, indentUnit, isWordIn, lineBreakOf, textOf } from '../../fixing/source-edits.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { importedFrom } from './imports.ts';
import { cannotEnd } from './pending.ts';
import { derivedNames, finish, guardEdits } from './region.ts';
import type { Site } from './site.ts';
import { isBlock, isFunction, mentions, nodesOf, statementsIn } from './syntax.ts';
import { managerOf, reasonsOf } from './with.ts';

interface Scope {
  readonly guarded: readonly SyntaxNode[];
  readonly isAroundLoop: boolean;
}

export function exitStack(site: Site): Fix[] {
  const { text, assignment, expression, file } = site;
  const manager = managerOf(site);
  const stack = importedFrom(file, 'contextlib', 'ExitStack');
  if (manager?.keyword !== 'with' || assignment?.value !== expression || stack === null) return [];
  const scope = scopeOf(site, assignment.name);
  const first = scope?.guarded[0];
  if (scope === null || first === undefined) return [];
  const around = site.path.findLast(isFunction) ?? file.root;
  const name = freshName(['stack', 'exits'], (one) => !isWordIn(one, textOf(around, text)));
  const unit = indentUnit(text, '    ');
  const line = lineBreakOf(text) + indentAt(text, first.start);
  const region = finish(site, assignment.name, scope.guarded, []);
  if (cannotEnd(site, region, assignment.name)) return [];
  const edits: Edit[] = [
    ...together(stack.edits, manager.edits),
    { start: first.start, end: first.start, text: `with ${stack.name}() as ${name}:${line}${unit}` },
    { start: expression.start, end: expression.start, text: `${name}.enter_context(${manager.before}` },
    { start: expression.end, end: expression.end, text: `${manager.after})` },
    ...guardEdits(site, region, unit, first.start),
  ];
  const reasons = [
    ...reasonsOf(site, region, assignment.name),
    ...(scope.isAroundLoop ? ['those of all rounds stay open until the loop has ended'] : []),
  ];
  return [fixOf({ title: `Open \`${assignment.name}\` in an \`ExitStack\``, style: 'exit-stack', edits }, reasons)];
}

/** The statements of the innermost block that all uses behind the acquisition are in; null: it is used in the next round. */
function scopeOf(site: Site, name: string): Scope | null {
  const { path, text, habits, statement } = site;
  const fn = path.findLastIndex(isFunction);
  const around = path[fn];
  const later = around === undefined ? [] : statementsBehind(path.slice(fn), statement);
  const names = [name, ...derivedNames(later, name, text, habits)];
  const isUsed = (node: SyntaxNode): boolean => names.some((one) => mentions(node, one, text));
  let isAroundLoop = false;
  for (let at = path.length - 1; at > fn; at--) {
    const node = path[at];
    if (node === undefined) continue;
    if (/^(?:for|while)_statement$/.test(node.type)) isAroundLoop = true;
    if (!isBlock(node)) continue;
    const outside = later.filter((one) => one.start >= node.end && isUsed(one));
    if (outside.length > 0) continue;
    const statements = statementsIn(node);
    const from = statements.findIndex((one) => path.includes(one));
    const last = Math.max(from, statements.findLastIndex(isUsed));
    return { guarded: statements.slice(from, last + 1), isAroundLoop };
  }
  return null;
}

/** Of the function, in all blocks around the statement. */
export function statementsBehind(path: readonly SyntaxNode[], { end }: SyntaxNode): SyntaxNode[] {
  return path
    .flatMap((node) => (isBlock(node) ? statementsIn(node) : node.children.flatMap(blocksOf)))
    .filter(({ start }) => start >= end);
}

/** `else`, `except` and their like stand beside the block they belong to. */
function blocksOf(node: SyntaxNode): SyntaxNode[] {
  return node.type.endsWith('_clause') ? nodesOf(node, 'block').flatMap(statementsIn) : [];
}

/** Two new imports from one module are one line. */
function together(some: readonly Edit[], others: readonly Edit[]): readonly Edit[] {
  const [one] = some;
  const [other] = others;
  if (one === undefined || other === undefined) return [...some, ...others];
  if (one.start !== other.start || !one.text.includes('from ')) return [one, other];
  const name = / import (\w+)/.exec(other.text)?.[1] ?? '';
  return [{ ...one, text: one.text.replace(/ import \w+/, (start) => `${start}, ${name}`) }];
}
