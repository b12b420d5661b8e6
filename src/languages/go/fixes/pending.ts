/** What may still need the resource when the function is over: goroutines nobody waits for, and what a call made of it. */
import { textOf } from '../../source-edits.ts';
import { childInField, nodesOfTypes, type SyntaxNode } from '../../tree-sitter.ts';
import { listed, parts } from '../lower/nodes.ts';
import type { Site } from './site.ts';

/** Goroutines that were given it, where nothing waits for them. */
export function usesByGoroutines(site: Site): string[] {
  if (isLock(site)) return [];
  const { text } = site;
  const names = namesOf(site);
  const isLeft = behind(site, 'go_statement').some((one) => mentionsOne(one, names, text));
  const waits = [...behind(site, 'unary_expression'), ...behind(site, 'call_expression')];
  if (!isLeft || waits.some((one) => /^<-|\.Wait\(\)$/.test(textOf(one, text)))) return [];
  return [`a goroutine may use \`${names[0] ?? ''}\` later`];
}

/** Results that were made of it. */
export function usesByResults(site: Site): string[] {
  if (isLock(site)) return [];
  const names = namesOf(site);
  const returned = behind(site, 'return_statement').flatMap(parts).flatMap(listed);
  if (!returned.some((one) => isMadeOf(one, names, site.text))) return [];
  return [`what is returned may need \`${names[0] ?? ''}\` later`];
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

/** The variable, or what a function called `New…` made of it. */
function isMadeOf(node: SyntaxNode, names: readonly string[], text: string): boolean {
  if (node.type === 'identifier') return names.includes(textOf(node, text));
  const called = node.type === 'call_expression' ? childInField(node, 'function') : null;
  const name = called?.type === 'selector_expression' ? childInField(called, 'field') : called;
  return name !== null && /^[nN]ew[A-Z]/.test(textOf(name, text)) && mentionsOne(node, names, text);
}

function mentionsOne(node: SyntaxNode, names: readonly string[], text: string): boolean {
  if (node.type === 'identifier') return names.includes(textOf(node, text));
  return node.children.some((one) => mentionsOne(one, names, text));
}
