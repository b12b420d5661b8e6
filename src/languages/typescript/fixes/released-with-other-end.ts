/**
 * What a call carries on to its end, unless what it connects it with fails, is released where that happens:
 *
 *     response.on('close', () => report.destroy());
 *     report.pipe(response);
 */
import type { Edit, Fix } from '../../../findings/edit.ts';
import type { DrainSite } from '../../../effects/remedy.ts';
import { fixOf, freshName, indentAt, isWordIn, lineBreakOf, nameFor } from '../../fixing/source-edits.ts';
import { childOf, identifierName, nodesOf, partsOf, type Node } from '../nodes.ts';
import { isBlock, pathTo, textOf, type Site } from './site.ts';
import { isStable, semicolonAt } from './taken-back.ts';

export function releasedWithOtherEnd(site: Site): Fix[] {
  const [drain, ...others] = site.request.remedy?.drains ?? [];
  if (drain === undefined || others.length > 0) return [];
  const { text, fn, file } = site;
  const path = pathTo(file.program, drain.span);
  const at = path.findLastIndex(isBlock);
  const [call, statement] = [path.findLast(({ type }) => type === 'CallExpression'), path[at + 1]];
  if (call === undefined || statement === undefined || !isPlainStatement(statement)) return [];
  const callee = childOf(call, 'callee');
  const receiver = callee === null ? null : childOf(callee, 'object');
  const [target, ...more] = nodesOf(call, 'arguments');
  const method = callee === null ? null : identifierName(childOf(callee, 'property'));
  if (receiver === null || target === undefined || method === null || more.length > 0) return [];
  // What comes behind the other end may fail as well, and not tell it.
  const ends = [receiver, target].map((one) => textOf(one, text));
  const connections = callsOf(fn, method).filter((one) => ends.some((end) => isConnected(one, end, text)));
  if (connections.length !== 1) return [];
  const named = namesOf(site, [receiver, target]);
  if (named === null) return [];
  const [source, destination] = named.names;
  const written = drain.written.replaceAll('{receiver}', () => source).replaceAll('{param0}', () => destination);
  const start = statement.range[0];
  const line = lineBreakOf(text) + indentAt(text, start);
  const end = semicolonAt(statement, text);
  const head = [...named.declared, written].map((one) => `${one}${end}${line}`).join('');
  const edits: Edit[] = [{ start, end: start, text: head }, ...named.edits];
  const title = `Release the ${site.request.resourceTitle} when the other end of \`${method}\` fails`;
  return [fixOf({ title, style: 'with-other-end', edits }, reasons(drain, written, textOf(fn, text)))];
}

/** Somebody listens for the same already: `upload.on('error', …)`. */
function reasons({ reason }: DrainSite, written: string, around: string): string[] {
  const beginning = written.slice(0, written.indexOf(',') + 1);
  return reason === null || around.includes(beginning) ? [] : [reason];
}

function isPlainStatement({ type }: Node): boolean {
  return type === 'ExpressionStatement' || type === 'VariableDeclaration' || type === 'ReturnStatement';
}

function callsOf(node: Node, method: string): Node[] {
  const callee = node.type === 'CallExpression' ? childOf(node, 'callee') : null;
  const isOwn = callee !== null && identifierName(childOf(callee, 'property')) === method;
  return [...(isOwn ? [node] : []), ...partsOf(node).flatMap((child) => callsOf(child, method))];
}

/** One of its ends goes by this text, or it goes on from a call that does: `a.pipe(b).pipe(c)`. */
function isConnected(call: Node, end: string, text: string): boolean {
  const callee = childOf(call, 'callee');
  const receiver = callee === null ? null : childOf(callee, 'object');
  const parts = [...(receiver === null ? [] : [receiver]), ...nodesOf(call, 'arguments')];
  return parts.some((one) => textOf(one, text) === end || textOf(one, text).startsWith(`${end}.`));
}

interface Named {
  readonly names: readonly [string, string];
  readonly declared: readonly string[];
  readonly edits: readonly Edit[];
}

/** Both ends under names; what is made within the call gets one. null: not all of it can. */
function namesOf({ text, path, file, request }: Site, [source, target]: readonly [Node, Node]): Named | null {
  const around = textOf(path[1] ?? file.program, text);
  const taken: string[] = [];
  const declared: string[] = [];
  const edits: Edit[] = [];
  const nameOf = (node: Node, wish: string): string | null => {
    if (isStable(node)) return textOf(node, text);
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
    const isFree = (name: string): boolean => !isWordIn(name, around) && !taken.includes(name);
    const name = freshName([nameFor(wish), 'source'], isFree);
    taken.push(name);
    declared.push(`const ${name} = ${textOf(node, text)}`);
    edits.push({ start: node.range[0], end: node.range[1], text: name });
    return name;
  };
  const first = nameOf(source, request.resourceTitle);
  const second = first === null ? null : nameOf(target, 'target');
  return first === null || second === null ? null : { names: [first, second], declared, edits };
}
