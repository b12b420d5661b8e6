/**
 * What somebody takes over in the end, and transactions, are released only where something fails: which statements that
 * guards, and which returns get a release of their own. Knows no grammar: a language says what it has to know of its trees.
 */
import type { Remedy } from '../../effects/remedy.ts';
import type { Edit } from '../../findings/edit.ts';
import type { Span } from '../../ir/ir.ts';
import { contains, indentAt, lineBreakOf, pathTo } from './source-edits.ts';
import type { SyntaxNode } from '../tree-sitter.ts';

export interface FailureGrammar<Node> {
  readonly spanOf: (node: Node) => Span;
  /** From the root to the innermost node that covers the span. */
  readonly pathTo: (root: Node, span: Span) => readonly Node[];
  readonly isBlock: (node: Node) => boolean;
  readonly isReturn: (node: Node) => boolean;
  /** A clause of a `try` for when something failed. */
  readonly isHandler: (node: Node) => boolean;
  readonly statementsIn: (block: Node) => readonly Node[];
  readonly hasCall: (node: Node) => boolean;
  /** The resource. */
  readonly mentions: (node: Node) => boolean;
}

/** What is the same for all trees of tree-sitter. */
export const treeSitter: Pick<FailureGrammar<SyntaxNode>, 'spanOf' | 'pathTo' | 'isReturn'> = {
  spanOf: (node) => node,
  pathTo,
  isReturn: ({ type }) => type === 'return_statement',
};

/** Of the statements behind the acquisition: up to what ends it on the way that was right. null: it is not clear. */
export function guardedOnFailure<Node>(
  rest: readonly Node[],
  remedy: Remedy,
  grammar: FailureGrammar<Node>,
): readonly Node[] | null {
  const sites = remedy.releasedAt;
  const holds = (node: Node, span: Span): boolean => contains(grammar.spanOf(node), span);
  const last =
    remedy.family === 'transaction'
      ? rest.findLastIndex((one) => sites.some(({ span }) => holds(one, span)))
      : rest.findLastIndex((one) => grammar.mentions(one));
  const guarded = last < 0 ? rest : rest.slice(0, last + 1);
  // Released, and then something fails: it would be released again.
  const isFinal = ({ span }: { readonly span: Span }): boolean => {
    const holder = guarded.find((one) => holds(one, span));
    return holder === undefined || endsThere(holder, span, holder === guarded.at(-1), grammar);
  };
  return guarded.length > 0 && sites.every(isFinal) ? guarded : null;
}

/** Behind the statement of the release there is only a plain return, or the end of what is guarded. */
function endsThere<Node>(holder: Node, span: Span, isLast: boolean, grammar: FailureGrammar<Node>): boolean {
  const path = grammar.pathTo(holder, span);
  const at = path.findLastIndex((node) => grammar.isBlock(node));
  const block = path[at];
  if (block === undefined) return isLast;
  const statements = grammar.statementsIn(block);
  const next = statements[statements.findIndex((one) => path.includes(one)) + 1];
  if (next === undefined) return isLast && !path.slice(0, at).some((node) => grammar.isBlock(node));
  return grammar.isReturn(next) && !grammar.hasCall(next);
}

/** A release, as written, before each return that leaves it open; null: one of them cannot have it. */
export function releasesBeforeReturns<Node>(
  fn: Node,
  text: string,
  request: { readonly acquiredAt: Span; readonly remedy: Remedy },
  release: string,
  grammar: FailureGrammar<Node>,
): readonly Edit[] | null {
  const edits: Edit[] = [];
  for (const { kind, span, isShared } of request.remedy.exits) {
    if (kind === 'throw') continue;
    if (isShared) return null;
    const steps = grammar.pathTo(fn, span);
    const found = steps.findLast((node) => grammar.isReturn(node));
    if (kind !== 'return' || found === undefined) return null;
    const { start } = grammar.spanOf(found);
    // The acquisition stands in the `try` of a handler around, so it may not have happened.
    const tried = steps.filter((_, index) => steps.slice(index + 1, index + 2).some((node) => grammar.isHandler(node)));
    if (tried.some((node) => contains(grammar.spanOf(node), request.acquiredAt))) return null;
    if (start < request.acquiredAt.start || grammar.hasCall(found) || grammar.mentions(found)) return null;
    if (edits.some((edit) => edit.start === start)) continue;
    const parent = steps[steps.indexOf(found) - 1];
    if (parent === undefined || !grammar.isBlock(parent)) return null;
    edits.push({ start, end: start, text: release + lineBreakOf(text) + indentAt(text, start) });
  }
  return edits;
}
