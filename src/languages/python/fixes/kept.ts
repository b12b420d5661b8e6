/** Does somebody keep what was made around the resource, or get it from this function? */
import type { Habits } from '../../habits.ts';
import { wrappersAround } from '../../fixing/kept-wrappers.ts';
import { textOf } from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import type { Site } from './site.ts';
import { isFunction, nodesOf } from './syntax.ts';

/** `self.stream = Wrapper(f)` or `return Wrapper(f)`. */
export function isKeptInWrapper({ file, path, expression, assignment, text, habits }: Site): boolean {
  const around = path.findLast(isFunction) ?? file.root;
  const globals = new Set(nodesOf(around, 'global_statement').flatMap((one) => namesIn(one, text)));
  const isBehind = ({ end }: SyntaxNode): boolean => end >= expression.end;
  const { isOneKept, isWrapper } = wrappersAround({
    text,
    acquired: expression,
    variable: assignment?.value === expression ? assignment.name : null,
    assignments: nodesOf(around, 'assignment').filter(isBehind).flatMap(assigned),
    givenTo: (node) => (isValue(node, text, habits) ? [] : argumentsOf(node)),
    isLocal: (name) => !globals.has(name),
  });
  // What a function makes of it is mostly a value; what a class makes of it holds on to it.
  const isReturned = (one: SyntaxNode): boolean => isWrapper(one) && /^[A-Z]/.test(calledName(one, text) ?? '');
  const returned = nodesOf(around, 'return_statement').filter(isBehind);
  return isOneKept || returned.flatMap(({ children }) => children).some(isReturned);
}

function assigned(node: SyntaxNode): { target: SyntaxNode; value: SyntaxNode }[] {
  const [target, value] = [childInField(node, 'left'), childInField(node, 'right')];
  return target === null || value === null ? [] : [{ target, value }];
}

/** Of a call known to give a plain value, or whose name does not show. */
function isValue(call: SyntaxNode, text: string, { readers, plainResults, lazyResults }: Habits): boolean {
  const name = calledName(call, text);
  if (name !== null && lazyResults?.test(name) === true) return false;
  return name === null || readers?.test(name) === true || plainResults?.test(name) === true;
}

function calledName(call: SyntaxNode, text: string): string | null {
  const callee = call.type === 'call' ? childInField(call, 'function') : null;
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
