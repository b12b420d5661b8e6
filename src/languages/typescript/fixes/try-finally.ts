/** `const x = open(); use(x);` becomes `const x = open(); try { use(x); } finally { x.close(); }`. */
import type { Edit, Fix } from '../../../findings/edit.ts';
import {
  fixOf,
  freshName,
  indentAt,
  indented,
  indentUnit,
  isWordIn,
  lineBreakOf,
  lineEnd,
  nameFor,
  nextLine,
  removal,
  written,
} from '../../source-edits.ts';
import { childOf, nodesOf, spanOf, type Node } from '../nodes.ts';
import { longTemplatesIn, regionOf, type Region } from './region.ts';
import { pathTo, textOf, type Site } from './site.ts';

export function tryFinally(site: Site): Fix[] {
  const { request, value, text, statement } = site;
  const { remedy } = request;
  const call = remedy?.calls[0];
  if (remedy === null || call === undefined || value === null) return [];
  const region = remedy.isTransferred ? wholeBlock(site) : regionOf(site);
  const last = region?.guarded.at(-1);
  if (region === null || last === undefined) return [];
  const unit = indentUnit(text, '  ');
  const indent = indentAt(text, statement.range[0]);
  const line = lineBreakOf(text) + indent;
  const semicolon = /;\s*$/.test(textOf(statement, text)) ? ';' : '';
  const release = `${isReleaseAwaited(site) ? 'await ' : ''}${written(call, value)}${semicolon}`;
  const tail = remedy.isTransferred
    ? `${line}} catch (error) {${line}${unit}${release}${line}${unit}throw error${semicolon}${line}}`
    : `${line}} finally {${line}${unit}${release}${line}}`;
  const head = lineEnd(text, statement.range[1]);
  const end = endOfLine(text, last.range[1]);
  const removals = region.removed.map((one) => removal(text, spanOf(one)));
  const keep = [
    ...region.guarded.flatMap((one) => longTemplatesIn(one, text)).map(spanOf),
    ...removals.map(({ start, end: to }) => ({ start: start - 1, end: to })),
  ];
  const edits: Edit[] = [
    ...hoists(region, site),
    { start: head, end: head, text: `${line}try {` },
    ...indented(text, { start: nextLine(text, statement.range[1]), end: last.range[1] }, unit, keep),
    ...removals,
    { start: end, end, text: tail },
  ];
  const reasons = region.keepsRelease ? [`\`${value}\` is also released explicitly, which then happens twice`] : [];
  const isLock = remedy.family === 'lock';
  const title = remedy.isTransferred
    ? `Release \`${value}\` when an exception is thrown`
    : `Release \`${value}\` in a \`finally\``;
  const style = remedy.isTransferred ? 'release-and-throw' : isLock ? 'unlock-in-finally' : 'try-finally';
  return [fixOf({ title, style, edits }, reasons)];
}

function hoists({ hoisted }: Region, { text, statement }: Site): Edit[] {
  const start = statement.range[0];
  const gap = lineBreakOf(text) + indentAt(text, start);
  return hoisted.flatMap((node): Edit[] => {
    const [only] = nodesOf(node, 'declarations');
    const id = only === undefined ? null : childOf(only, 'id');
    if (only === undefined || id === null) return [];
    const declared = { start, end: start, text: `let ${textOf(id, text)};${gap}` };
    // The type goes with the declaration.
    const name = /^[\w$]+/.exec(textOf(id, text))?.[0] ?? '';
    const init = childOf(only, 'init');
    if (init === null) return [declared, removal(text, spanOf(node))];
    return [declared, { start: node.range[0], end: id.range[1], text: name }];
  });
}

function wholeBlock({ statements, index, request }: Site): Region | null {
  if ((request.remedy?.releasedAt.length ?? 0) > 0) return null;
  return { guarded: statements.slice(index + 1), removed: [], hoisted: [], keepsRelease: false };
}

/** As the function does it elsewhere; else as the acquisition was. */
function isReleaseAwaited({ request, file, isAwaited }: Site): boolean {
  const sites = request.remedy?.releasedAt ?? [];
  if (sites.length === 0) return isAwaited && request.remedy?.calls[0] !== '$()';
  return sites.some(({ span }) =>
    pathTo(file.program, span).some((node) => {
      const argument = node.type === 'AwaitExpression' ? childOf(node, 'argument') : null;
      return argument !== null && argument.range[0] === span.start && argument.range[1] === span.end;
    }),
  );
}

/** `const text = await (await open(p)).readFile();` gets a name and a `try`. */
export function namedTemporary(site: Site): Fix[] {
  const { request, text, statement, acquisition, path, value } = site;
  const { remedy } = request;
  const call = remedy?.calls[0];
  if (value !== null || remedy === null || call === undefined || remedy.isTransferred || remedy.through.length > 0)
    return [];
  if (remedy.isReceiver || (statement.type !== 'ExpressionStatement' && statement.type !== 'ReturnStatement'))
    return [];
  // A promise is not what it promises.
  if (!site.isAwaited) return [];
  const expression = wholeOf(path, acquisition);
  const name = freshName([nameFor(request.resourceTitle)], (one) => !isWordIn(one, text));
  const unit = indentUnit(text, '  ');
  const line = lineBreakOf(text) + indentAt(text, statement.range[0]);
  const semicolon = /;\s*$/.test(textOf(statement, text)) ? ';' : '';
  const isAlone = childOf(statement, 'expression') === expression;
  if (isAlone) return [];
  const release = `${isReleaseAwaited(site) ? 'await ' : ''}${written(call, name)}${semicolon}`;
  const edits: Edit[] = [
    {
      start: statement.range[0],
      end: statement.range[0],
      text: `const ${name} = ${textOf(expression, text)}${semicolon}${line}try {${line}${unit}`,
    },
    { start: expression.range[0], end: expression.range[1], text: name },
    ...indented(text, { start: nextLine(text, statement.range[0]), end: statement.range[1] }, unit, [
      ...longTemplatesIn(statement, text).map(spanOf),
      spanOf(expression),
    ]).filter(({ start }) => start > expression.range[1]),
    { start: statement.range[1], end: statement.range[1], text: `${line}} finally {${line}${unit}${release}${line}}` },
  ];
  const title = `Name the ${request.resourceTitle} \`${name}\` and release it in a \`finally\``;
  return [
    fixOf({ title, style: 'named-try-finally', edits }, [
      'it is now acquired before what stood before it in the statement',
    ]),
  ];
}

function wholeOf(path: readonly Node[], acquisition: Node): Node {
  const parent = path.at(-2);
  return parent?.type === 'AwaitExpression' ? parent : acquisition;
}

function endOfLine(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  return /^[\s;]*(?:\/\/.*)?$/.test(text.slice(offset, end)) ? end : offset;
}
