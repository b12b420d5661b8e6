/** What may still need the resource when the function is over: goroutines nobody waits for, and what a call made of it. */
import { textOf } from '../../source-edits.ts';
import { childInField, walk, type SyntaxNode } from '../../tree-sitter.ts';
import { listed, parts } from '../lower/nodes.ts';
import type { Site } from './site.ts';

export function usesToCome(site: Site): string[] {
  const { fn, statement, request, text } = site;
  if (request.remedy?.family === 'lock') return [];
  const names = namesOf(site);
  const [what = ''] = names;
  const behind: SyntaxNode[] = [];
  walk(fn, (node) => {
    if (node.end <= statement.start) return 'skip';
    behind.push(node);
    return 'inside';
  });
  const ofType = (type: string): SyntaxNode[] => behind.filter((node) => node.type === type);
  const isLeft = ofType('go_statement').some((one) => mentionsOne(one, names, text));
  const waits = [...ofType('unary_expression'), ...ofType('call_expression')];
  const isWaitedFor = waits.some((one) => /^<-|\.Wait\(\)$/.test(textOf(one, text)));
  const returned = ofType('return_statement').flatMap(parts).flatMap(listed);
  return [
    ...(isLeft && !isWaitedFor ? [`a goroutine may use \`${what}\` later`] : []),
    ...(returned.some((one) => isMadeOf(one, names, text)) ? [`what is returned may need \`${what}\` later`] : []),
  ];
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
