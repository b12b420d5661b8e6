/**
 * What listens for the rest of an asynchronous function, and is taken back where that ends:
 *
 *     process.on('exit', onExit);
 *     try { await ended(child); } finally { process.off('exit', onExit); }
 */
import type { Edit, Fix } from '../../../findings/edit.ts';
import { fixOf, indentAt, lineBreakOf } from '../../fixing/source-edits.ts';
import { childOf, isFunction, isSet, partsOf, type Node } from '../nodes.ts';
import { guardText, isOnLaterLine } from './guard.ts';
import { promisesIn } from './pending.ts';
import { statementsIn, type Site } from './site.ts';
import { isAssignedIn, semicolonOf, takenBack } from './taken-back.ts';

export function takenBackAtTheEnd(site: Site): Fix[] {
  const { fn, statements, index, block } = site;
  const rest = statements.slice(index + 1);
  const kept = takenBack(site, new Set());
  // What is not waited for would no longer be heard.
  if (kept === null || kept.isResult || !isSet(fn, 'async') || childOf(fn, 'body') !== block) return [];
  if (!rest.some(isWaiting) || !isOnLaterLine(site, rest)) return [];
  if (kept.mentioned.some((name) => isAssignedIn(fn, name))) return [];
  const hoisted = rest.filter(({ type }) => type === 'FunctionDeclaration' || type === 'ClassDeclaration');
  if (hoisted.length > 0) return [];
  const release = `${kept.release({ isDoubtful: false })}${semicolonOf(site)}`;
  const returned = rest.flatMap(promisesIn);
  const edits: Edit[] = [
    ...kept.named(`const ${kept.name} = `),
    ...(inExisting(site, rest, release) ??
      guardText(site, { guarded: rest, removals: [], head: 'try {', tail: ['} finally {', release] })),
    ...returned.map(({ range: [start] }) => ({ start, end: start, text: 'await ' })),
  ];
  const reasons = ['from the end of the function on the event is not heard any more'];
  if (kept.losesTypes) reasons.push('the parameters of the listener need types of their own');
  const title = `Remove \`${kept.name}\` at the end of the function`;
  return [fixOf({ title, style: 'removed-in-finally', edits }, reasons)];
}

/** The `finally` of a `try` that is all there is; null: there is none. */
function inExisting({ text }: Site, [only, ...others]: readonly Node[], release: string): Edit[] | null {
  const finalizer = only?.type === 'TryStatement' && others.length === 0 ? childOf(only, 'finalizer') : null;
  const [first] = finalizer === null ? [] : statementsIn(finalizer);
  if (first === undefined) return null;
  const start = first.range[0];
  return [{ start, end: start, text: release + lineBreakOf(text) + indentAt(text, start) }];
}

/** Its own `await` or a promise it returns, not those of functions in it. */
function isWaiting(node: Node): boolean {
  if (isFunction(node)) return false;
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && isSet(node, 'await'))) return true;
  return promisesIn(node).length > 0 || partsOf(node).some(isWaiting);
}
