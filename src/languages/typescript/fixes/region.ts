/** What a `try` has to guard, and which releases it makes superfluous. */
import type { ReleaseSite } from '../../../effects/remedy.ts';
import type { Span } from '../../../ir/ir.ts';
import { behindRelease } from '../../fixing/behind-release.ts';
import { childOf, partsOf, spanOf, textIn, type Node } from '../nodes.ts';
import { hasCall, hoistedFrom } from './guard.ts';
import {
  declaredNames,
  identifiersIn,
  isBlock,
  laterCases,
  mentions,
  pathTo,
  rootOf,
  statementsIn,
  type Site,
} from './site.ts';

export interface Region {
  readonly guarded: readonly Node[];
  readonly removed: readonly Span[];
  /** Declarations that are needed behind the region. */
  readonly hoisted: readonly Node[];
  readonly keepsRelease: boolean;
  /** A release that came before a call in a `return` comes behind it. */
  readonly delays: boolean;
}

export function regionOf(site: Site): Region | null {
  const { statements, index, request, value } = site;
  const rest = statements.slice(index + 1);
  const later = laterCases(site);
  const name = rootOf(value ?? '');
  const sites = request.remedy?.releasedAt ?? [];
  const lastUse = rest.findLastIndex((one) => mentions(one, name));
  const final = rest[lastUse];
  if (final !== undefined && isReleaseOnly(final, sites)) {
    const guarded = rest.slice(0, lastUse);
    const behind = rest.slice(lastUse + 1);
    const hoisted = hoistedFrom(guarded, [...behind, ...later]);
    // A plain `return` behind it may as well stand in the `try`, with what it returns.
    const [only, ...others] = behind;
    if (hoisted?.length !== 0 && only?.type === 'ReturnStatement' && others.length === 0 && !hasCall(only)) {
      const whole = rest.slice(0, lastUse + 2);
      if (hoistedFrom(whole, later)?.length === 0) return finish(site, whole, [], [final]);
    }
    if (hoisted !== null) return finish(site, guarded, hoisted, [final]);
  }
  // What still mentions it behind the only release there is does so already.
  const at = sites.length === 1 ? rest.findIndex((one) => isReleaseOnly(one, sites)) : -1;
  const only = rest[at];
  if (only !== undefined && mentions(only, name)) {
    const guarded = rest.slice(0, at);
    const hoisted = hoistedFrom(guarded, [...rest.slice(at + 1), ...later]);
    if (hoisted !== null) return finish(site, guarded, hoisted, [only]);
  }
  const derived = derivedNames(rest, name);
  if (isUsedOutside(site, new Set([...derived, ...(request.remedy?.isReceiver === true ? [] : [name])]))) return null;
  let end = lastUse;
  if (end < 0 && request.remedy?.isReceiver === true) end = rest.length - 1;
  for (let at = 0; at <= end; at++) {
    const statement = rest[at];
    for (const one of [...derived, ...(statement === undefined ? [] : declaredNames(statement))])
      end = Math.max(
        end,
        rest.findLastIndex((later) => mentions(later, one)),
      );
  }
  return finish(site, rest.slice(0, end + 1), [], []);
}

/** Variables from outside that something made of the resource is assigned to. */
function derivedNames(rest: readonly Node[], name: string): Set<string> {
  const derived = new Set<string>();
  const visit = (node: Node): void => {
    // A sum is a value of its own.
    if (
      node.type === 'AssignmentExpression' &&
      !/^[-+*/%&|^<>]+=$/.test(textIn(node, 'operator').replace(/^(?:\|\||&&)=$/, '='))
    ) {
      const [left, right] = [childOf(node, 'left'), childOf(node, 'right')];
      if (left?.type === 'Identifier' && right !== null && mentions(right, name))
        identifiersIn(left).forEach((one) => derived.add(one));
    }
    partsOf(node).forEach(visit);
  };
  rest.forEach(visit);
  derived.delete(name);
  return derived;
}

function isUsedOutside({ fn, block, statement, path }: Site, names: ReadonlySet<string>): boolean {
  const loop = path.find(
    (node) => /^(?:For|While|DoWhile)\w*Statement$/.test(node.type) && node.range[0] > fn.range[0],
  );
  const visit = (node: Node): boolean => {
    const [start, end] = node.range;
    if (node.type === 'Identifier' && names.has(textIn(node, 'name'))) {
      if (start >= block.range[1]) return true;
      if (loop !== undefined && start > loop.range[0] && end <= statement.range[0]) return true;
    }
    return partsOf(node).some(visit);
  };
  return visit(fn);
}

function finish(
  { request, value }: Site,
  guarded: readonly Node[],
  hoisted: readonly Node[],
  known: readonly Node[],
): Region | null {
  const sites = request.remedy?.releasedAt ?? [];
  const name = rootOf(value ?? '');
  const removed = known.map(spanOf);
  const mayDelay = request.remedy?.family !== 'lock';
  let keepsRelease = false;
  let delays = false;
  for (const { span } of sites) {
    const holder = guarded.find(({ range }) => range[0] <= span.start && span.end <= range[1]);
    if (holder === undefined || known.includes(holder)) continue;
    const path = pathTo(holder, span);
    const statement = path.find((node) => isReleaseOnly(node, sites));
    const gone = statement === undefined ? null : removalOf(statement, path);
    if (statement !== undefined && !mentions(statement, name) && request.remedy?.isReceiver !== true) continue;
    if (statement !== undefined && gone !== null && isLast(statement, path, guarded, mayDelay)) {
      removed.push(gone);
      delays ||= !isLast(statement, path, guarded, false);
    } else keepsRelease = true;
  }
  if (keepsRelease && request.remedy?.isOnce === true) return null;
  return { guarded, removed, hoisted, keepsRelease, delays };
}

export function isReleaseOnly(node: Node, sites: readonly ReleaseSite[]): boolean {
  if (node.type !== 'ExpressionStatement') return false;
  let call = childOf(node, 'expression');
  while (call?.type === 'AwaitExpression' || call?.type === 'ChainExpression')
    call = childOf(call, call.type === 'AwaitExpression' ? 'argument' : 'expression');
  return (
    call !== null &&
    sites.some(({ span, isPlain }) => isPlain && call.range[0] === span.start && call.range[1] === span.end)
  );
}

/** What is taken away with it: a `finally` that has nothing else to do; null: a block would be left empty. */
function removalOf(statement: Node, path: readonly Node[]): Span | null {
  const at = path.indexOf(statement);
  const [around, block] = [path[at - 2], path[at - 1]];
  if (block === undefined || !isBlock(block) || statementsIn(block).length > 1) return spanOf(statement);
  const handler = around?.type === 'TryStatement' ? childOf(around, 'handler') : null;
  const isClause = around !== undefined && childOf(around, 'finalizer') === block;
  return isClause && handler !== null ? { start: handler.range[1], end: around.range[1] } : null;
}

/** `mayDelay`: what a `return` computes may come before it. */
function isLast(statement: Node, path: readonly Node[], guarded: readonly Node[], mayDelay: boolean): boolean {
  const behind = behindRelease(statement, path.slice(0, path.indexOf(statement)), {
    isBlock,
    statementsIn,
    leaves: ({ type }) => type === 'ReturnStatement' || type === 'ThrowStatement',
    isPlain: (next) => mayDelay || !hasCall(next),
    goesOn: (parent, child) =>
      // On the way out of a `finally` nothing else happens.
      !(parent.type === 'TryStatement' && childOf(parent, 'finalizer') === child) &&
      (/^(?:For|While|DoWhile|Try|Switch)\w*Statement$/.test(parent.type) || parent.type.includes('Function')),
  });
  return behind === 'left' || (behind === 'end' && path[0] === guarded.at(-1));
}
