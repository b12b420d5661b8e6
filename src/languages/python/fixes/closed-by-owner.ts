/**
 * A class that keeps what it opens in `__init__`, and that nobody can end, gets an end: `close()`, and what `with` asks for.
 * Only where nothing but the class says how it ends: it extends no other, and has no method that ends it.
 */
import type { Fix, FixRequest } from '../../../findings/edit.ts';
import type { Habits } from '../../habits.ts';
import {
  fixOf,
  indentAt,
  indentUnit,
  lineBreakOf,
  lineEnd,
  pathTo,
  textOf,
  written,
} from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import type { PythonFile } from '../parse.ts';
import { isFunction, nodesOf, statementsIn } from './syntax.ts';

const special = new Set(['__enter__', '__exit__', '__aenter__', '__aexit__', '__del__', '__getattr__', '__slots__']);

export function closedByOwner({ root, text }: PythonFile, request: FixRequest, habits: Habits): Fix[] {
  const { remedy } = request;
  const template = remedy?.calls[0];
  if (remedy?.field == null || remedy.family !== 'resource' || template === undefined) return [];
  if (remedy.style === 'async with') return [];
  const path = pathTo(root, request.acquiredAt);
  const [init, body, owner] = around(path);
  const name = owner === undefined ? null : childInField(owner, 'name');
  if (init === undefined || body === undefined || owner === undefined || name === null) return [];
  if (nameOf(init, text) !== '__init__' || !isPlain(owner, path, text) || hasEnd(body, text, habits)) return [];
  const self = selfOf(init, text);
  const last = statementsIn(body).at(-1);
  if (self === null || last === undefined) return [];
  const value = `${self}.${remedy.field}`;
  const assigned = nodesOf(body, 'assignment').filter((one) => targetOf(one, text) === value);
  // In a branch it may never have been set.
  const block = childInField(init, 'body');
  const isAlways = assigned.some((one) => block?.children.some((statement) => statement.children.includes(one)));
  if (!isAlways) return [];
  const isOpenAlways = assigned.every((one) => !/\bNone$/.test(textOf(one, text)));
  const unit = indentUnit(text, '    ');
  const line = lineBreakOf(text);
  const indent = indentAt(text, init.start);
  const release = written(template, value);
  const lines = [
    `def close(${self}):`,
    ...(isOpenAlways ? [unit + release] : [`${unit}if ${value} is not None:`, unit + unit + release]),
    '',
    `def __enter__(${self}):`,
    `${unit}return ${self}`,
    '',
    `def __exit__(${self}, *exc_info):`,
    `${unit}${self}.close()`,
  ];
  const end = lineEnd(text, last.end);
  const type = textOf(name, text);
  const edits = [
    { start: end, end, text: line + lines.map((one) => line + (one === '' ? '' : indent + one)).join('') },
  ];
  const title = `Give \`${type}\` a \`close\` that releases \`${value}\``;
  return [fixOf({ title, style: 'closed-by-owner', edits }, [`whoever makes one has to close it`])];
}

/** The method, the block of the class, the class. */
function around(path: readonly SyntaxNode[]): readonly (SyntaxNode | undefined)[] {
  const at = path.findLastIndex(isFunction);
  const below = path.slice(0, at);
  const body = below.findLastIndex(({ type }) => type === 'block');
  return path[at - 1] === path[body] ? [path[at], path[body], path[body - 1]] : [];
}

function nameOf(definition: SyntaxNode, text: string): string {
  const name = childInField(definition, 'name');
  return name === null ? '' : textOf(name, text);
}

/** Decorators may write methods of their own. */
function isPlain(owner: SyntaxNode, path: readonly SyntaxNode[], text: string): boolean {
  const supertypes = childInField(owner, 'superclasses');
  const isDecorated = path[path.indexOf(owner) - 1]?.type === 'decorated_definition';
  const isAlone = supertypes === null || /^\(\s*(?:object)?\s*\)$/.test(textOf(supertypes, text));
  return owner.type === 'class_definition' && isAlone && !isDecorated;
}

function hasEnd(body: SyntaxNode, text: string, habits: Habits): boolean {
  return nodesOf(body, 'function_definition').some((one) => {
    const name = nameOf(one, text);
    return special.has(name) || habits.lifecycleEnd.test(name) || habits.releaseMethods.has(name);
  });
}

function selfOf(init: SyntaxNode, text: string): string | null {
  const first = childInField(init, 'parameters')?.children.find(({ type }) => type === 'identifier');
  return first === undefined ? null : textOf(first, text);
}

function targetOf(assignment: SyntaxNode, text: string): string | null {
  const left = childInField(assignment, 'left');
  return left === null ? null : textOf(left, text);
}
