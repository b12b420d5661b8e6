/** A field that other methods release, and the one that ends the object's life does not: it does so first of all. */
import type { Fix, FixRequest } from '../../../findings/edit.ts';
import { fixOf, indentAt, lineBreakOf, written } from '../../source-edits.ts';
import { childOf, identifierName, nodesOf, textIn, type Node } from '../nodes.ts';
import type { TypescriptFile } from '../parse.ts';
import { pathTo, statementsIn, textOf } from './site.ts';

/** Only where the release is a function that takes anything, as `clearTimeout` does: the field may be empty. */
export function forgottenField({ text, program }: TypescriptFile, request: FixRequest): Fix[] {
  const { remedy } = request;
  const template = remedy?.calls[0];
  if (remedy?.field == null || template === undefined || !/^clear\w+\(\$\)$/.test(template)) return [];
  const body = pathTo(program, request.acquiredAt).findLast(({ type }) => type === 'ClassBody');
  const method =
    body === undefined ? undefined : nodesOf(body, 'body').find((one) => nameOf(one) === remedy.forgottenIn);
  const fn = method === undefined ? null : childOf(method, 'value');
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

function nameOf(member: Node): string | null {
  if (member.type !== 'MethodDefinition' || textIn(member, 'kind') !== 'method') return null;
  return identifierName(childOf(member, 'key'));
}
