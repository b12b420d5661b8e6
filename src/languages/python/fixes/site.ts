/** Where a finding's resource is acquired in Python, and as what. */
import type { FixRequest } from '../../../findings/edit.ts';
import { lineStart, pathTo, textOf } from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import type { Habits } from '../../habits.ts';
import type { PythonFile } from '../parse.ts';
import { assignmentOf, isBlock, isFunction, statementsIn, type Assignment } from './syntax.ts';

export interface Site {
  readonly file: PythonFile;
  readonly text: string;
  readonly request: FixRequest;
  readonly path: readonly SyntaxNode[];
  readonly acquisition: SyntaxNode;
  /** `await` around the acquisition, or the acquisition. */
  readonly expression: SyntaxNode;
  readonly statement: SyntaxNode;
  readonly block: SyntaxNode;
  readonly statements: readonly SyntaxNode[];
  readonly index: number;
  /** `x = acquire()`. */
  readonly assignment: Assignment | null;
  /** `lock.acquire()`: `lock`. */
  readonly receiver: string | null;
  readonly isAsync: boolean;
  readonly habits: Habits;
}

export function siteOf(file: PythonFile, request: FixRequest, habits: Habits): Site | null {
  const { text } = file;
  const path = pathTo(file.root, request.acquiredAt);
  const at = path.findLastIndex(
    ({ start, end }) => start === request.acquiredAt.start && end === request.acquiredAt.end,
  );
  const acquisition = path[at];
  if (acquisition === undefined) return null;
  const above = path.slice(0, at + 1);
  const index = above.findLastIndex(isBlock);
  const [block, statement] = [above[index], above[index + 1]];
  if (block === undefined || statement === undefined) return null;
  // A lambda or a default value runs at another time.
  if (
    above.slice(index + 1).some((node) => isFunction(node) || node.type === 'parameters' || node.type === 'decorator')
  )
    return null;
  // `if ready: f = open(p)` on one line has no block to put anything into.
  if (!/^\s*$/.test(text.slice(lineStart(text, statement.start), statement.start))) return null;
  const statements = statementsIn(block);
  const assignment = assignmentOf(statement, text);
  const above1 = above.at(-2);
  const callee = childInField(acquisition, 'function');
  const object = callee?.type === 'attribute' ? childInField(callee, 'object') : null;
  return {
    file,
    text,
    request,
    path: above.slice(0, index + 2),
    acquisition,
    expression: above1?.type === 'await' ? above1 : acquisition,
    statement,
    block,
    statements,
    index: statements.indexOf(statement),
    assignment: assignment?.name === request.variable ? assignment : null,
    receiver: request.remedy?.isReceiver === true && object !== null ? textOf(object, text) : null,
    isAsync:
      above.findLast(({ type }) => type === 'function_definition')?.children.some(({ type }) => type === 'async') ===
      true,
    habits,
  };
}

/** The function releases it so elsewhere. */
export function isAwaited({ request, file }: Site): boolean {
  return request.remedy?.releasedAt.some(({ span }) => pathTo(file.root, span).at(-2)?.type === 'await') === true;
}
