/** Statements that only release one variable, and whether a release at the end of a block can take their place. */
import type { ReleaseSite } from '../../../effects/remedy.ts';
import { behindRelease } from '../../fixing/behind-release.ts';
import { contains, pathTo, textOf } from '../../fixing/source-edits.ts';
import { childInField, childOfType, type SyntaxNode } from '../../tree-sitter.ts';
import { isBlock, mentions, nodesOf, statementsIn } from './syntax.ts';

export interface ReleaseStatement {
  readonly statement: SyntaxNode;
  readonly parents: readonly SyntaxNode[];
  readonly swallows: boolean;
}

/** null: some release of it is part of something else. */
export function releaseStatements(
  within: SyntaxNode,
  sites: readonly ReleaseSite[],
  name: string,
  text: string,
): ReleaseStatement[] | null {
  const found: ReleaseStatement[] = [];
  for (const { span } of sites) {
    if (!contains(within, span)) continue;
    const path = pathTo(within, span);
    const call = path.find(({ start, end }) => start === span.start && end === span.end);
    if (call !== undefined && !mentions(call, name, text)) continue;
    const index = path.findIndex((node) => node !== within && isReleaseOnly(node, sites, name, text));
    const statement = path[index];
    if (statement === undefined) return null;
    if (found.some((one) => one.statement === statement)) continue;
    found.push({ statement, parents: path.slice(0, index), swallows: nodesOf(statement, 'except_clause').length > 0 });
  }
  return found;
}

function isReleaseOnly(node: SyntaxNode, sites: readonly ReleaseSite[], name: string, text: string): boolean {
  switch (node.type) {
    case 'expression_statement': {
      const first = node.children.find(({ type }) => type !== 'comment');
      const call = first?.type === 'await' ? first.children.at(-1) : first;
      return (
        call !== undefined &&
        sites.some(({ span, isPlain }) => isPlain && span.start === call.start && span.end === call.end)
      );
    }
    case 'if_statement': {
      const condition = childInField(node, 'condition');
      const then = childInField(node, 'consequence');
      if (condition === null || then === null || childInField(node, 'alternative') !== null) return false;
      const isTest = new RegExp(`^\\(?\\s*${name}(?:\\s+is\\s+not\\s+None|\\s*!=\\s*None)?\\s*\\)?$`).test(
        textOf(condition, text),
      );
      return isTest && isReleaseOnly(then, sites, name, text);
    }
    case 'block': {
      const statements = statementsIn(node);
      return statements.length > 0 && statements.every((one) => isReleaseOnly(one, sites, name, text));
    }
    case 'try_statement': {
      const body = childInField(node, 'body');
      return body !== null && childOfType(node, 'finally_clause') === null && isReleaseOnly(body, sites, name, text);
    }
    default:
      return false;
  }
}

/** Nothing happens between the statement and the end of `within`. `mayDelay`: what a `return` computes may. */
export function isLast({ statement, parents }: ReleaseStatement, within: SyntaxNode, mayDelay: boolean): boolean {
  const behind = behindRelease(statement, parents.slice(Math.max(0, parents.indexOf(within))), {
    isBlock: (node) => isBlock(node) || node === within,
    statementsIn,
    leaves: ({ type }) => /^(?:return|raise)_statement$/.test(type),
    isPlain: (next) => mayDelay || nodesOf(next, 'call').length === 0 || next.type === 'raise_statement',
    goesOn: ({ type }) => /^(?:for|while)_statement$/.test(type),
  });
  return behind !== 'more';
}
