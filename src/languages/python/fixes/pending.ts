/** What may still need the resource when a block is over: functions that run later, and what is returned. */
import { textOf } from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
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
function givesValue({ text, habits: { readers, plainResults } }: Site, call: SyntaxNode): boolean {
  const callee = childInField(call, 'function');
  const called = callee?.type === 'attribute' ? childInField(callee, 'attribute') : callee;
  const name = called === null ? '' : textOf(called, text);
  return readers?.test(name) === true || plainResults?.test(name) === true;
}
