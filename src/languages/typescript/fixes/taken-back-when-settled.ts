/**
 * What is left behind by a promise that something else settles is taken back when it is settled:
 *
 *     let onAbort;
 *     return new Promise((resolve, reject) => { …; signal.addEventListener('abort', onAbort); … })
 *       .finally(() => { if (onAbort) signal.removeEventListener('abort', onAbort); });
 */
import type { Edit, Fix } from '../../../findings/edit.ts';
import { fixOf, indentAt, indented, indentUnit, lineBreakOf, nextLine } from '../../fixing/source-edits.ts';
import { childOf, identifierName, isFunction, nodesOf, partsOf, spanOf, walk, type Node } from '../nodes.ts';
import { hasCall, longTemplatesIn } from './guard.ts';
import { identifiersIn, isBlock, mentions, statementsIn, textOf, type Site } from './site.ts';
import { isAssignedIn, isTyped, namesWithin, semicolonOf, takenBack, type TakenBack } from './taken-back.ts';

export function takenBackWhenSettled(site: Site): Fix[] {
  const { path, fn } = site;
  const made = path[path.indexOf(fn) - 1];
  if (made?.type !== 'NewExpression' || nodesOf(made, 'arguments')[0] !== fn) return [];
  if (identifierName(childOf(made, 'callee')) !== 'Promise') return [];
  const hidden = namesWithin(fn);
  const kept = takenBack(site, hidden);
  const settled = settledAs(site, made);
  const outer = path.slice(0, path.indexOf(made)).findLast((node) => isFunction(node) || node.type === 'Program');
  if (kept === null || settled === null || outer === undefined) return [];
  if (kept.mentioned.some((name) => hidden.has(name) || isAssignedIn(outer, name))) return [];
  const hoisted = kept.isNamed ? [] : declarationBefore(site, made, kept);
  if (hoisted === null) return [];
  const end = settled.range[1];
  const promised = isTyped(site) ? promisedType(site, made, settled) : '';
  const typed = (childOf(made, 'callee') ?? made).range[1];
  const edits: Edit[] = [
    { start: end, end, text: `.finally(${release(site, settled, kept)})` },
    ...hoisted,
    ...kept.named(`${kept.name} = `),
    { start: typed, end: typed, text: promised ?? '' },
  ];
  const title = kept.isResult ? `Clear \`${kept.name}\`` : `Remove \`${kept.name}\``;
  const reasons = [
    ...(isOnlySettling(site) ? [] : ['what else it does no longer happens after that']),
    ...(kept.hasGuessedType && isTyped(site) && !kept.isNamed
      ? ['the type of the listener may have to be written']
      : []),
    ...(promised === null ? ['the type of the promise may have to be written'] : []),
  ];
  return [fixOf({ title: `${title} when the promise is settled`, style: 'when-settled', edits }, reasons)];
}

/** The promise that is over when what listens is of no use: this one, or the race it takes part in. null: neither is. */
function settledAs({ path, request, fn }: Site, made: Node): Node | null {
  const around = path.slice(0, path.indexOf(made)).toReversed();
  const at = around.findIndex(({ type }) => !/^TS(?:As|Satisfies|NonNull)Expression$/.test(type));
  const race = around[at]?.type === 'ArrayExpression' ? around[at + 1] : raceOf(around[at], around);
  if (race !== undefined && isRace(race)) return race;
  // Settled by nobody else, it is not over before the event comes.
  const { start, end } = request.acquiredAt;
  const settlers = settlersOf(fn);
  const isElsewhere = (node: Node): boolean => {
    if (node.range[0] >= start && node.range[1] <= end) return false;
    return settlers.includes(identifierName(node) ?? '') || partsOf(node).some(isElsewhere);
  };
  const body = childOf(fn, 'body');
  return body !== null && isElsewhere(body) ? made : null;
}

/** `const limit = new Promise(…); await Promise.race([work, limit])`, with nothing between that may fail. */
function raceOf(declarator: Node | undefined, around: readonly Node[]): Node | undefined {
  const name = declarator?.type === 'VariableDeclarator' ? identifierName(childOf(declarator, 'id')) : null;
  const block = around.find(isBlock);
  if (name === null || block === undefined) return undefined;
  const rest = statementsIn(block).slice(statementsIn(block).findIndex((one) => around.includes(one)) + 1);
  const next = rest[rest.findIndex(hasCall)];
  const races: Node[] = [];
  if (next === undefined) return undefined;
  walk(next, (node) => {
    const [list] = isRace(node) ? nodesOf(node, 'arguments') : [];
    if (list !== undefined && nodesOf(list, 'elements').some((one) => identifierName(one) === name)) races.push(node);
    return isFunction(node) ? 'skip' : 'inside';
  });
  return races.length === 1 ? races[0] : undefined;
}

/** `Promise.race([…])` */
function isRace(node: Node): boolean {
  const callee = node.type === 'CallExpression' ? childOf(node, 'callee') : null;
  if (callee?.type !== 'MemberExpression' || identifierName(childOf(callee, 'object')) !== 'Promise') return false;
  return /^(?:race|any)$/.test(identifierName(childOf(callee, 'property')) ?? '');
}

function settlersOf(executor: Node): readonly string[] {
  return nodesOf(executor, 'params').flatMap(identifiersIn);
}

/**
 * Of `new Promise(…).finally(…)` nobody infers what it promises from where it goes: it has to be written. Empty: nothing
 * has; null: nobody knows.
 */
function promisedType({ fn, path, text }: Site, made: Node, settled: Node): string | null {
  if (childOf(made, 'typeArguments') !== null) return '';
  const [resolve] = nodesOf(fn, 'params');
  const body = childOf(fn, 'body');
  const name = identifierName(resolve ?? null);
  if (settled !== made && body !== null && (name === null || !mentions(body, name))) return '<never>';
  const around = path.slice(0, path.indexOf(made)).toReversed();
  const [first, second] = around.map(({ type }) => type);
  if (first === 'AwaitExpression' && second === 'ExpressionStatement') return '';
  if (first !== 'ReturnStatement' && first !== 'ArrowFunctionExpression') return null;
  const outer = around.find(isFunction);
  const annotation = outer === undefined ? null : childOf(outer, 'returnType');
  const reference = annotation === null ? null : childOf(annotation, 'typeAnnotation');
  const given = reference === null ? null : childOf(reference, 'typeArguments');
  const isPromise = reference !== null && identifierName(childOf(reference, 'typeName')) === 'Promise';
  return isPromise && given !== null ? textOf(given, text) : null;
}

/** `let onAbort` before the statement; a function that is nothing but the expression becomes a block. */
function declarationBefore(site: Site, made: Node, kept: TakenBack): Edit[] | null {
  const { path, text } = site;
  const declared = declarationOf(site, kept);
  const around = path.slice(0, path.indexOf(made) + 1);
  const at = around.findLastIndex(
    (node) => isBlock(node) || (isFunction(node) && childOf(node, 'body')?.type !== 'BlockStatement'),
  );
  const [holder, inner] = [around[at], around[at + 1]];
  if (holder === undefined || inner === undefined) return null;
  if (!isBlock(holder)) return asBlock(site, holder, inner, declared);
  const start = inner.range[0];
  return [{ start, end: start, text: declared + lineBreakOf(text) + indentAt(text, start) }];
}

function declarationOf(site: Site, { name, type }: TakenBack): string {
  if (!isTyped(site)) return `let ${name}${semicolonOf(site)}`;
  const whole = type.includes('=>') ? `(${type})` : type;
  return `let ${name}: ${whole} | undefined${semicolonOf(site)}`;
}

function asBlock(site: Site, fn: Node, inner: Node, declared: string): Edit[] | null {
  const { text } = site;
  const [start, end] = inner.range;
  const arrow = text.lastIndexOf('=>', start) + 2;
  // `() => ({ … })` has parentheses that are not in the tree.
  if (childOf(fn, 'body') !== inner || arrow < fn.range[0] || text.slice(arrow, start).trim() !== '') return null;
  const unit = indentUnit(text, '  ');
  const outer = indentAt(text, fn.range[0]);
  const line = lineBreakOf(text) + outer;
  const isDeeper = indentAt(text, start) !== outer;
  const keep = longTemplatesIn(inner, text).map(spanOf);
  const semicolon = semicolonOf(site);
  return [
    { start: arrow, end: start, text: ` {${line}${unit}${declared}${line}${unit}return ` },
    ...(isDeeper ? [] : indented(text, { start: nextLine(text, start), end }, unit, keep)),
    { start: end, end, text: `${semicolon}${line}}` },
  ];
}

function release(site: Site, settled: Node, kept: TakenBack): string {
  const { fn, text, statement } = site;
  const body = childOf(fn, 'body');
  const isSure = body !== null && statementsIn(body).includes(statement);
  const call = kept.release({ isDoubtful: !isSure && isTyped(site) });
  if (kept.isResult || kept.isNamed) return `() => ${call}`;
  const unit = indentUnit(text, '  ');
  const line = lineBreakOf(text) + indentAt(text, settled.range[0]);
  return `() => {${line}${unit}if (${kept.name}) ${call}${semicolonOf(site)}${line}}`;
}

/** All it does is to call what settles the promise. */
function isOnlySettling({ acquisition, fn }: Site): boolean {
  const settlers = settlersOf(fn);
  const isSettler = (node: Node | null): boolean => settlers.includes(identifierName(node) ?? '');
  return nodesOf(acquisition, 'arguments').some((given) => {
    if (!isFunction(given)) return isSettler(given);
    const body = childOf(given, 'body');
    const [only, ...others] = body?.type === 'BlockStatement' ? statementsIn(body) : [body];
    if (only == null || others.length > 0) return false;
    const call = childOf(only, 'expression') ?? childOf(only, 'argument') ?? only;
    return call.type === 'CallExpression' && isSettler(childOf(call, 'callee'));
  });
}
