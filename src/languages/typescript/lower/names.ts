/**
 * What a name stands for: a variable, one of the module's, a module or class whose members are named by it.
 * Names that nobody declares here belong to the platform: `process`, `console`, `Promise`.
 */
import { elementField } from '../../../ir/places.ts';
import type { PlaceId, Span } from '../../../ir/ir.ts';
import { bare, childOf, identifierName, memberName, valueIn } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { inSpaces, outerOf } from '../module-scope.ts';
import { numberOf } from '../numbers.ts';
import type { Frame } from './frame.ts';

export type Named =
  | { readonly kind: 'place'; readonly place: PlaceId }
  /** As written; the scope of a call, or a global place. `as`: what it is taken to be. */
  | { readonly kind: 'scope'; readonly text: string; readonly as: 'module' | 'type' }
  | { readonly kind: 'function'; readonly text: string }
  | { readonly kind: 'unknown' };

const unknown: Named = { kind: 'unknown' };

/** Extends a path; null where the field cannot be had without a new instruction. */
export type Extend = (root: PlaceId, field: string) => PlaceId | null;

export function isConstantName(name: string): boolean {
  return /^[A-Z][A-Z0-9_$]*$/.test(name) && name.length > 1;
}

export function isTypeName(name: string): boolean {
  return /^[A-Z]/.test(name);
}

/** A bare name, used as a value or called. */
export function lookUp(frame: Frame, name: string): Named {
  const local = frame.variable(name);
  if (local !== null) return { kind: 'place', place: local };
  const declared = moduleName(frame, name);
  if (name === 'arguments') return unknown;
  if (declared === null) return { kind: 'scope', text: name, as: 'type' };
  const { text, as, type } = declared;
  if (as === 'value') return { kind: 'place', place: frame.builder.places.global(text, type) };
  return as === 'function' ? { kind: 'function', text } : { kind: 'scope', text, as };
}

/** Declared at the top level of the file, or in the namespaces around. */
export function moduleName(frame: Frame, name: string) {
  const { names } = frame.unit.facts.scope;
  for (let space = frame.space; space !== null; space = outerOf(space)) {
    const found = names.get(`${space}.${name}`);
    if (found !== undefined) return { ...found, text: `${space}.${name}` };
  }
  const found = names.get(name);
  return found === undefined ? null : { ...found, text: name };
}

/** The place of a name that is read or written as a variable. */
export function placeOf(frame: Frame, named: Named): PlaceId | null {
  if (named.kind === 'place') return named.place;
  return named.kind === 'unknown' ? null : frame.builder.places.global(named.text);
}

/**
 * A name or `a.b.c`, also from `this`; null for anything else. `extend` makes field places.
 *
 *     conn.socket        fs.promises        Pool.shared.size        this.pool
 */
export function lookUpDotted(frame: Frame, node: Node, extend: Extend): Named | null {
  const steps = dottedSteps(node);
  if (steps === null) return null;
  const [base, ...fields] = steps;
  if (base === undefined) return null;
  let named = lookUpBase(frame, base);
  for (const field of fields) named = member(frame, named, memberName(field, false), extend);
  return named;
}

export function extendFor(frame: Frame, span: Span): Extend {
  return (root, field) => frame.builder.field(root, field, span);
}

/** The class of `dottedSteps` without building anything. */
export function isDotted(node: Node): boolean {
  let at = node;
  while (isPlainMember(at)) at = bare(childOf(at, 'object') ?? at);
  return isNameNode(at);
}

export function isNameNode(node: Node): boolean {
  return node.type === 'ThisExpression' || node.type === 'Super' || identifierName(node) !== null;
}

function member(frame: Frame, named: Named, field: string, extend: Extend): Named {
  if (named.kind === 'unknown') return named;
  if (named.kind === 'place') {
    const place = extend(named.place, field);
    return place === null ? unknown : { kind: 'place', place };
  }
  const text = `${named.text}.${field}`;
  // `window.URL` is what the platform calls `URL`, and no constant.
  const isType = isTypeName(field) && (!isConstantName(field) || isGlobalObject(named.text));
  const isScope = named.kind === 'scope' && (named.as === 'module' || isType);
  if (isScope) return { kind: 'scope', text, as: named.as };
  return { kind: 'place', place: frame.builder.places.global(text) };
}

function isGlobalObject(text: string): boolean {
  return text === 'window' || text === 'self' || text === 'globalThis';
}

function lookUpBase(frame: Frame, base: Node): Named {
  const name = identifierName(base);
  if (name !== null) return lookUp(frame, name);
  const self = frame.thisPlace();
  if (self !== null) return { kind: 'place', place: self };
  const text = frame.thisClass();
  return text === null ? unknown : { kind: 'scope', text, as: 'type' };
}

/** The nodes of `a.b.c`, or null if there is anything but names in it. */
function dottedSteps(node: Node): Node[] | null {
  const steps: Node[] = [];
  let at = node;
  while (isPlainMember(at)) {
    const object = childOf(at, 'object');
    const field = childOf(at, 'property');
    if (object === null || field === null) return null;
    steps.push(field);
    at = bare(object);
  }
  if (!isNameNode(at)) return null;
  steps.push(at);
  return steps.reverse();
}

function isPlainMember(node: Node): boolean {
  if (node.type !== 'MemberExpression' || valueIn(node, 'optional') === true) return false;
  if (valueIn(node, 'computed') === true) return false;
  const property = childOf(node, 'property');
  return childOf(node, 'object') !== null && memberName(property, false) !== elementField;
}

/** A variable of this function or one around it hides the constant of the module, or is one itself. */
export function constantNumber(frame: Frame, node: Node): number | null {
  return numberOf(node, (name) => {
    const [base = ''] = name.split('.', 1);
    const local = frame.variable(base);
    if (local !== null) return name === base ? (frame.numbers.get(local) ?? null) : null;
    const own = name.startsWith('this.') ? frame.ownClass() : null;
    return inSpaces(frame.unit.facts.scope.numbers, frame.space, own === null ? name : own + name.slice(4));
  });
}
