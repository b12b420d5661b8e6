/**
 * What a text begins that is given to a call of the resource, `client.query('BEGIN')`, is still open where something fails, and
 * whoever gets the client next has it: it is undone before the release.
 */
import type { Edit } from '../../../findings/edit.ts';
import { freshName, isWordIn, written } from '../../fixing/source-edits.ts';
import { childOf, isFunction, isSet, nodesOf, partsOf, spanOf, type Node } from '../nodes.ts';
import { openReturns, undoBefore } from './open-returns.ts';
import { mentions, pathTo, rootOf, textOf, type Site } from './site.ts';

export interface Undone {
  /** Before the returns that leave it open. */
  readonly edits: readonly Edit[];
  /** The clause, with its head, as deep as the `try`; what is in it is one level deeper. Empty: nobody can tell what it is. */
  readonly lines: readonly string[];
  readonly reasons: readonly string[];
}

interface Texts {
  /** First arguments of calls of the resource. */
  readonly told: Told[];
  /** Others that may come to it: `run(client, 'BEGIN')`, `const text = 'BEGIN'`. */
  readonly others: string[];
}

interface Told {
  readonly call: Node;
  readonly text: string;
}

/** null: there is nothing to undo, or the function does so itself. */
export function undoOnFailure(site: Site, guarded: readonly Node[], value: string): Undone | null {
  const { request, fn, text, statement } = site;
  const { undo = null, exits = [] } = request.remedy ?? {};
  if (undo === null) return null;
  const { told, others } = textsIn(guarded, value, text);
  const isLike = (texts: readonly string[], pattern: string): boolean =>
    texts.some((one) => new RegExp(pattern, 'iu').test(one));
  const calls = (all: readonly Told[], pattern: string): Node[] =>
    all.flatMap((one) => (isLike([one.text], pattern) ? [one.call] : []));
  const begins = calls(told, undo.after);
  if (begins.length === 0)
    return isLike(others, undo.after) ? { edits: [], lines: [], reasons: ['what is begun may stay open'] } : null;
  const undoes = calls(told, undo.unless);
  const ends = calls(told, undo.ends);
  const always = textsIn(guarded.flatMap(finalizersIn), value, text);
  if (calls(always.told, undo.ends).length > 0) return null;
  const isDoubtful = isLike(others, undo.unless) || isLike(always.others, undo.ends);
  const error = freshName(['error'], (one) => !isWordIn(one, textOf(fn, text)));
  const end = /;\s*$/.test(textOf(statement, text)) ? ';' : '';
  const call = `${isSet(fn, 'async') ? 'await ' : ''}${written(undo.written, value)}${end}`;
  const open = openReturns(fn, exits, begins, [...undoes, ...ends]);
  const edits = open.flatMap((one) => undoBefore(one, call, site));
  const isComputedLater = open.some((one) => mentions(one, rootOf(value)));
  const isUndone = undoes.some((one) => isOnFailure(fn, one));
  const isUndoneTwice = !isUndone && undoes.length > 0 && guarded.some(throwsItself);
  return {
    edits,
    lines: isUndone ? [] : [`} catch (${error}) {`, call, `throw ${error}${end}`],
    reasons: [
      ...(isComputedLater ? ['what is returned is computed when what was begun is undone'] : []),
      ...(isUndoneTwice ? ['what the function undoes before it throws is undone twice'] : []),
      ...(isDoubtful ? ['what was begun may be over by then'] : []),
    ],
  };
}

/** In a clause for failures, or in a function that may be called there. */
function isOnFailure(fn: Node, call: Node): boolean {
  return pathTo(fn, spanOf(call)).some(
    (node, at, path) =>
      node !== fn &&
      (node.type === 'CatchClause' || isFunction(node) || childOf(path[at - 1] ?? node, 'finalizer') === node),
  );
}

function throwsItself(node: Node): boolean {
  return node.type === 'ThrowStatement' || (!isFunction(node) && partsOf(node).some(throwsItself));
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
    const isElsewhere = !isOwn && !given.some((one) => mentions(one, rootOf(value)));
    const [first] = given;
    if (isOwn && first !== undefined && isLiteral(first)) texts.told.push({ call: node, text: contentOf(first, text) });
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
