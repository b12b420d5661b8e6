/**
 * Which names a piece of code calls, closures included, and which classes it declares on the way. Names only:
 * what they resolve to is nobody's business here.
 */
import type { Habits } from '../habits.ts';
import { construction } from '../../ir/construction.ts';
import { childInField, nodesOfTypes, outermost } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { hasKeyword, isTypeName } from './nodes.ts';

export interface CodeNames {
  /** `close`, `new Pool`; a name in upper case is taken for a class. */
  readonly calls: ReadonlySet<string>;
  /** Definitions of local classes; not those inside them. */
  readonly classes: readonly SyntaxNode[];
}

const telling: ReadonlySet<string> = new Set(['class_definition', 'call', 'with_statement']);

const functionsOnly: ReadonlySet<string> = new Set(['function_definition']);

/** `functions: 'skip'` leaves out what functions defined in the code call: the code of a module. */
export function calledNames(
  { text, habits }: { readonly text: string; readonly habits: Habits },
  roots: readonly SyntaxNode[],
  functions: 'inside' | 'skip' = 'inside',
): CodeNames {
  const calls = new Set<string>();
  const nodes = roots.flatMap((root) => nodesOfTypes(root, telling, functions === 'skip' ? functionsOnly : undefined));
  for (const node of nodes) {
    if (node.type === 'call') addCalled(text, node, calls);
    if (node.type === 'with_statement' && mayReleaseHeld(text, node, habits))
      calls.add(hasKeyword(node, 'async') ? '__aexit__' : '__exit__');
  }
  return { calls, classes: outermost(nodes.filter(({ type }) => type === 'class_definition')) };
}

/**
 * `with connection:` and `with closing(connection):` release what is there already. What `with connect():` makes is
 * released by the same statement, which tells nothing of the rest of the function.
 */
function mayReleaseHeld(text: string, statement: SyntaxNode, { closingManagers }: Habits): boolean {
  const clause = statement.children.find((child) => child.type === 'with_clause');
  return (clause?.children ?? []).some((item) => {
    if (item.type !== 'with_item') return false;
    const value = childInField(item, 'value');
    const manager = value?.type === 'as_pattern' ? value.children[0] : value;
    if (manager?.type !== 'call') return true;
    const callee = childInField(manager, 'function');
    return callee !== null && closingManagers?.test(text.slice(callee.start, callee.end)) === true;
  });
}

function addCalled(text: string, node: SyntaxNode, calls: Set<string>): void {
  const callee = childInField(node, 'function');
  const name = callee?.type === 'attribute' ? childInField(callee, 'attribute') : callee;
  addHandedOn(text, node, calls);
  if (name?.type !== 'identifier' || name.end === name.start) return;
  const called = text.slice(name.start, name.end);
  calls.add(isTypeName(called) ? construction(dottedName(text, callee) ?? called) : called);
}

/** `register(self.file.close)`: who is given the method of a field calls it. */
function addHandedOn(text: string, call: SyntaxNode, calls: Set<string>): void {
  for (const argument of childInField(call, 'arguments')?.children ?? []) {
    const isOfField = argument.type === 'attribute' && childInField(argument, 'object')?.type === 'attribute';
    const name = isOfField ? childInField(argument, 'attribute') : null;
    if (name !== null && name.end > name.start) calls.add(text.slice(name.start, name.end));
  }
}

/** `smtplib.SMTP`, where the whole callee is such a name. */
function dottedName(text: string, callee: SyntaxNode | null): string | null {
  const written = callee === null ? '' : text.slice(callee.start, callee.end);
  return /^[\w.]+$/.test(written) ? written : null;
}
