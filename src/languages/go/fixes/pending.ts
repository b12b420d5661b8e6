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
  const isLeft = behind(site, 'go_statement').some((one) => mentionsOne(one, names, text));
  const isReceived = behind(site, 'unary_expression').some((one) => textOf(one, text).startsWith('<-'));
  if (!isLeft || isReceived || behind(site, 'call_expression').some((one) => isWait(one, site))) return [];
  return [`a goroutine may use \`${names[0] ?? ''}\` later`];
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
  return returnedBy(site).some((one) =>
    one.type === 'identifier'
      ? made.includes(textOf(one, site.text))
      : isMadeOf(one, [...namesOf(site), ...made], site),
  );
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
