/** Does somebody keep what was made around the resource? */
import { wrappersAround } from '../../fixing/kept-wrappers.ts';
import { textOf } from '../../fixing/source-edits.ts';
import { childInField, walk, type SyntaxNode } from '../../tree-sitter.ts';
import type { Site } from './site.ts';
import { isFunction } from './syntax.ts';

export function isKeptInWrapper({ path, acquisition, request, text }: Site): boolean {
  const around = path.findLast(isFunction);
  if (around === undefined) return false;
  const locals = localNames(around, text);
  const { isOneKept } = wrappersAround({
    text,
    acquired: acquisition,
    variable: request.variable !== null && locals.has(request.variable) ? request.variable : null,
    assignments: assignmentsIn(around, acquisition.start),
    givenTo,
    isLocal: (name) => locals.has(name),
  });
  return isOneKept;
}

function assignmentsIn(fn: SyntaxNode, from: number): { target: SyntaxNode; value: SyntaxNode }[] {
  const assignments: { target: SyntaxNode; value: SyntaxNode }[] = [];
  walk(fn, (node) => {
    if (node.end <= from) return 'skip';
    const isDeclared = node.type === 'variable_declarator';
    const target = childInField(node, isDeclared ? 'name' : 'left');
    const value = childInField(node, isDeclared ? 'value' : 'right');
    if (target !== null && value !== null && (isDeclared || node.type === 'assignment_expression'))
      assignments.push({ target, value });
    return 'inside';
  });
  return assignments;
}

/** `new Wrapper(…)` of it, however deep. */
export function wraps(node: SyntaxNode, isIt: (node: SyntaxNode) => boolean): boolean {
  return givenTo(node).some((one) => isIt(one) || wraps(one, isIt));
}

/** `new Wrapper(…)`, also in parentheses or a cast. */
function givenTo(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.type === 'parenthesized_expression' || node.type === 'cast_expression')
    return node.children.flatMap(givenTo);
  return node.type === 'object_creation_expression' ? (childInField(node, 'arguments')?.children ?? []) : [];
}

/** Variables and parameters of the function. */
export function localNames(fn: SyntaxNode, text: string): ReadonlySet<string> {
  const names = new Set<string>();
  walk(fn, (node) => {
    const name = /^(?:variable_declarator|formal_parameter|catch_formal_parameter|resource)$/.test(node.type)
      ? childInField(node, 'name')
      : null;
    if (name !== null) names.add(textOf(name, text));
    return 'inside';
  });
  return names;
}
