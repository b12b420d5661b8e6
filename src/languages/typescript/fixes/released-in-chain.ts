/**
 * `connect().then((client) => client.query(text))`: what the promise gives is released in the function that gets it:
 *
 *     connect().then(async (client) => { try { return await client.query(text); } finally { client.release(); } })
 */
import type { Edit, Fix } from '../../../findings/edit.ts';
import { fixOf, indentAt, indented, indentUnit, lineBreakOf, lineStart, nextLine } from '../../fixing/source-edits.ts';
import { childOf, identifierName, isFunction, isSet, nodesOf, spanOf, type Node } from '../nodes.ts';
import { longTemplatesIn } from './guard.ts';
import { promisesIn, usesToCome } from './pending.ts';
import { releaseText } from './release.ts';
import { mentions, statementsIn, textOf, type Site } from './site.ts';

export function releasedInChain(site: Site): Fix[] {
  const { request, value, text } = site;
  const fn = value === null && request.remedy?.isReceiver === false ? receiverOf(site) : null;
  const name = fn === null ? null : identifierName(nodesOf(fn, 'params')[0] ?? null);
  const release = name === null ? null : releaseText({ ...site, isAwaited: true }, name);
  const body = fn === null ? null : childOf(fn, 'body');
  if (fn === null || name === null || release === null || body === null || !mentions(body, name)) return [];
  const edits =
    body.type === 'BlockStatement' ? blockEdits(site, body, release) : expressionEdits(site, fn, body, release);
  if (edits === null) return [];
  const start = fn.range[0];
  const whole: Edit[] = [...(isSet(fn, 'async') ? [] : [{ start, end: start, text: 'async ' }]), ...edits];
  const statements = body.type === 'BlockStatement' ? statementsIn(body) : [];
  const reasons = [
    ...(statements.some(returnsUnclear) ? [`what is returned may need \`${name}\` later`] : []),
    ...usesToCome({ ...site, isAwaited: true }, statements, name),
  ];
  return [
    fixOf({ title: `Release \`${name}\` in a \`finally\``, style: 'chained-try-finally', edits: whole }, reasons),
  ];
  function returnsUnclear(one: Node): boolean {
    const argument = one.type === 'ReturnStatement' ? childOf(one, 'argument') : null;
    return argument !== null && promisesIn(one).length === 0 && textOf(argument, text).includes('(');
  }
}

/** The function that `then` of the acquiring call is given. */
function receiverOf({ path, acquisition }: Site): Node | null {
  const [member, call] = [path.at(-2), path.at(-3)];
  if (member?.type !== 'MemberExpression' || childOf(member, 'object') !== acquisition) return null;
  if (identifierName(childOf(member, 'property')) !== 'then' || call === undefined) return null;
  const [given] = nodesOf(call, 'arguments');
  return given !== undefined && isFunction(given) && nodesOf(given, 'params').length === 1 ? given : null;
}

function blockEdits({ text }: Site, body: Node, release: string): Edit[] | null {
  const statements = statementsIn(body);
  const [first, last] = [statements[0], statements.at(-1)];
  if (first === undefined || last === undefined) return null;
  const [start, end] = [lineStart(text, first.range[0]), last.range[1]];
  // Of a block on one line no other can be made.
  if (start <= body.range[0] || lineStart(text, body.range[1]) <= end) return null;
  const unit = indentUnit(text, '  ');
  const indent = indentAt(text, first.range[0]);
  const line = lineBreakOf(text) + indent;
  return [
    { start, end: start, text: `${indent}try {${lineBreakOf(text)}` },
    ...indented(text, { start, end }, unit, longTemplatesIn(body, text).map(spanOf)),
    ...statements.flatMap(promisesIn).map(({ range: [at] }) => ({ start: at, end: at, text: 'await ' })),
    { start: end, end, text: `${line}} finally {${line}${unit}${release}${line}}` },
  ];
}

function expressionEdits({ text }: Site, fn: Node, body: Node, release: string): Edit[] | null {
  const [start, end] = body.range;
  const arrow = text.lastIndexOf('=>', start) + 2;
  if (arrow < fn.range[0] || text.slice(arrow, start).trim() !== '') return null;
  const unit = indentUnit(text, '  ');
  const line = lineBreakOf(text) + indentAt(text, fn.range[0]) + unit;
  const semicolon = release.endsWith(';') ? ';' : '';
  const awaited = body.type === 'AwaitExpression' ? '' : 'await ';
  const outer = line.slice(0, line.length - unit.length);
  return [
    { start: arrow, end: start, text: ` {${line}try {${line}${unit}return ${awaited}` },
    ...indented(text, { start: nextLine(text, start), end }, unit + unit, longTemplatesIn(body, text).map(spanOf)),
    { start: end, end, text: `${semicolon}${line}} finally {${line}${unit}${release}${line}}${outer}}` },
  ];
}
