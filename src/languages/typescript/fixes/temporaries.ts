/** `const text = await (await open(p)).readFile();` gets a name and a `try`; what nobody uses is released at once. */
import type { Edit, Fix } from '../../../findings/edit.ts';
import {
  fixOf,
  freshName,
  indentAt,
  indented,
  indentUnit,
  isWordIn,
  lineBreakOf,
  nameFor,
  nextLine,
} from '../../fixing/source-edits.ts';
import { childOf, isSet, nodesOf, partsOf, spanOf, type Node } from '../nodes.ts';
import { longTemplatesIn } from './guard.ts';
import { isReleaseAwaited, releaseCall, releaseText } from './release.ts';
import { textOf, type Site } from './site.ts';

export function namedTemporary(site: Site): Fix[] {
  const { request, text, statement, value } = site;
  const { remedy } = request;
  if (value !== null || remedy === null || remedy.isTransferred || remedy.through.length > 0 || remedy.isReceiver)
    return [];
  // What runs behind it runs under the lock.
  if (remedy.family === 'lock' || !isUsedDirectly(site) || isConditional(site)) return [];
  const expression = wholeOf(site);
  const declared = declaredBy(statement);
  const isStatement = statement.type === 'ExpressionStatement' || statement.type === 'ReturnStatement';
  if (!isStatement && declared === null) return [];
  const name = freshName([nameFor(request.resourceTitle), 'resource'], (one) => !isWordIn(one, textOf(site.fn, text)));
  const release = releaseText(site, name);
  if (release === null) return [];
  const unit = indentUnit(text, '  ');
  const line = lineBreakOf(text) + indentAt(text, statement.range[0]);
  const semicolon = release.endsWith(';') ? ';' : '';
  const parenthesised = withParentheses(expression, text);
  const head = `const ${name} = ${textOf(expression, text)}${semicolon}${line}`;
  const hoisted = declared === null ? '' : `let ${textOf(declared, text)}${semicolon}${line}`;
  const start = declared === null ? statement.range[0] : declared.range[1];
  const assigned = declared === null ? '' : (/^[\w$]+/.exec(textOf(declared, text))?.[0] ?? '');
  const returned = statement.type === 'ReturnStatement' ? childOf(statement, 'argument') : null;
  const isPending = returned !== null && returned.type !== 'AwaitExpression' && isSet(site.fn, 'async');
  const at = returned?.type === 'CallExpression' && isPending ? returned.range[0] : null;
  const awaiting = at === null ? [] : [{ start: at, end: at, text: 'await ' }];
  const edits: Edit[] = [
    { start: statement.range[0], end: start, text: `${head}${hoisted}try {${line}${unit}${assigned}` },
    ...awaiting,
    { ...parenthesised, text: name },
    ...indented(text, { start: nextLine(text, statement.range[0]), end: statement.range[1] }, unit, [
      ...longTemplatesIn(statement, text).map(spanOf),
      spanOf(expression),
    ]).filter((edit) => edit.start > expression.range[1]),
    { start: statement.range[1], end: statement.range[1], text: `${line}} finally {${line}${unit}${release}${line}}` },
  ];
  const isFirst = !hasCallBefore(statement, expression.range[0]);
  const title = `Name the ${request.resourceTitle} \`${name}\` and release it in a \`finally\``;
  // A promise that nobody waits for here needs it when it is gone.
  const isAwaited =
    at !== null ||
    site.path.slice(0, -2).some(({ type, range }) => type === 'AwaitExpression' && range[0] >= statement.range[0]);
  const isKept = statement.type !== 'ExpressionStatement' && !isAwaited;
  const reasons = [
    ...(isKept ? [`what it gives may need \`${name}\` later`] : []),
    ...(isFirst ? [] : ['it is now acquired before what stood before it in the statement']),
  ];
  return [fixOf({ title, style: 'named-try-finally', edits }, reasons)];
}

/** `openSync(path);` becomes `closeSync(openSync(path));`. */
export function releasedAtOnce(site: Site): Fix[] {
  const { request, statement, value, text } = site;
  if (value !== null || request.remedy === null || request.remedy.isReceiver || request.remedy.through.length > 0)
    return [];
  if (request.remedy.family === 'lock') return [];
  const expression = wholeOf(site);
  const only = statement.type === 'ExpressionStatement' ? childOf(statement, 'expression') : null;
  if (only?.range[0] !== expression.range[0] || only.range[1] !== expression.range[1]) return [];
  const isAwait = expression.type === 'AwaitExpression';
  const call = releaseCall(site, isAwait ? `(${textOf(expression, text)})` : textOf(expression, text));
  // Without semicolons, a line must not begin with a parenthesis.
  if (call === null) return [];
  const edit = {
    start: expression.range[0],
    end: expression.range[1],
    text: `${isReleaseAwaited(site) ? 'await ' : ''}${call.replace(/\(\(([\s\S]*)\)\)$/, '($1)')}`,
  };
  if (edit.text.startsWith('(')) return [];
  const title = `Release the ${request.resourceTitle} nobody uses`;
  return [fixOf({ title, style: 'release-at-once', edits: [edit] }, [])];
}

/** `isWanted ? open() : null`: before the statement it would be opened on the other path as well. */
function isConditional({ path, statement }: Site): boolean {
  const within = path.slice(path.indexOf(statement));
  return within.some((node, at) => {
    const next = within[at + 1];
    if (next === undefined) return false;
    if (node.type === 'ConditionalExpression') return childOf(node, 'test') !== next;
    return node.type === 'LogicalExpression' && childOf(node, 'right') === next;
  });
}

/** A promise is not what it promises; what a method is called on is none. */
function isUsedDirectly({ isAwaited, acquisition, path, text }: Site): boolean {
  if (isAwaited) return true;
  const parent = path.at(-2);
  if (parent?.type !== 'MemberExpression' || childOf(parent, 'object') !== acquisition) return false;
  return !/^\s*\??\.\s*(?:then|catch|finally)\b/.test(text.slice(acquisition.range[1]));
}

function wholeOf({ path, acquisition }: Site): Node {
  const parent = path.at(-2);
  return parent?.type === 'AwaitExpression' ? parent : acquisition;
}

/** The variable, with its type, of a declaration of one. */
function declaredBy(statement: Node): Node | null {
  const [only, ...others] = statement.type === 'VariableDeclaration' ? nodesOf(statement, 'declarations') : [];
  const id = only === undefined || others.length > 0 ? null : childOf(only, 'id');
  return id?.type === 'Identifier' ? id : null;
}

function withParentheses({ range: [start, end] }: Node, text: string): { start: number; end: number } {
  const isWrapped =
    text.charAt(start - 1) === '(' &&
    text.charAt(end) === ')' &&
    !/[\w$)\]]\s*$/.test(text.slice(0, start - 1).replace(/\b(?:await|return|=>)\s*$/, ''));
  return isWrapped ? { start: start - 1, end: end + 1 } : { start, end };
}

function hasCallBefore(node: Node, offset: number): boolean {
  return partsOf(node).some((child) => {
    if (child.range[0] >= offset) return false;
    const isCall =
      child.type === 'CallExpression' || child.type === 'NewExpression' || child.type === 'AwaitExpression';
    return (isCall && child.range[1] <= offset) || hasCallBefore(child, offset);
  });
}
