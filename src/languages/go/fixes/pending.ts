/** What may still need the resource when the function is over: goroutines nobody waits for, and what a call made of it. */
import { textOf } from '../../fixing/source-edits.ts';
import { childInField, nodesOfTypes, type SyntaxNode } from '../../tree-sitter.ts';
import { listed, parts } from '../lower/nodes.ts';
import type { Site } from './site.ts';

/** Goroutines that were given it, where nothing waits for them. */
export function usesByGoroutines(site: Site): string[] {
  if (isLock(site)) return [];
  const { text } = site;
  const names = [...namesOf(site), ...madeOf(site)];
  const isLeft = [...behind(site, 'go_statement'), ...handedOver(site)].some((one) => mentionsOne(one, names, text));
  if (!isLeft || isReceived(site, names) || behind(site, 'call_expression').some((one) => isWait(one, site))) return [];
  return [`a goroutine may use \`${names[0] ?? ''}\` later`];
}

/** `time.AfterFunc(delay, func() { … })`: nobody knows when it runs. */
function handedOver(site: Site): readonly SyntaxNode[] {
  return behind(site, 'expression_statement')
    .flatMap(({ children }) => children)
    .filter(({ type }) => type === 'call_expression')
    .flatMap((call) => parts(childInField(call, 'arguments') ?? call))
    .filter(({ type }) => type === 'func_literal');
}

/** The function itself receives something, and not from the value: `<-done`. */
function isReceived({ fn, statement, text }: Site, names: readonly string[]): boolean {
  const own = (node: SyntaxNode): boolean => {
    if (node !== fn && node.type === 'func_literal') return false;
    const isReceive = node.type === 'unary_expression' && textOf(node, text).startsWith('<-');
    if (isReceive && node.end > statement.start && !mentionsOne(node, names, text)) return true;
    return node.children.some(own);
  };
  return own(fn);
}

/** `group.Wait()` */
function isWait(call: SyntaxNode, { text, habits }: Site): boolean {
  const name = calledName(call);
  return name !== null && habits.waits?.test(text.slice(name.start, call.end)) === true;
}

function calledName(call: SyntaxNode): SyntaxNode | null {
  const called = childInField(call, 'function');
  return called?.type === 'selector_expression' ? childInField(called, 'field') : called;
}

/** What is returned was made of it, and works on it: `return NewWriter(f), nil`. */
export function givesWhatNeedsIt(site: Site): boolean {
  if (isLock(site)) return false;
  const made = madeOf(site);
  const names = [...namesOf(site), ...made];
  return returnedBy(site).some((one) => {
    if (one.type === 'identifier') return made.includes(textOf(one, site.text));
    return isMadeOf(one, names, site) || (givesChannel(site) && isFieldOf(one, names, site));
  });
}

/** `func every(d time.Duration) <-chan time.Time` */
function givesChannel({ fn }: Site): boolean {
  const result = childInField(fn, 'result');
  return result !== null && nodesOfTypes(result, new Set(['channel_type'])).length > 0;
}

/** `ticker.C` */
function isFieldOf(node: SyntaxNode, names: readonly string[], { text }: Site): boolean {
  return node.type === 'selector_expression' && mentionsOne(node, names, text);
}

/** What came along with it is returned, and may need it: `value, stop := watch()`. */
export function usesByResults(site: Site): string[] {
  if (isLock(site)) return [];
  const names = namesOf(site);
  const isReturned = returnedBy(site).some((one) => one.type === 'identifier' && isMadeOf(one, names, site));
  return isReturned ? [`what is returned may need \`${names[0] ?? ''}\` later`] : [];
}

function returnedBy(site: Site): readonly SyntaxNode[] {
  return behind(site, 'return_statement').flatMap(parts).flatMap(listed);
}

function isLock({ request }: Site): boolean {
  return request.remedy?.family === 'lock';
}

/** Nodes of the type behind the acquisition. */
function behind({ fn, statement }: Site, type: string): readonly SyntaxNode[] {
  return nodesOfTypes(fn, new Set([type])).filter((node) => node.end > statement.start);
}

/** What is assigned along with it, the error aside: a context ends with its `cancel`. */
function namesOf({ assignment, error, text }: Site): string[] {
  const targets = listed(assignment === null ? null : childInField(assignment, 'left'));
  return targets.map((one) => textOf(one, text)).filter((one) => one !== '_' && one !== error);
}

/** What functions that make something have made of it: `out = NewWriter(f)`. */
export function madeOf(site: Site): string[] {
  const own = namesOf(site);
  const made: string[] = [];
  for (const one of [...behind(site, 'short_var_declaration'), ...behind(site, 'assignment_statement')]) {
    if (one === site.assignment) continue;
    const [value] = listed(childInField(one, 'right'));
    const [target] = listed(childInField(one, 'left'));
    if (value?.type !== 'call_expression' || target?.type !== 'identifier' || !isMadeOf(value, [...own, ...made], site))
      continue;
    made.push(textOf(target, site.text));
  }
  return made;
}

/** The variable, or what a function that makes something made of it. */
function isMadeOf(node: SyntaxNode, names: readonly string[], { text, habits }: Site): boolean {
  if (node.type === 'identifier') return names.includes(textOf(node, text));
  const name = node.type === 'call_expression' ? calledName(node) : null;
  return name !== null && habits.makers?.test(textOf(name, text)) === true && mentionsOne(node, names, text);
}

function mentionsOne(node: SyntaxNode, names: readonly string[], text: string): boolean {
  if (node.type === 'identifier') return names.includes(textOf(node, text));
  return node.children.some((one) => mentionsOne(one, names, text));
}
