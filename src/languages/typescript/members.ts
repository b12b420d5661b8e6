/** The members of classes and interfaces: fields as plain data, functions as declarations to be. */
import type { TypeHint } from '../../ir/ir.ts';
import type { FieldShape, TypeShape } from '../language.ts';
import { docTypesBefore } from './jsdoc.ts';
import {
  childOf,
  identifierName,
  isFunction,
  isSet,
  memberName,
  nodesOf,
  spanOf,
  textIn,
  valueIn,
  walk,
} from './nodes.ts';
import { withoutAssertions } from './nodes.ts';
import type { Node } from './nodes.ts';
import { parametersOf, readDecorators } from './signatures.ts';
import { annotatedType, dottedText, typeArgumentsText, typeText } from './type-text.ts';

/** A function to be declared, wherever it was found. */
export interface FoundFunction {
  /** All of it, with its name and decorators. */
  readonly node: Node;
  /** The part with parameters and body; null for a signature of an interface. */
  readonly fn: Node;
  readonly name: string;
  readonly nameNode: Node;
  readonly owner: string | null;
  readonly kind: 'function' | 'method' | 'constructor';
  readonly isStatic: boolean;
  readonly isPrivate: boolean;
}

export interface ReadType {
  readonly shape: TypeShape;
  readonly functions: readonly FoundFunction[];
}

export function readClass(text: string, node: Node, name: string): ReadType {
  const body = childOf(node, 'body');
  const members = body === null ? [] : nodesOf(body, 'body');
  const functions = withoutOverloads(members.flatMap((member) => readMethod(member, name)));
  const nameNode = childOf(node, 'id') ?? node;
  const interfaces = heritage(node, 'implements');
  const shape: TypeShape = {
    name,
    kind: 'class',
    isAbstract: isSet(node, 'abstract'),
    supertypes: [...superclass(node), ...interfaces],
    interfaces,
    typeParameters: typeParameters(node),
    fields: readFields(text, members),
    annotations: readDecorators(text, node),
    span: spanOf(node),
    nameSpan: spanOf(nameNode),
  };
  return { shape, functions };
}

/** An interface, or a type alias for an object type. */
export function readInterface(node: Node, body: Node, name: string): ReadType {
  const members = nodesOf(body, body.type === 'TSTypeLiteral' ? 'members' : 'body');
  const functions = members.flatMap((member): FoundFunction[] => {
    if (member.type !== 'TSMethodSignature') return [];
    const nameNode = childOf(member, 'key') ?? member;
    const base = { node: member, fn: member, owner: name, kind: 'method', isStatic: false, isPrivate: false } as const;
    return [{ ...base, name: memberName(nameNode, isSet(member, 'computed')), nameNode }];
  });
  const fields = members.filter((member) => member.type === 'TSPropertySignature').map((member) => fieldOf('', member));
  const shape: TypeShape = {
    name,
    kind: 'interface',
    isAbstract: true,
    supertypes: heritage(node, 'extends'),
    typeParameters: typeParameters(node),
    fields,
    annotations: [],
    span: spanOf(node),
    nameSpan: spanOf(childOf(node, 'id') ?? node),
  };
  return { shape, functions };
}

/** The function a member is, if it is one: a method, or a field that holds a function from the start. */
export function functionOf(member: Node): Node | null {
  const value = childOf(member, 'value');
  if (value === null) return null;
  if (methods.has(member.type)) return value;
  if (!properties.has(member.type) || valueIn(member, 'computed') === true) return null;
  const fn = withoutAssertions(value);
  return isFunction(fn) ? fn : null;
}

export const methods: ReadonlySet<string> = new Set(['MethodDefinition', 'TSAbstractMethodDefinition']);
export const properties: ReadonlySet<string> = new Set(['PropertyDefinition', 'AccessorProperty']);

function readMethod(member: Node, owner: string): FoundFunction[] {
  const fn = functionOf(member);
  const nameNode = childOf(member, 'key');
  if (fn === null || nameNode === null) return [];
  const isConstructor = textIn(member, 'kind') === 'constructor';
  const name = memberName(nameNode, valueIn(member, 'computed') === true);
  return [
    {
      node: member,
      fn,
      name: isConstructor ? owner.slice(owner.lastIndexOf('.') + 1) : name,
      nameNode,
      owner,
      kind: isConstructor ? 'constructor' : 'method',
      isStatic: isSet(member, 'static'),
      isPrivate: name.startsWith('#') || textIn(member, 'accessibility') === 'private',
    },
  ];
}

/** `open(path: string): File;` before the function itself says nothing that its body does not. */
export function withoutOverloads(functions: readonly FoundFunction[]): FoundFunction[] {
  const keyOf = ({ owner, name }: FoundFunction): string => `${owner ?? ''}#${name}`;
  const withBody = new Set(functions.filter((one) => childOf(one.fn, 'body') !== null).map(keyOf));
  return functions.filter((one) => childOf(one.fn, 'body') !== null || !withBody.has(keyOf(one)));
}

function superclass(node: Node): TypeHint[] {
  const name = dottedText(childOf(node, 'superClass'));
  if (name === null) return [];
  const list = childOf(node, 'superTypeArguments') ?? childOf(node, 'superTypeParameters');
  return [list === null ? name : name + typeArgumentsText({ ...node, typeArguments: list } as Node)];
}

function heritage(node: Node, field: string): TypeHint[] {
  return nodesOf(node, field).flatMap((type) => typeText(type) ?? []);
}

function typeParameters(node: Node): string[] {
  const list = childOf(node, 'typeParameters');
  return list === null
    ? []
    : nodesOf(list, 'params').map((one) => identifierName(childOf(one, 'name')) ?? textIn(one, 'name'));
}

function readFields(text: string, members: readonly Node[]): FieldShape[] {
  const fields: FieldShape[] = [];
  for (const member of members) {
    const isField = properties.has(member.type) || member.type === 'TSAbstractPropertyDefinition';
    if (isField && functionOf(member) === null) fields.push(fieldOf(text, member));
    const fn = textIn(member, 'kind') === 'constructor' ? childOf(member, 'value') : null;
    if (fn !== null) fields.push(...constructorFields(text, member, fn));
  }
  const names = new Set<string>();
  return fields.filter((field) => !names.has(field.name) && names.add(field.name));
}

function fieldOf(text: string, member: Node): FieldShape {
  const key = childOf(member, 'key') ?? member;
  const value = childOf(member, 'value');
  return {
    name: memberName(key, valueIn(member, 'computed') === true),
    type: annotatedType(member) ?? docTypesBefore(text, member.range[0]).type ?? constructedType(value),
    isStatic: isSet(member, 'static'),
    annotations: readDecorators(text, member),
    span: spanOf(member),
    nameSpan: spanOf(key),
  };
}

/** Parameter properties, and what a JavaScript constructor makes: `this.pool = new Pool()`. */
export function constructorFields(text: string, member: Node, fn: Node): FieldShape[] {
  const fields: FieldShape[] = [];
  const add = (name: string, type: TypeHint | null, node: Node, nameNode: Node): void => {
    const place = { span: spanOf(node), nameSpan: spanOf(nameNode) };
    fields.push({ name, type, isStatic: false, annotations: [], ...place });
  };
  for (const { node, target, type, isProperty } of parametersOf(fn, docTypesBefore(text, member.range[0]))) {
    const name = identifierName(target);
    if (isProperty && name !== null) add(name, type, node, target);
  }
  const body = childOf(fn, 'body');
  if (body === null) return fields;
  walk(body, (node) => {
    if (isFunction(node)) return 'skip';
    const left = node.type === 'AssignmentExpression' ? childOf(node, 'left') : null;
    const property = left?.type === 'MemberExpression' ? childOf(left, 'property') : null;
    if (left === null || property === null || childOf(left, 'object')?.type !== 'ThisExpression') return 'inside';
    if (valueIn(left, 'computed') !== true) {
      add(memberName(property, false), constructedType(childOf(node, 'right')), node, property);
    }
    return 'inside';
  });
  return fields;
}

/** `new Pool()` is a `Pool`. */
export function constructedType(value: Node | null): TypeHint | null {
  const node = value === null ? null : withoutAssertions(value);
  if (node?.type !== 'NewExpression') return null;
  const name = dottedText(childOf(node, 'callee'));
  return name === null || name.startsWith('this') ? null : name + typeArgumentsText(node);
}
