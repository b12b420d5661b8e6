/**
 * What a text begins that is given to a call of the resource, `client.query('BEGIN')`, is still open where something fails, and
 * whoever gets the client next has it: it is undone before the release.
 */
import { freshName, isWordIn, written } from '../../fixing/source-edits.ts';
import { childOf, isSet, partsOf, type Node } from '../nodes.ts';
import { textOf, type Site } from './site.ts';

export interface Undone {
  /** The clause, with its head, as deep as the `try`; what is in it is one level deeper. */
  readonly lines: readonly string[];
  readonly reasons: readonly string[];
}

/** null: there is nothing to undo, or the function does so itself. */
export function undoOnFailure(
  { request, fn, text, statement }: Site,
  guarded: readonly Node[],
  value: string,
): Undone | null {
  const { undo = null, exits = [] } = request.remedy ?? {};
  if (undo === null) return null;
  const texts = guarded.flatMap((one) => textsIn(one, text));
  const isOneLike = (pattern: string): boolean => texts.some((one) => new RegExp(pattern, 'i').test(one));
  if (!isOneLike(undo.after) || isOneLike(undo.unless)) return null;
  const always = guarded.flatMap(finalizersIn).flatMap((one) => textsIn(one, text));
  if (always.some((one) => new RegExp(undo.ends, 'i').test(one))) return null;
  const error = freshName(['error'], (one) => !isWordIn(one, textOf(fn, text)));
  const end = /;\s*$/.test(textOf(statement, text)) ? ';' : '';
  const call = `${isSet(fn, 'async') ? 'await ' : ''}${written(undo.written, value)}${end}`;
  const returns = exits.some(({ kind }) => kind === 'return');
  return {
    lines: [`} catch (${error}) {`, call, `throw ${error}${end}`],
    reasons: returns ? ['where it returns early, what was begun stays open'] : [],
  };
}

function finalizersIn(node: Node): Node[] {
  const own = node.type === 'TryStatement' ? childOf(node, 'finalizer') : null;
  return [...(own === null ? [] : [own]), ...partsOf(node).flatMap(finalizersIn)];
}

/** What literals say. */
function textsIn(node: Node, text: string): string[] {
  if (node.type === 'Literal' || node.type === 'TemplateLiteral') return [textOf(node, text).slice(1, -1)];
  return partsOf(node).flatMap((one) => textsIn(one, text));
}
