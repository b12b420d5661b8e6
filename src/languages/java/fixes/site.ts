/** Where a finding's resource is acquired, and as what: the variable it goes to, or none. */
import type { FixRequest } from '../../../findings/edit.ts';
import { lineStart, pathTo } from '../../fixing/source-edits.ts';
import type { Habits } from '../../habits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import type { JavaFile } from '../parse.ts';
import { assignmentOf, declarationOf, isBlock, isFunction, nodeAt, statementsIn, type Declaration } from './syntax.ts';

export interface Site {
  readonly file: JavaFile;
  readonly text: string;
  readonly request: FixRequest;
  /** From the root to the statement. */
  readonly path: readonly SyntaxNode[];
  readonly acquisition: SyntaxNode;
  readonly statement: SyntaxNode;
  readonly block: SyntaxNode;
  /** Of the block. */
  readonly statements: readonly SyntaxNode[];
  readonly index: number;
  readonly form: Form;
  readonly habits: Habits;
}

export type Form =
  /** `T x = acquire();` */
  | { readonly kind: 'declared'; readonly name: string; readonly declaration: Declaration }
  /** `x = acquire();` */
  | { readonly kind: 'assigned'; readonly name: string; readonly value: SyntaxNode }
  /** `lock.lock();`: `name` is what it is called on, as written. */
  | { readonly kind: 'receiver'; readonly name: string }
  /** `use(acquire());` */
  | { readonly kind: 'temporary' };

export function siteOf(file: JavaFile, request: FixRequest, habits: Habits): Site | null {
  const { text } = file;
  const path = pathTo(file.root, request.acquiredAt);
  const at = nodeAt(path, request.acquiredAt);
  const acquisition = path[at];
  if (acquisition === undefined) return null;
  let index = at - 1;
  for (; index >= 0; index--) {
    const node = path[index];
    if (node === undefined || isFunction(node)) return null;
    if (isBlock(node)) break;
  }
  const block = path[index];
  const statement = path[index + 1];
  if (block === undefined || statement === undefined) return null;
  // Of statements on one line no block can be made.
  if (!/^\s*(?:\/\*.*\*\/\s*)?$/.test(text.slice(lineStart(text, statement.start), statement.start))) return null;
  const statements = statementsIn(block);
  return {
    file,
    text,
    request,
    path: path.slice(0, index + 2),
    acquisition,
    statement,
    block,
    statements,
    index: statements.indexOf(statement),
    form: formOf(statement, acquisition, request, text),
    habits,
  };
}

function formOf(statement: SyntaxNode, acquisition: SyntaxNode, request: FixRequest, text: string): Form {
  if (request.remedy?.isReceiver === true) {
    const on = childInField(acquisition, 'object');
    if (on !== null && statement.type === 'expression_statement')
      return { kind: 'receiver', name: text.slice(on.start, on.end) };
  }
  const declaration = declarationOf(statement, text);
  if (declaration?.value !== null && declaration !== null && declaration.name === request.variable)
    return { kind: 'declared', name: declaration.name, declaration };
  const assignment = assignmentOf(statement, text);
  if (assignment !== null && assignment.name === request.variable) return { kind: 'assigned', ...assignment };
  return { kind: 'temporary' };
}
