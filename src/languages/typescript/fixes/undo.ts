/**
 * What a text begins that is given to a call of the resource, `client.query('BEGIN')`, is still open where something fails, and
 * whoever gets the client next has it: it is undone before the release.
 */
import { freshName, isWordIn, written } from '../../fixing/source-edits.ts';
import { childOf, isSet, nodesOf, partsOf, type Node } from '../nodes.ts';
import { mentions, textOf, type Site } from './site.ts';

export interface Undone {
  /** The clause, with its head, as deep as the `try`; what is in it is one level deeper. Empty: nobody can tell what it is. */
  readonly lines: readonly string[];
  readonly reasons: readonly string[];
}

interface Texts {
  /** First arguments of calls of the resource. */
  readonly told: string[];
  /** Others that may come to it: `run(client, 'BEGIN')`, `const text = 'BEGIN'`. */
  readonly others: string[];
}

/** null: there is nothing to undo, or the function does so itself. */
export function undoOnFailure(
  { request, fn, text, statement }: Site,
  guarded: readonly Node[],
  value: string,
): Undone | null {
  const { undo = null, exits = [] } = request.remedy ?? {};
  if (undo === null) return null;
  const { told, others } = textsIn(guarded, value, text);
  const isLike = (texts: readonly string[], pattern: string): boolean =>
    texts.some((one) => new RegExp(pattern, 'iu').test(one));
  if (!isLike(told, undo.after))
    return isLike(others, undo.after) ? { lines: [], reasons: ['what is begun may stay open'] } : null;
  if (isLike(told, undo.unless)) return null;
  const always = textsIn(guarded.flatMap(finalizersIn), value, text);
  if (isLike(always.told, undo.ends)) return null;
  const isDoubtful = isLike(others, undo.unless) || isLike(always.others, undo.ends);
  const error = freshName(['error'], (one) => !isWordIn(one, textOf(fn, text)));
  const end = /;\s*$/.test(textOf(statement, text)) ? ';' : '';
  const call = `${isSet(fn, 'async') ? 'await ' : ''}${written(undo.written, value)}${end}`;
  const returns = exits.some(({ kind }) => kind === 'return');
  return {
    lines: [`} catch (${error}) {`, call, `throw ${error}${end}`],
    reasons: [
      ...(returns ? ['where it returns early, what was begun stays open'] : []),
      ...(isDoubtful ? ['what was begun may be over by then'] : []),
    ],
  };
}

function finalizersIn(node: Node): Node[] {
  const own = node.type === 'TryStatement' ? childOf(node, 'finalizer') : null;
  return [...(own === null ? [] : [own]), ...partsOf(node).flatMap(finalizersIn)];
}

/** What literals say, but for those given to a method of something else: `console.log('begin of list')`. */
function textsIn(nodes: readonly Node[], value: string, text: string): Texts {
  const texts: Texts = { told: [], others: [] };
  const visit = (node: Node): void => {
    if (isLiteral(node)) texts.others.push(contentOf(node, text));
    const callee = node.type === 'CallExpression' ? childOf(node, 'callee') : null;
    const object = callee?.type === 'MemberExpression' ? childOf(callee, 'object') : null;
    const given = object === null ? [] : nodesOf(node, 'arguments');
    const isOwn = object !== null && textOf(object, text) === value;
    const isElsewhere = !isOwn && !given.some((one) => mentions(one, /^[\w$]+/.exec(value)?.[0] ?? value));
    const [first] = given;
    if (isOwn && first !== undefined && isLiteral(first)) texts.told.push(contentOf(first, text));
    const isKnown = (one: Node): boolean =>
      isLiteral(one) && given.includes(one) && (isElsewhere || (isOwn && one === first));
    partsOf(node)
      .filter((one) => !isKnown(one))
      .forEach(visit);
  };
  nodes.forEach(visit);
  return texts;
}

function isLiteral({ type }: Node): boolean {
  return type === 'Literal' || type === 'TemplateLiteral';
}

function contentOf(literal: Node, text: string): string {
  return textOf(literal, text).slice(1, -1);
}
