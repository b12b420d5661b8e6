/** Where a finding's resource is acquired in Go: the statement, the variable, the error that goes with it. */
import type { FixRequest } from '../../../findings/edit.ts';
import type { Habits } from '../../habits.ts';
import { pathTo, textOf } from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import { listed } from '../lower/nodes.ts';
import type { GoFile } from '../parse.ts';

export interface Site {
  readonly text: string;
  readonly request: FixRequest;
  /** From the root to the acquiring call. */
  readonly path: readonly SyntaxNode[];
  /** In a list of statements; for `if f, err := open(); …` the `if`. */
  readonly statement: SyntaxNode;
  readonly siblings: readonly SyntaxNode[];
  /** The function around, literals included. */
  readonly fn: SyntaxNode;
  /** The innermost loop around, inside the function. */
  readonly loop: SyntaxNode | null;
  /** What is released, as written: `f`, `resp.Body`, `s.mu`; null: it has no name. */
  readonly value: string | null;
  /** The error assigned along with it. */
  readonly error: string | null;
  /** `f, err := …`, `f, err = …` or, in `var f, err = …`, what follows `var`. */
  readonly assignment: SyntaxNode | null;
  readonly habits: Habits;
}

const functions = new Set(['function_declaration', 'method_declaration', 'func_literal']);
const assignments = new Set(['short_var_declaration', 'assignment_statement', 'var_spec']);

export function siteOf(file: GoFile, request: FixRequest, habits: Habits): Site | null {
  const { text } = file;
  const path = pathTo(file.root, request.acquiredAt);
  const acquisition = path.findLast(
    ({ start, end }) => start === request.acquiredAt.start && end === request.acquiredAt.end,
  );
  if (acquisition === undefined) return null;
  const above = path.slice(0, path.indexOf(acquisition) + 1);
  const list = above.findLastIndex(({ type }) => type === 'statement_list');
  const fn = above.findLast(({ type }) => functions.has(type));
  const statement = above[list + 1];
  const siblings = above[list]?.children;
  if (statement === undefined || siblings === undefined || fn === undefined || above.indexOf(fn) > list) return null;
  const loop = above.slice(above.indexOf(fn), list + 1).findLast(({ type }) => type === 'for_statement') ?? null;
  const assignment = above.slice(list + 1).findLast(({ type }) => assignments.has(type)) ?? null;
  const targets = assignment === null ? [] : assignedIn(assignment).map((node) => textOf(node, text));
  const last = targets.at(-1);
  const error = targets.length > 1 && last !== undefined && last !== '_' ? last : null;
  return {
    text,
    request,
    path: above,
    statement,
    siblings,
    fn,
    loop,
    value: valueOf(request, acquisition, targets, text),
    error: error === request.variable ? null : error,
    assignment,
    habits,
  };
}

/** What is on the left. */
function assignedIn(assignment: SyntaxNode): readonly SyntaxNode[] {
  if (assignment.type === 'var_spec') return assignment.children.filter(({ field }) => field === 'name');
  return listed(childInField(assignment, 'left'));
}

function valueOf(
  request: FixRequest,
  acquisition: SyntaxNode,
  targets: readonly string[],
  text: string,
): string | null {
  const { remedy, variable } = request;
  if (remedy?.isReceiver === true) {
    const callee = childInField(acquisition, 'function');
    const operand = callee === null ? null : childInField(callee, 'operand');
    return operand === null ? null : textOf(operand, text);
  }
  const target = targets.find((one) => one === variable || one.endsWith(`.${variable ?? ''}`));
  if (target === undefined || variable === null || variable === '_') return null;
  return throughOf(target, request);
}

/** `resp.Body`, where the response is released by its body. */
export function throughOf(name: string, { remedy }: FixRequest): string {
  const [field] = remedy?.through ?? [];
  return field !== undefined && /^\w+$/.test(field) ? `${name}.${field}` : name;
}
