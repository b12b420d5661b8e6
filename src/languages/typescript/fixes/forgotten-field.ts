/** A field that other methods release, and the one that ends the object's life does not: it does so first of all. */
import type { Fix, FixRequest } from '../../../findings/edit.ts';
import { fixOf, indentAt, lineBreakOf, written } from '../../fixing/source-edits.ts';
import { childOf, identifierName, nodesOf, textIn, type Node } from '../nodes.ts';
import type { TypescriptFile } from '../parse.ts';
import { pathTo, statementsIn, textOf } from './site.ts';

/** Only where releasing nothing does no harm: the field may be empty. */
export function forgottenField({ text, program }: TypescriptFile, request: FixRequest): Fix[] {
  const { remedy } = request;
  const template = remedy?.calls[0];
  if (remedy?.field == null || template === undefined || !remedy.takesEmpty) return [];
  const fn = methodOf(program, pathTo(program, request.acquiredAt), remedy.forgottenIn ?? '');
  const block = fn === null ? null : childOf(fn, 'body');
  const [first] = block === null ? [] : statementsIn(block);
  if (block === null || first === undefined) return [];
  const semicolon = /;\s*$/.test(textOf(first, text)) || textOf(first, text).endsWith('}') ? ';' : '';
  const value = `this.${remedy.field}`;
  const gap = lineBreakOf(text) + indentAt(text, first.range[0]);
  const start = first.range[0];
  const edits = [{ start, end: start, text: `${written(template, value)}${semicolon}${gap}` }];
  const title = `Release \`${value}\` in \`${remedy.forgottenIn ?? ''}\``;
  return [fixOf({ title, style: 'release-in-owner', edits }, ['what it was waiting for no longer happens'])];
}

/** Of the class around, or of the prototype that the function around belongs to. */
function methodOf(program: Node, path: readonly Node[], name: string): Node | null {
  const body = path.findLast(({ type }) => type === 'ClassBody');
  if (body !== undefined) {
    const method = nodesOf(body, 'body').find((one) => nameOf(one) === name);
    return method === undefined ? null : childOf(method, 'value');
  }
  const owner = path.map(prototypeMember).findLast((one) => one !== null)?.owner;
  const found = nodesOf(program, 'body')
    .map((one) => prototypeMember(childOf(one, 'expression')))
    .find((one) => one !== null && one.owner === owner && one.name === name);
  return found?.fn ?? null;
}

/** `Socket.prototype.close = function () { … }` */
function prototypeMember(node: Node | null): { owner: string | null; name: string | null; fn: Node } | null {
  const left = node?.type === 'AssignmentExpression' ? childOf(node, 'left') : null;
  const fn = node === null || left === null ? null : childOf(node, 'right');
  const object = left === null ? null : childOf(left, 'object');
  if (fn?.type !== 'FunctionExpression' || left === null || object?.type !== 'MemberExpression') return null;
  if (identifierName(childOf(object, 'property')) !== 'prototype') return null;
  return {
    owner: identifierName(childOf(object, 'object')),
    name: identifierName(childOf(left, 'property')),
    fn,
  };
}

function nameOf(member: Node): string | null {
  if (member.type !== 'MethodDefinition' || textIn(member, 'kind') !== 'method') return null;
  return identifierName(childOf(member, 'key'));
}
