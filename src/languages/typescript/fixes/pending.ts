/** What is not over when a block is: promises nobody waits for, and functions that run later. A `finally` waits for neither. */
import type { Edit } from '../../../findings/edit.ts';
import { childOf, identifierName, isFunction, isSet, nodesOf, partsOf, type Node } from '../nodes.ts';
import { hasCall } from './guard.ts';
import { mentions, type Site } from './site.ts';

export interface Awaited {
  readonly edits: readonly Edit[];
  /** Why it may still be needed when it is released. */
  readonly reasons: readonly string[];
}

/** `return file.read()` gives a promise, and a `finally` does not wait for it: `return await file.read()` does. */
export function awaitedReturns(site: Site, guarded: readonly Node[], name: string): Awaited {
  const returned = guarded.flatMap(returnedIn).filter((one) => hasCall(one) && mentions(one, name));
  const pending = returned.filter(({ type }) => type !== 'AwaitExpression');
  const isClear = isSet(site.fn, 'async') && pending.every(({ type }) => type === 'CallExpression');
  const edits = isClear ? pending.map(({ range: [start] }) => ({ start, end: start, text: 'await ' })) : [];
  const isDoubtful = !isClear && pending.some((one) => !hasAwait(one));
  const reasons = isDoubtful ? [`what is returned may need \`${name}\` later`] : [];
  return { edits, reasons: [...reasons, ...usesToCome(site, guarded, name)] };
}

/** Uses that may come when the block is over, what it returns aside. */
export function usesToCome(site: Site, guarded: readonly Node[], name: string): string[] {
  const isLater = (node: Node): boolean => {
    if (node.type === 'AwaitExpression') return false;
    if (isFunction(node) && !runsNow(node, site)) return mentions(node, name);
    return partsOf(node).some(isLater);
  };
  return [
    ...(guarded.some(isLater) ? [`a function that may run later uses \`${name}\``] : []),
    ...(guarded.some((one) => goesOn(one, name, site)) || isHeldPending(site, guarded, name)
      ? [`nobody waits for what is done with \`${name}\``]
      : []),
  ];
}

/** `client.query(text).then(show)` and `read(fd, (error, bytes) => show(bytes))` go on, and so may `client.query(text);`. */
function goesOn(node: Node, name: string, site: Site): boolean {
  if (node.type === 'AwaitExpression' || node.type === 'ReturnStatement' || isFunction(node)) return false;
  const statement = node.type === 'ExpressionStatement' ? childOf(node, 'expression') : null;
  if (statement !== null && isPromised(statement, name, site)) return true;
  if (node.type === 'CallExpression' && mentions(node, name)) {
    if (isChained(node) || nodesOf(node, 'arguments').some((one) => isFunction(one) && !runsNow(one, site)))
      return true;
  }
  return partsOf(node).some((one) => goesOn(one, name, site));
}

function isChained(call: Node): boolean {
  const callee = childOf(call, 'callee');
  const property = callee?.type === 'MemberExpression' ? childOf(callee, 'property') : null;
  return /^(?:then|catch|finally)$/.test(identifierName(property) ?? '');
}

/** `const rows = client.query(text); return rows;` */
function isHeldPending(site: Site, guarded: readonly Node[], name: string): boolean {
  const held = guarded
    .flatMap((one) => nodesOf(one, 'declarations'))
    .filter((one) => isPromised(childOf(one, 'init'), name, site))
    .map((one) => identifierName(childOf(one, 'id')));
  return guarded
    .flatMap(returnedIn)
    .some((one) => !hasAwait(one) && held.some((it) => it !== null && mentions(one, it)));
}

/** A method of it is called: what is acquired by a promise promises the rest as well. Releases are no uses. */
function isPromised(node: Node | null, name: string, { isAwaited, request }: Site): boolean {
  if (!isAwaited || node?.type !== 'CallExpression') return false;
  const callee = childOf(node, 'callee');
  const object = callee?.type === 'MemberExpression' ? childOf(callee, 'object') : null;
  const isRelease = request.remedy?.releasedAt.some(({ span }) => span.start === node.range[0]) === true;
  return !isRelease && identifierName(object) === name;
}

/** What its returns give that nobody has waited for: a `finally` does not either. */
export function promisesIn(node: Node): Node[] {
  return returnedIn(node).filter(({ type }) => type === 'CallExpression' || type === 'NewExpression');
}

/** What its own returns give, not those of functions in it. */
function returnedIn(node: Node): Node[] {
  if (isFunction(node)) return [];
  const argument = node.type === 'ReturnStatement' ? childOf(node, 'argument') : null;
  return argument === null ? partsOf(node).flatMap(returnedIn) : [argument];
}

function hasAwait(node: Node): boolean {
  return node.type === 'AwaitExpression' || partsOf(node).some(hasAwait);
}

/** Functions that are called at once by what is given them. */
function runsNow(fn: Node, { text, habits }: Site): boolean {
  const called = /\.([\w$]+)\($/.exec(text.slice(0, fn.range[0]).slice(-40))?.[1];
  return called !== undefined && habits.runsAtOnce?.test(called) === true;
}
