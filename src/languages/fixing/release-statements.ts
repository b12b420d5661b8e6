/**
 * Statements that do nothing but release one thing, and which of them can go, as a release at the end of a region takes
 * their place. Knows of a grammar only what the trees of tree-sitter name alike; a language says the rest.
 */
import type { Remedy } from '../../effects/remedy.ts';
import { childInField, childOfType, nodeLike, type SyntaxNode } from '../tree-sitter.ts';
import { behindRelease, type RegionGrammar } from './behind-release.ts';
import { contains, pathTo } from './source-edits.ts';

export interface ReleaseStatement {
  readonly statement: SyntaxNode;
  /** From the searched node down to the statement's parent. */
  readonly parents: readonly SyntaxNode[];
  /** An exception of the release is swallowed. */
  readonly swallows: boolean;
}

/** What is to be released, and how that looks. */
export interface ReleaseGrammar extends Omit<RegionGrammar<SyntaxNode>, 'isPlain'> {
  readonly remedy: Remedy | null;
  /** The release is one of this very thing. */
  readonly isMeant: (call: SyntaxNode) => boolean;
  /** Of a statement that is one expression: the call that may be the release, and nothing beside it. */
  readonly callIn: (statement: SyntaxNode) => SyntaxNode | null;
  /** `in != null` */
  readonly isThere: (condition: SyntaxNode) => boolean;
  /** `path`: from the searched node down to the statement. */
  readonly swallows: (path: readonly SyntaxNode[]) => boolean;
  /** Taking it away leaves nothing to stand there. */
  readonly isOnlyContent: (release: ReleaseStatement) => boolean;
  /** What a `return` with it computes would come before the release. */
  readonly computes: (statement: SyntaxNode) => boolean;
}

/** The largest statements below a node that only release it; null: some release is part of something else. */
export function releaseStatements(within: SyntaxNode, grammar: ReleaseGrammar): readonly ReleaseStatement[] | null {
  const found: ReleaseStatement[] = [];
  for (const { span } of grammar.remedy?.releasedAt ?? []) {
    if (!contains(within, span)) continue;
    const path = pathTo(within, span);
    const call = path.find(({ start, end }) => start === span.start && end === span.end);
    if (call !== undefined && !grammar.isMeant(call)) continue;
    const index = path.findIndex((node) => node !== within && isReleaseOnly(node, grammar));
    const statement = path[index];
    if (statement === undefined) return null;
    if (found.some((one) => one.statement === statement)) continue;
    found.push({ statement, parents: path.slice(0, index), swallows: grammar.swallows(path.slice(0, index + 1)) });
  }
  return found;
}

/** The statement, if it does nothing but release it. */
export function asRelease(statement: SyntaxNode, grammar: ReleaseGrammar): ReleaseStatement | null {
  // Searched from a stand-in parent, so that the statement itself may be what releases.
  const parent = nodeLike(statement, { type: 'block', children: [statement] });
  const [release] = releaseStatements(parent, grammar) ?? [];
  return release?.statement === statement ? release : null;
}

function isReleaseOnly(node: SyntaxNode, grammar: ReleaseGrammar): boolean {
  switch (node.type) {
    case 'expression_statement': {
      const call = grammar.callIn(node);
      const sites = grammar.remedy?.releasedAt ?? [];
      return sites.some(({ span, isPlain }) => isPlain && span.start === call?.start && span.end === call.end);
    }
    case 'if_statement': {
      const [condition, then] = [childInField(node, 'condition'), childInField(node, 'consequence')];
      if (condition === null || then === null || childInField(node, 'alternative') !== null) return false;
      return grammar.isThere(condition) && isReleaseOnly(then, grammar);
    }
    case 'block': {
      const statements = grammar.statementsIn(node);
      return statements.length > 0 && statements.every((one) => isReleaseOnly(one, grammar));
    }
    case 'try_statement': {
      const body = childInField(node, 'body');
      return body !== null && childOfType(node, 'finally_clause') === null && isReleaseOnly(body, grammar);
    }
    default:
      return false;
  }
}

/** What a release at the end of a region makes of those in it. */
export interface Superfluous {
  readonly removed: readonly ReleaseStatement[];
  /** Some release stays: the resource is released twice there. */
  readonly keepsRelease: boolean;
  /** A release that came before a call in a `return` comes behind it. */
  readonly delays: boolean;
  readonly swallows: boolean;
}

/** `releases`: all in `within`; null: some is part of something else. */
export function superfluous(
  releases: readonly ReleaseStatement[] | null,
  within: SyntaxNode,
  grammar: ReleaseGrammar,
): Superfluous {
  const mayDelay = grammar.remedy?.family !== 'lock';
  const removed = (releases ?? []).filter(
    (one) => isLast(one, within, mayDelay, grammar) && !grammar.isOnlyContent(one),
  );
  return {
    removed,
    keepsRelease: releases === null || removed.length < releases.length,
    delays: removed.some((one) => !isLast(one, within, false, grammar)),
    swallows: removed.some(({ swallows }) => swallows),
  };
}

/** Of the statements of a block that are to be guarded. `known`: releases that are superfluous anyway. */
export function superfluousIn(
  guarded: readonly SyntaxNode[],
  block: SyntaxNode,
  known: readonly ReleaseStatement[],
  grammar: ReleaseGrammar,
): Superfluous {
  const [first, last] = [guarded[0], guarded.at(-1)];
  const within = nodeLike(block, {
    type: 'block',
    start: first?.start ?? block.end,
    end: last?.end ?? block.end,
    children: guarded,
  });
  const found = superfluous(releaseStatements(within, grammar), within, grammar);
  const others = found.removed.filter(({ statement }) => known.every((one) => one.statement !== statement));
  return {
    ...found,
    removed: [...known, ...others],
    swallows: found.swallows || known.some(({ swallows }) => swallows),
  };
}

/** Nothing happens between the statement and the end of `within`, so a release at that end comes to the same. `mayDelay`: what a `return` computes may. */
function isLast(
  { statement, parents }: ReleaseStatement,
  within: SyntaxNode,
  mayDelay: boolean,
  grammar: ReleaseGrammar,
): boolean {
  const behind = behindRelease(statement, parents.slice(Math.max(0, parents.indexOf(within))), {
    ...grammar,
    isPlain: (next) => mayDelay || !grammar.computes(next),
  });
  return behind !== 'more';
}
