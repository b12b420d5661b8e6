/**
 * `try: f = open(p)` whose `except` leaves the function or the round: behind it there is one, and `with f:` releases it.
 */
import type { Fix } from '../../../findings/edit.ts';
import { fixOf, indentAt, indentUnit, lineBreakOf } from '../../fixing/source-edits.ts';
import { childInField, childOfType, type SyntaxNode } from '../../tree-sitter.ts';
import { cannotEnd } from './pending.ts';
import { derivedNames, finish, guardEdits } from './region.ts';
import type { Site } from './site.ts';
import { isAssignedIn, isFunction, mentions, nodesOf, statementsIn } from './syntax.ts';
import { managerOf, reasonsOf } from './with.ts';

export function withBehind(site: Site): Fix[] {
  const { text, assignment, expression, path, habits } = site;
  const manager = managerOf(site);
  const [block, attempt] = [path.at(-4), path.at(-3)];
  if (manager?.keyword !== 'with' || assignment?.value !== expression || block === undefined) return [];
  if (attempt === undefined || !leavesOnFailure(attempt, site)) return [];
  const statements = statementsIn(block);
  const rest = statements.slice(statements.indexOf(attempt) + 1);
  const names = [assignment.name, ...derivedNames(rest, assignment.name, text, habits)];
  const isUsed = (node: SyntaxNode): boolean => names.some((one) => mentions(node, one, text));
  const guarded = rest.slice(0, rest.findLastIndex(isUsed) + 1);
  const [first] = guarded;
  const around = path.findLast(isFunction);
  if (first === undefined || around === undefined) return [];
  if (nodesOf(around, 'identifier').some((one) => one.start >= block.end && isUsed(one))) return [];
  if (guarded.some((one) => isAssignedIn(one, assignment.name, text))) return [];
  const region = finish(site, assignment.name, guarded, []);
  if (cannotEnd(site, region, assignment.name)) return [];
  const unit = indentUnit(text, '    ');
  const line = lineBreakOf(text) + indentAt(text, first.start);
  const edits = [
    ...manager.edits,
    {
      start: first.start,
      end: first.start,
      text: `with ${manager.before}${assignment.name}${manager.after}:${line}${unit}`,
    },
    ...guardEdits(site, region, unit, first.start),
  ];
  const title = `Release \`${assignment.name}\` by a \`with\``;
  return [fixOf({ title, style: 'with-behind', edits }, reasonsOf(site, region, assignment.name))];
}

/** It is opened last in the `try`, and each `except` ends in a `return`, `raise` or the like. */
function leavesOnFailure(attempt: SyntaxNode, { block, statements, statement }: Site): boolean {
  if (attempt.type !== 'try_statement' || childInField(attempt, 'body') !== block) return false;
  if (statements.at(-1) !== statement) return false;
  if (childOfType(attempt, 'finally_clause') !== null || childOfType(attempt, 'else_clause') !== null) return false;
  const clauses = attempt.children.filter(({ type }) => type === 'except_clause');
  return clauses.every((clause) => {
    const body = childOfType(clause, 'block');
    const last = body === null ? undefined : statementsIn(body).at(-1);
    return last !== undefined && /^(?:return|raise|continue|break)_statement$/.test(last.type);
  });
}
