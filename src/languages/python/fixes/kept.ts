/** Wrappers that outlive the function: what they wrap has to stay open for them. */
import { textOf } from '../../source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import type { Site } from './site.ts';
import { isFunction, nodesOf } from './syntax.ts';

/** `self.stream = Wrapper(f)` or `return Wrapper(f)`, with names in between or without. */
export function isKeptInWrapper({ file, path, expression, assignment, text, habits }: Site): boolean {
  const around = path.findLast(isFunction) ?? file.root;
  const globals = new Set(nodesOf(around, 'global_statement').flatMap((one) => namesIn(one, text)));
  const names = new Set<string>(assignment?.value === expression ? [assignment.name] : []);
  const isIt = (node: SyntaxNode): boolean =>
    (node.start === expression.start && node.end === expression.end) ||
    (node.type === 'identifier' && names.has(textOf(node, text)));
  const readers = habits.readers;
  const isWrapper = (node: SyntaxNode): boolean => {
    if (node.type !== 'call') return false;
    const name = calledName(node, text);
    if (name === null || readers?.test(name) === true || habits.plainResults?.test(name) === true) return false;
    return argumentsOf(node).some((one) => isIt(one) || isWrapper(one));
  };
  const isBehind = ({ end }: SyntaxNode): boolean => end >= expression.end;
  for (const node of nodesOf(around, 'assignment').filter(isBehind)) {
    const [left, right] = [childInField(node, 'left'), childInField(node, 'right')];
    if (left === null || right === null || !(isWrapper(right) || (isIt(right) && right.type === 'identifier')))
      continue;
    if (left.type !== 'identifier' || globals.has(textOf(left, text))) return true;
    names.add(textOf(left, text));
  }
  // What a function makes of it is mostly a value; what a class makes of it holds on to it.
  return nodesOf(around, 'return_statement')
    .filter(isBehind)
    .flatMap(({ children }) => children)
    .some((one) => isWrapper(one) && /^[A-Z]/.test(calledName(one, text) ?? ''));
}

function calledName(call: SyntaxNode, text: string): string | null {
  const callee = childInField(call, 'function');
  const name = callee?.type === 'attribute' ? childInField(callee, 'attribute') : callee;
  return name?.type === 'identifier' ? textOf(name, text) : null;
}

function argumentsOf(call: SyntaxNode): SyntaxNode[] {
  const given = childInField(call, 'arguments')?.children ?? [];
  return given.map((one) => (one.type === 'keyword_argument' ? (childInField(one, 'value') ?? one) : one));
}

function namesIn(node: SyntaxNode, text: string): string[] {
  return nodesOf(node, 'identifier').map((one) => textOf(one, text));
}
