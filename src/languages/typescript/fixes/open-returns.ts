/** Where a function returns early with something open that one of its calls began, and another would have ended. */
import type { RemedyExit } from '../../../effects/remedy.ts';
import type { Edit } from '../../../findings/edit.ts';
import { indentAt, indentUnit, lineBreakOf } from '../../fixing/source-edits.ts';
import { childOf, isFunction, spanOf, type Node } from '../nodes.ts';
import { isBlock, pathTo, type Site } from './site.ts';

/** Those that leave open what one of the calls began, and that no path to them through one of `ends` has ended. */
export function openReturns(
  fn: Node,
  exits: readonly RemedyExit[],
  begins: readonly Node[],
  ends: readonly Node[],
): readonly Node[] {
  const found = new Set<Node>();
  for (const { kind, span } of exits) {
    const returned = kind === 'return' ? pathTo(fn, span).find(({ type }) => type === 'ReturnStatement') : undefined;
    if (returned === undefined) continue;
    const comesBefore = (one: Node): boolean => one.range[0] < returned.range[1] && isOnEachPathTo(fn, one, returned);
    if (begins.some(comesBefore) && !ends.some(comesBefore)) found.add(returned);
  }
  return [...found];
}

/** As far as can be told by where the two stand: no branch, loop or clause has the first alone. */
function isOnEachPathTo(fn: Node, first: Node, then: Node): boolean {
  const path = pathTo(fn, spanOf(first));
  return path.every((node, at) => {
    const inner = path[at + 1];
    if (inner === undefined || !mayPassOver(node, inner)) return true;
    return inner.range[0] <= then.range[0] && then.range[1] <= inner.range[1];
  });
}

function mayPassOver(node: Node, inner: Node): boolean {
  if (isFunction(node)) return true;
  if (!branches.has(node.type)) return false;
  return !['test', 'init', 'left'].some((field) => childOf(node, field) === inner);
}

const branches: ReadonlySet<string> = new Set([
  'CatchClause',
  'ConditionalExpression',
  'DoWhileStatement',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
  'IfStatement',
  'LogicalExpression',
  'SwitchCase',
  'WhileStatement',
]);

/** What undoes it, before the `return`; a block is made where it stands alone. */
export function undoBefore(returned: Node, call: string, { fn, text }: Site): Edit[] {
  const [start, end] = returned.range;
  const parent = pathTo(fn, spanOf(returned)).at(-2);
  if (parent === undefined || !isBlock(parent)) {
    return [
      { start, end: start, text: `{ ${call} ` },
      { start: end, end, text: ' }' },
    ];
  }
  const line = lineBreakOf(text) + indentAt(text, start) + indentUnit(text, '  ');
  return [{ start, end: start, text: `${call}${line}` }];
}
