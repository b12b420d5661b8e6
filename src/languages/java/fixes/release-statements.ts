/** Statements that do nothing but release one thing, and whether they can go when something else releases it. */
import type { ReleaseSite } from '../../../effects/remedy.ts';
import { behindRelease } from '../../fixing/behind-release.ts';
import { contains, pathTo } from '../../fixing/source-edits.ts';
import { childInField, childOfType, type SyntaxNode } from '../../tree-sitter.ts';
import { parts } from '../lower/nodes.ts';
import { mayCatch } from './exceptions.ts';
import type { Site } from './site.ts';
import { hasCall, isBlock, mentionsOf, statementsIn } from './syntax.ts';

export interface ReleaseStatement {
  readonly statement: SyntaxNode;
  /** From the searched node down to the statement's parent. */
  readonly parents: readonly SyntaxNode[];
  /** An exception of the release is swallowed. */
  readonly swallows: boolean;
}

/** The largest statements below a node that only release the variable; null: some release is part of something else. */
export function releaseStatements(within: SyntaxNode, site: Site, name: string): ReleaseStatement[] | null {
  const { text, request } = site;
  const sites = request.remedy?.releasedAt ?? [];
  // A lock is the same by all its names: `this.lock.lock(); … lock.unlock();`.
  const isMeant = (call: SyntaxNode): boolean =>
    request.remedy?.isReceiver === true || mentionsOf(call, name, text).length > 0;
  const found: ReleaseStatement[] = [];
  for (const { span } of sites) {
    if (!contains(within, span)) continue;
    const path = pathTo(within, span);
    const call = path.find(({ start, end }) => start === span.start && end === span.end);
    if (call !== undefined && !isMeant(call)) continue;
    const index = path.findIndex((node) => node !== within && isReleaseOnly(node, sites, isMeant, text));
    const statement = path[index];
    if (statement === undefined) return null;
    if (found.some((one) => one.statement === statement)) continue;
    const swallows = swallowsIn(statement) || isCaught(path.slice(0, index + 1), site);
    found.push({ statement, parents: path.slice(0, index), swallows });
  }
  return found;
}

function isReleaseOnly(
  node: SyntaxNode,
  sites: readonly ReleaseSite[],
  isMeant: (node: SyntaxNode) => boolean,
  text: string,
): boolean {
  switch (node.type) {
    case 'expression_statement': {
      const [call] = parts(node);
      // The release of a wrapper may do more than that: it flushes.
      if (call === undefined || !isMeant(call)) return false;
      return sites.some(({ span, isPlain }) => isPlain && span.start === call.start && span.end === call.end);
    }
    case 'if_statement': {
      const condition = childInField(node, 'condition');
      const then = childInField(node, 'consequence');
      if (condition === null || then === null || childInField(node, 'alternative') !== null) return false;
      return (
        isMeant(condition) &&
        /^\((?:null\s*!=\s*\w+|\w+\s*!=\s*null)\)$/.test(text.slice(condition.start, condition.end)) &&
        isReleaseOnly(then, sites, isMeant, text)
      );
    }
    case 'block': {
      const statements = statementsIn(node);
      return statements.length > 0 && statements.every((one) => isReleaseOnly(one, sites, isMeant, text));
    }
    case 'try_statement': {
      const body = childInField(node, 'body');
      return body !== null && childOfType(node, 'finally_clause') === null && isReleaseOnly(body, sites, isMeant, text);
    }
    default:
      return false;
  }
}

function swallowsIn(node: SyntaxNode): boolean {
  return node.type === 'try_statement' || node.children.some(swallowsIn);
}

/** A clause around the release catches what it throws, and would not where the site's statement is. */
function isCaught(path: readonly SyntaxNode[], { statement, request, text }: Site): boolean {
  const types = request.remedy?.throws ?? ['java.lang.Exception'];
  return path.some((body, at) => {
    const around = path[at - 1];
    if (body.field !== 'body' || around === undefined || contains(body, statement)) return false;
    return types.some((type) => mayCatch(around, type, text));
  });
}

/** Nothing happens between the statement and the end of `within`, so a release at that end comes to the same. `mayDelay`: what a `return` computes may. */
export function isLast({ statement, parents }: ReleaseStatement, within: SyntaxNode, mayDelay: boolean): boolean {
  const behind = behindRelease(statement, parents.slice(Math.max(0, parents.indexOf(within))), {
    isBlock,
    statementsIn,
    leaves: ({ type }) => type === 'return_statement' || type === 'throw_statement',
    isPlain: (next) => mayDelay || !hasCall(next),
    goesOn: ({ type }) => /^(?:for|enhanced_for|while|do)_statement$/.test(type) || type.includes('switch'),
  });
  return behind !== 'more';
}
