/**
 * What somebody takes over in the end, and transactions, are released only where something fails: which statements that
 * guards, and which returns get a release of their own. Shared by languages whose trees are tree-sitter's.
 */
import type { Remedy } from '../effects/remedy.ts';
import type { Edit } from '../findings/edit.ts';
import type { Span } from '../ir/ir.ts';
import { contains, indentAt, lineBreakOf, pathTo } from './source-edits.ts';
import type { SyntaxNode } from './tree-sitter.ts';

export interface FailureGrammar {
  readonly isBlock: (node: SyntaxNode) => boolean;
  readonly statementsIn: (block: SyntaxNode) => readonly SyntaxNode[];
  readonly hasCall: (node: SyntaxNode) => boolean;
  readonly mentions: (node: SyntaxNode) => boolean;
}

/** Of the statements behind the acquisition: up to what ends it on the way that was right. null: it is not clear. */
export function guardedOnFailure(
  rest: readonly SyntaxNode[],
  remedy: Remedy,
  grammar: FailureGrammar,
): readonly SyntaxNode[] | null {
  const sites = remedy.releasedAt;
  const last =
    remedy.family === 'transaction'
      ? rest.findLastIndex((one) => sites.some(({ span }) => contains(one, span)))
      : rest.findLastIndex((one) => grammar.mentions(one));
  const guarded = last < 0 ? rest : rest.slice(0, last + 1);
  // Released, and then something fails: it would be released again.
  const isFinal = ({ span }: { readonly span: Span }): boolean => {
    const holder = guarded.find((one) => contains(one, span));
    return holder === undefined || endsThere(holder, span, holder === guarded.at(-1), grammar);
  };
  return guarded.length > 0 && sites.every(isFinal) ? guarded : null;
}

/** Behind the statement of the release there is only a plain return, or the end of what is guarded. */
function endsThere(holder: SyntaxNode, span: Span, isLast: boolean, grammar: FailureGrammar): boolean {
  const path = pathTo(holder, span);
  const at = path.findLastIndex((node) => grammar.isBlock(node));
  const block = path[at];
  if (block === undefined) return isLast;
  const statements = grammar.statementsIn(block);
  const next = statements[statements.findIndex((one) => path.includes(one)) + 1];
  if (next === undefined) return isLast && path.slice(0, at).filter((node) => grammar.isBlock(node)).length === 0;
  return next.type === 'return_statement' && !grammar.hasCall(next);
}

/** A release, as written, before each return that leaves it open; null: one of them cannot have it. */
export function releasesBeforeReturns(
  fn: SyntaxNode,
  text: string,
  request: { readonly acquiredAt: Span; readonly remedy: Remedy },
  release: string,
  grammar: FailureGrammar,
): readonly Edit[] | null {
  const edits: Edit[] = [];
  for (const { kind, span } of request.remedy.exits) {
    if (kind === 'throw') continue;
    const steps = pathTo(fn, span);
    const found = steps.findLast(({ type }) => type === 'return_statement');
    if (kind !== 'return' || found === undefined || found.start < request.acquiredAt.start) return null;
    if (grammar.hasCall(found) || grammar.mentions(found)) return null;
    if (edits.some(({ start }) => start === found.start)) continue;
    const parent = steps[steps.indexOf(found) - 1];
    if (parent === undefined || !grammar.isBlock(parent)) return null;
    const gap = lineBreakOf(text) + indentAt(text, found.start);
    edits.push({ start: found.start, end: found.start, text: release + gap });
  }
  return edits;
}
