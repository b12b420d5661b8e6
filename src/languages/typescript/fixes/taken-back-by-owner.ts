/**
 * What an object listens to from its constructor on, and its own `close()` does not take back: the listener becomes a
 * field, and `close()` removes it.
 */
import type { Edit, Fix } from '../../../findings/edit.ts';
import { fixOf, indentAt, lineBreakOf } from '../../fixing/source-edits.ts';
import { childOf, identifierName, isSet, nodesOf, textIn, type Node } from '../nodes.ts';
import { statementsIn, type Site } from './site.ts';
import { isTyped, namesWithin, semicolonOf, takenBack, type TakenBack } from './taken-back.ts';

export function takenBackByOwner(site: Site): Fix[] {
  const { path, fn, text, block, habits } = site;
  const constructor = path[path.indexOf(fn) - 1];
  const body = path[path.indexOf(fn) - 2];
  if (body?.type !== 'ClassBody' || constructor === undefined || textIn(constructor, 'kind') !== 'constructor')
    return [];
  const hidden = namesWithin(fn);
  const kept = takenBack(site, hidden, 'this.');
  if (kept === null || kept.isResult || kept.isNamed || childOf(fn, 'body') !== block) return [];
  if (kept.mentioned.some((name) => hidden.has(name))) return [];
  const ending = nodesOf(body, 'body').find((one) => isOwnMethod(one) && habits.lifecycleEnd.test(keyOf(one)));
  const end = ending === undefined ? null : childOf(childOf(ending, 'value') ?? ending, 'body');
  const [first] = end === null ? [] : statementsIn(end);
  const declared = isTyped(site) ? declaration(site, body, kept) : [];
  if (ending === undefined || first === undefined || declared === null) return [];
  const start = first.range[0];
  const release = `${kept.release({ isDoubtful: false })}${semicolonOf(site)}`;
  const edits: Edit[] = [
    ...declared,
    ...kept.named(`${kept.name} = `),
    { start, end: start, text: release + lineBreakOf(text) + indentAt(text, start) },
  ];
  const title = `Remove \`${kept.name}\` in \`${keyOf(ending)}\``;
  return [fixOf({ title, style: 'removed-by-owner', edits }, ['after that the event is not heard any more'])];
}

/** A field before the constructor; null: its type is not clear. */
function declaration(site: Site, body: Node, { name, type, hasGuessedType }: TakenBack): Edit[] | null {
  const first = nodesOf(body, 'body').find((one) => textIn(one, 'kind') === 'constructor');
  if (hasGuessedType || first === undefined) return null;
  const start = first.range[0];
  const line = lineBreakOf(site.text) + indentAt(site.text, start);
  const field = `private readonly ${name.slice('this.'.length)}: ${type}${semicolonOf(site)}`;
  return [{ start, end: start, text: field + lineBreakOf(site.text) + line }];
}

function isOwnMethod(member: Node): boolean {
  return member.type === 'MethodDefinition' && textIn(member, 'kind') === 'method' && !isSet(member, 'static');
}

function keyOf(member: Node): string {
  return identifierName(childOf(member, 'key')) ?? '';
}
