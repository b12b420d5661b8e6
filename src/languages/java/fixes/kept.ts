/** Wrappers that outlive the function: what they wrap has to stay open for them. */
import { childInField, walk, type SyntaxNode } from '../../tree-sitter.ts';
import type { Site } from './site.ts';
import { isFunction } from './syntax.ts';

/** `field = new Wrapper(in)`, with names in between or without: somebody keeps what was made around it. */
export function isKeptInWrapper({ path, acquisition, request, text }: Site): boolean {
  const around = path.findLast(isFunction);
  if (around === undefined) return false;
  const locals = localNames(around, text);
  const names = new Set<string>(request.variable !== null && locals.has(request.variable) ? [request.variable] : []);
  const isIt = (node: SyntaxNode): boolean =>
    (node.start === acquisition.start && node.end === acquisition.end) ||
    (node.type === 'identifier' && names.has(text.slice(node.start, node.end)));
  const isWrapper = (node: SyntaxNode): boolean => wraps(node, isIt);
  let isKept = false;
  walk(around, (node) => {
    if (node.end <= acquisition.start) return 'skip';
    const target = childInField(node, node.type === 'variable_declarator' ? 'name' : 'left');
    const value = childInField(node, node.type === 'variable_declarator' ? 'value' : 'right');
    if (target === null || value === null) return 'inside';
    const written = text.slice(target.start, target.end);
    // One name more for a wrapper is the wrapper.
    if (!isWrapper(value) && !(isIt(value) && value.type === 'identifier')) return 'inside';
    if (target.type === 'identifier' && locals.has(written)) names.add(written);
    else if (node.type === 'assignment_expression') isKept = true;
    return 'inside';
  });
  return isKept;
}

/** `new Wrapper(…)` of it, however deep. */
function wraps(node: SyntaxNode, isIt: (node: SyntaxNode) => boolean): boolean {
  if (node.type === 'parenthesized_expression' || node.type === 'cast_expression')
    return node.children.some((child) => wraps(child, isIt));
  if (node.type !== 'object_creation_expression') return false;
  const given = childInField(node, 'arguments')?.children ?? [];
  return given.some((one) => isIt(one) || wraps(one, isIt));
}

/** Variables and parameters of the function. */
function localNames(fn: SyntaxNode, text: string): ReadonlySet<string> {
  const names = new Set<string>();
  walk(fn, (node) => {
    const name = /^(?:variable_declarator|formal_parameter|catch_formal_parameter|resource)$/.test(node.type)
      ? childInField(node, 'name')
      : null;
    if (name !== null) names.add(text.slice(name.start, name.end));
    return 'inside';
  });
  return names;
}
