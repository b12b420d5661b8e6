/**
 * A class that keeps what it opens in a field, and that nobody can end, gets an end: `[Symbol.dispose]()` where the project
 * may be written with `using`, else `close()`. Only where nothing but the class says how it ends.
 */
import type { Fix, FixRequest } from '../../../findings/edit.ts';
import type { Habits } from '../../habits.ts';
import type { Target } from '../../language.ts';
import { fixOf, indentAt, indentUnit, isAloneOnLines, lineBreakOf, lineStart } from '../../fixing/source-edits.ts';
import { childOf, isSet, nodesOf, textIn, type Node } from '../nodes.ts';
import type { TypescriptFile } from '../parse.ts';
import { releaseCall } from './release.ts';
import { pathTo, textOf } from './site.ts';

export function closedByOwner(file: TypescriptFile, request: FixRequest, habits: Habits, target: Target): Fix[] {
  const { text, program } = file;
  const { remedy } = request;
  const template = remedy?.calls[0];
  if (remedy?.field == null || remedy.family !== 'resource' || template === undefined) return [];
  const path = pathTo(program, request.acquiredAt);
  const at = path.findLastIndex(({ type }) => type === 'ClassBody');
  const [owner, body, member] = [path[at - 1], path[at], path[at + 1]];
  if (owner === undefined || body === undefined || member === undefined || childOf(owner, 'superClass') !== null)
    return [];
  const isMade = member.type === 'PropertyDefinition' || textIn(member, 'kind') === 'constructor';
  const members = nodesOf(body, 'body');
  if (!isMade || isSet(member, 'static') || members.some((one) => isEnd(one, habits, text))) return [];
  const key = keyOf(members, remedy.field, text);
  const brace = { start: body.range[1] - 1, end: body.range[1] };
  const name = childOf(owner, 'id');
  if (key === null || name === null || !isAloneOnLines(text, brace)) return [];
  const value = `this.${key.text}${key.mayBeEmpty && template.startsWith('$.') ? '?' : ''}`;
  const acquisition = path.at(-1);
  const release = acquisition === undefined ? null : releaseCall({ request, file, acquisition, text }, value);
  if (release === null) return [];
  const { head, keyword } = endFor(file, request, target);
  const semicolon =
    /;\s*$/.test(textOf(members.find((one) => one.type === 'PropertyDefinition') ?? member, text)) ||
    text.includes(';\n');
  const unit = indentUnit(text, '  ');
  const line = lineBreakOf(text);
  const indent = indentAt(text, member.range[0]);
  const lines = [`${head} {`, `${unit}${keyword}${release}${semicolon ? ';' : ''}`, '}'];
  const end = lineStart(text, brace.start);
  const edits = [{ start: end, end, text: line + lines.map((one) => indent + one + line).join('') }];
  const type = textOf(name, text);
  const title = `Give \`${type}\` a \`${/[\w$]*close|\[[^\]]+\]/.exec(head)?.[0] ?? 'close'}\` that releases \`this.${key.text}\``;
  return [fixOf({ title, style: 'closed-by-owner', edits }, [`whoever makes one has to end it`])];
}

interface End {
  /** Of the method, as far as its body. */
  readonly head: string;
  readonly keyword: '' | 'await ' | 'return ';
}

function endFor({ path }: TypescriptFile, { remedy }: FixRequest, { constructs }: Target): End {
  const isTyped = /\.[cm]?tsx?$/.test(path);
  const isSync = remedy?.isSync === true || remedy?.style === 'using' || remedy?.calls[0]?.startsWith('$') === false;
  if (constructs.has('using') && isSync) return { head: `[Symbol.dispose]()${isTyped ? ': void' : ''}`, keyword: '' };
  if (constructs.has('using') && remedy?.style === 'await using')
    return { head: `async [Symbol.asyncDispose]()${isTyped ? ': Promise<void>' : ''}`, keyword: 'await ' };
  if (isSync) return { head: `close()${isTyped ? ': void' : ''}`, keyword: '' };
  // Whether it is a promise its caller may know.
  return { head: 'close()', keyword: 'return ' };
}

function isEnd(member: Node, habits: Habits, text: string): boolean {
  const key = childOf(member, 'key');
  if (member.type !== 'MethodDefinition' || key === null) return false;
  const name = isSet(member, 'computed') ? `[${textOf(key, text)}]` : textOf(key, text);
  return habits.lifecycleEnd.test(name) || habits.releaseMethods.has(name);
}

/** As it is written behind `this.`; null: it is no field of the class. */
function keyOf(members: readonly Node[], name: string, text: string): { text: string; mayBeEmpty: boolean } | null {
  for (const one of members) {
    const key = one.type === 'PropertyDefinition' && !isSet(one, 'computed') ? childOf(one, 'key') : null;
    if (key === null || textOf(key, text).replace(/^#/, '') !== name.replace(/^#/, '')) continue;
    if (isSet(one, 'static')) return null;
    const type = childOf(one, 'typeAnnotation');
    const isOptional = type !== null && /\b(?:undefined|null)\b/.test(textOf(type, text));
    return { text: textOf(key, text), mayBeEmpty: isSet(one, 'optional') || isOptional };
  }
  return null;
}
