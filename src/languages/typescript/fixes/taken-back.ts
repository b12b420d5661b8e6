/**
 * What was left with somebody, as the acquiring call says it: `signal.addEventListener('abort', () => stop())` is taken
 * back by `signal.removeEventListener('abort', onAbort)`, once the function has that name.
 */
import type { Edit } from '../../../findings/edit.ts';
import { freshName, indentAt, isWordIn, lineBreakOf } from '../../fixing/source-edits.ts';
import { childOf, identifierName, isFunction, isSet, nodesOf, partsOf, valueIn, type Node } from '../nodes.ts';
import { declaredNames, identifiersIn, mentions, textOf, type Site } from './site.ts';

export interface TakenBack {
  /** What is kept to take it back by. */
  readonly name: string;
  /** Its type, as a declaration without a value needs it. */
  readonly type: string;
  /** Of several signatures it is that of the last. */
  readonly hasGuessedType: boolean;
  /** It has a name already, by which it can be taken back. */
  readonly isNamed: boolean;
  /** It is what the acquiring call gives, and not what that was given. */
  readonly isResult: boolean;
  /** As a statement without its end. `isDoubtful`: the object may not be there, as types see it. */
  release(how: { readonly isDoubtful: boolean }): string;
  /** Gives it its name, after `const onAbort = `, and uses that in its place; nothing where it has one already. */
  named(assignment: string): readonly Edit[];
  /** The function has parameters without types of their own. */
  readonly losesTypes: boolean;
  /** All that has to be visible where it is taken back. */
  readonly mentioned: readonly string[];
}

/** Options of the call that say more than when it ends, `capture`, are needed to take it back. */
const plainOptions = /^\{\s*(?:(?:once|passive)\s*:\s*(?:true|false)\s*,?\s*)*\}$|^false$/;

/** `hidden`: names that mean nothing where it is taken back. `holder`: what a new name is a field of: `this.`. */
export function takenBack(site: Site, hidden: ReadonlySet<string>, holder = ''): TakenBack | null {
  const { request, acquisition, statement, text } = site;
  const template = request.remedy?.takenBack ?? null;
  if (template === null) return null;
  if (template.includes('{result}')) return result(site, template);
  const only = statement.type === 'ExpressionStatement' ? childOf(statement, 'expression') : null;
  if (bareCall(only) !== acquisition) return null;
  const callee = childOf(acquisition, 'callee');
  if (callee === null) return null;
  const receiver = callee.type === 'MemberExpression' ? childOf(callee, 'object') : null;
  const args = nodesOf(acquisition, 'arguments');
  const options = args[2];
  const [event, listener] = args;
  if (receiver === null || event?.type !== 'Literal' || listener === undefined || !isStable(receiver)) return null;
  if (options !== undefined && !plainOptions.test(textOf(options, text))) return null;
  const known = identifierName(listener);
  const isPlain = isFunction(listener) && parametersOf(listener).length === 0;
  const isNew = known === null || hidden.has(known);
  if (known === null && !isFunction(listener)) return null;
  const name = isNew ? holder + newName(site, [nameOf(event)]) : textOf(listener, text);
  const path = textOf(receiver, text);
  const written = (object: string): string =>
    template
      .replace('{receiver}', () => object)
      .replace('{param0}', () => textOf(event, text))
      .replace('{param1}', () => name);
  return {
    name,
    type: isPlain ? '() => void' : `Parameters<typeof ${textOf(callee, text)}>[1]`,
    hasGuessedType: !isPlain,
    isResult: false,
    release: ({ isDoubtful }) =>
      written(
        isDoubtful ? `${path.replaceAll(/(?<!\bthis)\??\./g, '?.')}?` : isSet(callee, 'optional') ? `${path}?` : path,
      ),
    isNamed: !isNew,
    named: (assignment) => (isNew ? [defined(site, assignment, listener), inPlace(listener, name)] : []),
    losesTypes: isTyped(site) && parametersOf(listener).some((one) => childOf(one, 'typeAnnotation') === null),
    mentioned: [...identifiersIn(receiver), ...(isNew ? [] : [name])],
  };
}

/** `setTimeout(…)`, or `const timer = setTimeout(…)`. */
function result(site: Site, template: string): TakenBack | null {
  const { text, statement, acquisition } = site;
  const [declarator, ...others] = nodesOf(statement, 'declarations');
  const id = declarator === undefined ? null : childOf(declarator, 'id');
  const known = identifierName(id);
  const callee = childOf(acquisition, 'callee');
  const whole = declarator === undefined ? childOf(statement, 'expression') : childOf(declarator, 'init');
  if (others.length > 0 || whole !== acquisition || callee === null) return null;
  const name = known ?? newName(site, ['timeout', 'timer']);
  return {
    name,
    type: `ReturnType<typeof ${textOf(callee, text)}>`,
    hasGuessedType: false,
    isNamed: false,
    isResult: true,
    release: () => template.replace('{result}', () => name),
    named: (assignment) => [{ start: statement.range[0], end: acquisition.range[0], text: assignment }],
    losesTypes: false,
    mentioned: [],
  };
}

/** Nothing else is called so in all that is around. */
function newName({ path, text, file }: Site, wishes: readonly [string, ...string[]]): string {
  const around = textOf(path[1] ?? file.program, text);
  return freshName(wishes, (one) => !isWordIn(one, around));
}

/** Where the statement has one. */
export function semicolonOf({ statement, text }: Site): ';' | '' {
  return semicolonAt(statement, text);
}

export function semicolonAt(statement: Node, text: string): ';' | '' {
  return textOf(statement, text).endsWith(';') ? ';' : '';
}

export function isTyped({ file }: Site): boolean {
  return /\.[cm]?tsx?$/.test(file.path);
}

/** `signal?.addEventListener(…)` is a call in a chain. */
function bareCall(node: Node | null): Node | null {
  return node?.type === 'ChainExpression' ? childOf(node, 'expression') : node;
}

/** Names all the way, which mean the same a moment later. */
export function isStable(node: Node): boolean {
  if (node.type === 'Identifier' || node.type === 'ThisExpression') return true;
  const object = node.type === 'MemberExpression' && !isSet(node, 'computed') ? childOf(node, 'object') : null;
  return object !== null && isStable(object);
}

/** `onAbort` for `'abort'`, `onSigterm` for `'SIGTERM'`. */
function nameOf(event: Node): string {
  const value = valueIn(event, 'value');
  const words = (typeof value === 'string' ? value : '').split(/[^A-Za-z0-9]+/).filter((one) => one !== '');
  const cased = words.map((one) => (one === one.toUpperCase() ? one.toLowerCase() : one));
  return ['on', ...cased.map((one) => one.charAt(0).toUpperCase() + one.slice(1))].join('');
}

function parametersOf(listener: Node): readonly Node[] {
  return isFunction(listener) ? nodesOf(listener, 'params') : [];
}

function defined(site: Site, assignment: string, listener: Node): Edit {
  const { statement, text } = site;
  const start = statement.range[0];
  const indent = indentAt(text, start);
  // An argument on a line of its own is deeper than the statement; its template literals stay as they are.
  const deeper = indentAt(text, listener.range[0]).slice(indent.length);
  const whole = textOf(listener, text);
  const moved = deeper === '' || whole.includes('`') ? whole : whole.replaceAll(`\n${indent}${deeper}`, `\n${indent}`);
  return { start, end: start, text: `${assignment}${moved}${semicolonOf(site)}${lineBreakOf(text)}${indent}` };
}

function inPlace({ range: [start, end] }: Node, name: string): Edit {
  return { start, end, text: name };
}

/** Declared in it, parameters included. */
export function namesWithin(fn: Node): ReadonlySet<string> {
  const names = new Set(nodesOf(fn, 'params').flatMap(identifiersIn));
  const visit = (node: Node): void => {
    declaredNames(node).forEach((name) => names.add(name));
    if (node.type === 'FunctionDeclaration') names.add(identifierName(childOf(node, 'id')) ?? '');
    partsOf(node).forEach(visit);
  };
  visit(fn);
  return names;
}

/** Assigned somewhere in it; a field of it may be. */
export function isAssignedIn(node: Node, name: string): boolean {
  const left = node.type === 'AssignmentExpression' ? childOf(node, 'left') : null;
  if (left !== null && left.type !== 'MemberExpression' && mentions(left, name)) return true;
  return partsOf(node).some((child) => isAssignedIn(child, name));
}
