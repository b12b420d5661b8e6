/** What may still need the resource when a block is over: functions that run later, and what is returned. */
import { contains, pathTo, textOf } from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import type { Region } from './region.ts';
import type { Site } from './site.ts';
import { mentions, nodesOf } from './syntax.ts';

export function usesToCome(site: Site, guarded: readonly SyntaxNode[], name: string): string[] {
  // What is returned under a lock needs it no longer.
  if (site.receiver !== null) return [];
  const within = (type: string): SyntaxNode[] => guarded.flatMap((one) => nodesOf(one, type));
  const later = [...within('lambda'), ...within('function_definition')];
  const isUsedLater = later.some((one) => mentions(one, name, site.text));
  const names = namesNeeding(site, within('assignment'), name);
  const isReturned = within('return_statement').some((one) => needsOne(site, one, names));
  return [
    ...(isUsedLater ? [`a function that may run later uses \`${name}\``] : []),
    ...(isReturned ? [`what is returned may need \`${name}\` later`] : []),
  ];
}

/**
 * To end it where the block ends would be wrong: it is released there already, and cannot be twice, what is returned reads it
 * later, or it is a matter of an option whether the function waits for it.
 */
export function cannotEnd(site: Site, { guarded, keepsRelease }: Region, name: string): boolean {
  const { remedy } = site.request;
  if (keepsRelease && remedy?.isOnce === true) return true;
  if (site.receiver === null && isReadLater(site, guarded, name)) return true;
  if (remedy?.releaseAlso == null) return false;
  return remedy.releasedAt.some(({ span }) =>
    guarded.some((one) => contains(one, span) && isOption(site, pathTo(one, span), name)),
  );
}

/** Below an `if` that does not ask for the resource. */
function isOption({ text }: Site, path: readonly SyntaxNode[], name: string): boolean {
  return path.some((node) => {
    const condition = node.type === 'if_statement' ? childInField(node, 'condition') : null;
    return condition !== null && !mentions(condition, name, text);
  });
}

/** A generator, or what reads as late as one. */
function isReadLater(site: Site, guarded: readonly SyntaxNode[], name: string): boolean {
  const within = (type: string): SyntaxNode[] => guarded.flatMap((one) => nodesOf(one, type));
  const names = new Set<string>();
  const isLate = (node: SyntaxNode): boolean => {
    if (node.type === 'identifier') return names.has(textOf(node, site.text));
    if (node.type === 'parenthesized_expression') return node.children.some(isLate);
    const isGenerator = node.type === 'generator_expression' || (node.type === 'call' && isLazyCall(site, node));
    return isGenerator && [name, ...names].some((one) => mentions(node, one, site.text));
  };
  for (const assignment of within('assignment')) {
    const [left, right] = [childInField(assignment, 'left'), childInField(assignment, 'right')];
    if (left?.type === 'identifier' && right !== null && isLate(right)) names.add(textOf(left, site.text));
  }
  return within('return_statement').some(({ children }) => children.some(isLate));
}

function isLazyCall({ request, text, habits: { lazyResults } }: Site, call: SyntaxNode): boolean {
  if (request.remedy?.lazyCalls.some(({ start, end }) => start === call.start && end === call.end) === true)
    return true;
  return lazyResults?.test(calledName(call, text)) === true;
}

/** `rows = csv.reader(f)` needs `f`, `text = f.read()` does not. */
function namesNeeding(site: Site, assignments: readonly SyntaxNode[], name: string): ReadonlySet<string> {
  const names = new Set([name]);
  for (const assignment of assignments) {
    const [left, right] = [childInField(assignment, 'left'), childInField(assignment, 'right')];
    if (left?.type === 'identifier' && right !== null && needsOne(site, right, names))
      names.add(textOf(left, site.text));
  }
  return names;
}

/** Its value may: what a function nobody knows makes of it does, a list of what it gave does not. */
function needsOne(site: Site, node: SyntaxNode, names: ReadonlySet<string>): boolean {
  switch (node.type) {
    case 'identifier':
      return names.has(textOf(node, site.text));
    case 'call':
      return !givesValue(site, node) && [...names].some((one) => mentions(node, one, site.text));
    case 'attribute':
    case 'comparison_operator':
    case 'not_operator':
    case 'list_comprehension':
    case 'set_comprehension':
    case 'dictionary_comprehension':
    case 'lambda':
      return false;
    default:
      return node.children.some((one) => needsOne(site, one, names));
  }
}

/** `f.read()`, `json.load(f)` */
function givesValue({ text, habits: { readers, plainResults, lazyResults } }: Site, call: SyntaxNode): boolean {
  const name = calledName(call, text);
  if (lazyResults?.test(name) === true) return false;
  return readers?.test(name) === true || plainResults?.test(name) === true;
}

function calledName(call: SyntaxNode, text: string): string {
  const callee = childInField(call, 'function');
  const called = callee?.type === 'attribute' ? childInField(callee, 'attribute') : callee;
  return called === null ? '' : textOf(called, text);
}
