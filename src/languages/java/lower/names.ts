/**
 * What a name stands for: a variable, a field, a static field, a type. Without a build this is partly
 * a matter of habit: a name in upper case that nobody declares here is a type or a constant.
 */
import type { PlaceId, Span } from '../../../ir/ir.ts';
import { childInField, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import type { Frame } from './frame.ts';

export type Named =
  | { readonly kind: 'place'; readonly place: PlaceId }
  /** A type or a package, as written; only good as the scope of a call. */
  | { readonly kind: 'type'; readonly text: string }
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

/** A variable or a declared field; null for a name that nothing in this file declares. */
export function declaredName(frame: Frame, name: string): PlaceId | null {
  return frame.variable(name) ?? declaredField(frame, name);
}

/** A bare name used as a value. */
export function lookUp(frame: Frame, name: string): Named {
  const declared = declaredName(frame, name);
  if (declared !== null) return { kind: 'place', place: declared };
  if (isConstantName(name)) return { kind: 'place', place: frame.builder.places.global(name) };
  if (name === '' || isTypeName(name)) return name === '' ? unknown : { kind: 'type', text: name };
  // Probably inherited.
  const self = frame.thisPlace();
  const inherited = self === null ? frame.builder.places.global(name) : frame.builder.places.path(self, name);
  return inherited === null ? unknown : { kind: 'place', place: inherited };
}

/**
 * A name or `a.b.c`, also from `this`; null for anything else. `extend` makes field places.
 *
 *     copy.in        Type.FIELD.in        com.acme.Type        Outer.this.in
 */
export function lookUpDotted(frame: Frame, node: SyntaxNode, extend: Extend): Named | null {
  const steps = dottedSteps(node);
  if (steps === null) return null;
  const [base, ...fields] = steps;
  if (base === undefined) return null;
  const start = lookUpBase(frame, base, fields);
  if (start === null) return unknown;
  let place = start.place;
  for (const field of fields.slice(start.used)) {
    if (place === null) break;
    place = extend(place, frame.textOf(field));
  }
  if (place !== null) return { kind: 'place', place };
  return start.place === null ? { kind: 'type', text: start.type } : unknown;
}

export function extendFor(frame: Frame, span: Span): Extend {
  return (root, field) => frame.builder.field(root, field, span);
}

/** The nodes of `a.b.c`, or null if there is anything but names in it. */
function dottedSteps(node: SyntaxNode): SyntaxNode[] | null {
  const steps: SyntaxNode[] = [];
  let at = node;
  while (at.type === 'field_access') {
    const object = childInField(at, 'object');
    const field = childInField(at, 'field');
    if (object === null || field === null) return null;
    steps.push(field);
    at = withoutParentheses(object);
  }
  if (!isNameNode(at)) return null;
  steps.push(at);
  return steps.reverse();
}

/** The class of `dottedSteps` without building anything. */
export function isDotted(node: SyntaxNode): boolean {
  let at = node;
  while (at.type === 'field_access') {
    const object = childInField(at, 'object');
    if (object === null) return false;
    at = withoutParentheses(object);
  }
  return isNameNode(at);
}

function isNameNode(node: SyntaxNode): boolean {
  return node.type === 'identifier' || node.type === 'this' || node.type === 'super' || node.type === 'type_identifier';
}

interface Base {
  /** null: all of it is a type. */
  readonly place: PlaceId | null;
  readonly type: string;
  /** How many of the fields are part of it. */
  readonly used: number;
}

function lookUpBase(frame: Frame, base: SyntaxNode, fields: readonly SyntaxNode[]): Base | null {
  if (base.type === 'this' || base.type === 'super') return { place: frame.thisPlace(), type: 'this', used: 0 };
  const name = frame.textOf(base);
  const declared = declaredName(frame, name);
  if (declared !== null) return { place: declared, type: name, used: 0 };
  const own = fields.findIndex((field) => field.type === 'this');
  if (own >= 0) return { place: frame.outerThis(), type: 'this', used: own + 1 };
  const names = [name, ...fields.map((field) => frame.textOf(field))];
  const first = names.findIndex(isTypeName);
  if (first < 0) {
    const found = lookUp(frame, name);
    return found.kind === 'place' ? { place: found.place, type: name, used: 0 } : null;
  }
  // An inherited constant, as in `FILE_LOCK.owner`; but `URI.create` and `R.id` are members of types.
  if (first === 0 && isConstantName(name) && name.includes('_'))
    return { place: frame.builder.places.global(name), type: name, used: 0 };
  return staticMember(frame, names, first);
}

/** `com.acme.Outer.Inner.FIELD`: types go on while the names look like it. */
function staticMember(frame: Frame, names: readonly string[], first: number): Base {
  let end = first + 1;
  while (end < names.length - 1 && isTypeName(names[end] ?? '') && !isConstantName(names[end] ?? '')) end++;
  const type = names.slice(0, end).join('.');
  const member = names[end];
  if (member === undefined || isNestedType(names, end))
    return { place: null, type: names.join('.'), used: names.length };
  const place = frame.builder.places.global(`${names.slice(first, end).join('.')}.${member}`);
  return { place, type, used: end };
}

function isNestedType(names: readonly string[], index: number): boolean {
  const name = names[index] ?? '';
  return index === names.length - 1 && isTypeName(name) && !isConstantName(name);
}

function declaredField(frame: Frame, name: string): PlaceId | null {
  const { places } = frame.builder;
  const anonymous = anonymousOwner(frame, name);
  if (anonymous !== null) return places.path(anonymous, name);
  const { unit } = frame.output;
  if (unit.fields.has(name)) return pathOn(frame, frame.outerThis(), name);
  return unit.staticFields.has(name) ? places.global(unit.owner === '' ? name : `${unit.owner}.${name}`) : null;
}

/** The object of the innermost anonymous class that declares the field. */
function anonymousOwner(frame: Frame, name: string): PlaceId | null {
  if (frame.body?.fields.has(name) === true) return frame.receiver;
  if (frame.parent === null) return null;
  const outer = anonymousOwner(frame.parent, name);
  return outer === null ? null : frame.capture(outer);
}

function pathOn(frame: Frame, root: PlaceId | null, name: string): PlaceId | null {
  return root === null ? null : frame.builder.places.path(root, name);
}
