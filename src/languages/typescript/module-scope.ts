/**
 * What the top level of a file declares: functions, classes, variables and what is imported, in namespaces as well.
 * These names mean the same in every function of the file, and outlive every call.
 *
 *     const open = () => { … }        module.exports = { open() { … } }        Pool.prototype.get = function () { … }
 *
 * all declare functions. Broken syntax: whatever the parser recognised is taken.
 */
import type { TypeHint } from '../../ir/ir.ts';
import type { Habits } from '../habits.ts';
import type { Import, TypeShape } from '../language.ts';
import { allHandedOut, exportAlias, partHandedOut } from './imports.ts';
import type { FileImports } from './imports.ts';
import { docTypesBefore } from './jsdoc.ts';
import {
  constructedType,
  constructorFields,
  properties,
  readClass,
  readInterface,
  withoutOverloads,
} from './members.ts';
import type { FoundFunction } from './members.ts';
import {
  childOf,
  identifierName,
  isClass,
  isFunction,
  isSet,
  memberName,
  nodesOf,
  spanOf,
  textIn,
  valueIn,
} from './nodes.ts';
import { withoutAssertions } from './nodes.ts';
import type { Node } from './nodes.ts';
import { numberOf } from './numbers.ts';
import type { TypescriptFile } from './parse.ts';
import { boundNames } from './patterns.ts';
import { annotatedType, dottedText } from './type-text.ts';

/** `module` and `type`: `name.f()` calls a function of it; `value`: a method of what it holds. */
export interface ModuleName {
  readonly as: 'module' | 'type' | 'function' | 'value';
  readonly type: TypeHint | null;
  /** The node that declares a variable. */
  readonly node: Node | null;
}

export interface ClassSite {
  readonly node: Node;
  readonly name: string;
}

export interface ModuleScope {
  /** Names in namespaces are dotted: `Db.pool`. */
  readonly names: ReadonlyMap<string, ModuleName>;
  /** Constants, among them those of classes, that are always the same number. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly functions: readonly FoundFunction[];
  readonly classes: readonly ClassSite[];
  readonly types: readonly TypeShape[];
  /** Functions, classes and their members: declarations of their own, no closures of the module's code. */
  readonly declared: ReadonlySet<Node>;
  readonly aliases: readonly Import[];
}

class Collection {
  readonly text: string;
  readonly path: string;
  readonly habits: Habits;
  readonly names = new Map<string, ModuleName>();
  readonly numbers = new Map<string, number>();
  readonly functions: FoundFunction[] = [];
  readonly classes: ClassSite[] = [];
  readonly types: TypeShape[] = [];
  readonly declared = new Set<Node>();
  readonly aliases: Import[] = [];
  /** Functions that make objects. */
  readonly makers = new Set<string>();
  /** Work still to do: not by recursion, as namespaces and objects nest. */
  readonly pending: { readonly node: Node; readonly space: string | null }[] = [];

  constructor(path: string, text: string, habits: Habits) {
    this.path = path;
    this.text = text;
    this.habits = habits;
  }
}

export function readModuleScope(file: TypescriptFile, imports: FileImports, habits: Habits): ModuleScope {
  const { path, text, program } = file;
  const collection = new Collection(path, text, habits);
  for (const [name, as] of imports.names) collection.names.set(name, { as, type: null, node: null });
  addStatements(collection, nodesOf(program, 'body'), null);
  for (let next = collection.pending.pop(); next !== undefined; next = collection.pending.pop()) {
    readStatement(collection, next.node, next.space, imports);
  }
  const functions = withoutOverloads(collection.functions).map((one) => asConstructor(collection, one));
  const { names, numbers, classes, types, declared, aliases } = collection;
  return { names, numbers, functions, classes, types, declared, aliases };
}

/** `function Pool() { this.idle = []; }`, if something is put on its prototype. */
function asConstructor(collection: Collection, one: FoundFunction): FoundFunction {
  if (one.owner !== null || one.kind !== 'function' || !collection.makers.has(one.name)) return one;
  return { ...one, owner: one.name, kind: 'constructor', isStatic: false };
}

function addStatements(collection: Collection, statements: readonly Node[], space: string | null): void {
  for (const node of statements.toReversed()) collection.pending.push({ node, space });
}

function readStatement(collection: Collection, node: Node, space: string | null, imports: FileImports): void {
  switch (node.type) {
    case 'ExportNamedDeclaration': {
      const declaration = childOf(node, 'declaration');
      if (declaration !== null) collection.pending.push({ node: declaration, space });
      else readExports(collection, node);
      return;
    }
    case 'ExportDefaultDeclaration':
      return readDefault(collection, childOf(node, 'declaration'), space);
    case 'TSExportAssignment':
      return readDefault(collection, childOf(node, 'expression'), space);
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
      return addFunction(collection, node, node, identifierName(childOf(node, 'id')) ?? 'default', space);
    case 'ClassDeclaration':
      return addClass(collection, node, identifierName(childOf(node, 'id')) ?? 'default', space);
    case 'VariableDeclaration':
      for (const declarator of nodesOf(node, 'declarations')) {
        if (!imports.declarators.has(declarator)) readDeclarator(collection, declarator, node, space);
      }
      return;
    case 'ExpressionStatement':
      return readAssignment(collection, childOf(node, 'expression'), space);
    case 'TSModuleDeclaration':
      return readNamespace(collection, node, space);
    case 'TSEnumDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return readTypeDeclaration(collection, node, space);
    default:
  }
}

function qualified(space: string | null, name: string): string {
  return space === null ? name : `${space}.${name}`;
}

function addName(collection: Collection, space: string | null, name: string, as: ModuleName['as']): void {
  collection.names.set(qualified(space, name), { as, type: null, node: null });
}

function addFunction(collection: Collection, node: Node, fn: Node, name: string, owner: string | null): void {
  const nameNode = childOf(node, 'id') ?? childOf(node, 'key') ?? childOf(node, 'left') ?? node;
  const base = { node, fn, nameNode, name, owner, kind: 'function', isPrivate: false } as const;
  collection.functions.push({ ...base, isStatic: true });
  collection.declared.add(fn);
  if (node.type !== 'AssignmentExpression' && node.type !== 'Property') addName(collection, owner, name, 'function');
}

function addClass(collection: Collection, node: Node, name: string, space: string | null): void {
  addName(collection, space, name, 'type');
  const site = { node, name: qualified(space, name) };
  const { shape, functions } = readClass(collection.text, node, site.name);
  collection.classes.push(site);
  collection.types.push(shape);
  collection.functions.push(...functions);
  for (const { fn } of functions) collection.declared.add(fn);
  for (const member of nodesOf(childOf(node, 'body') ?? node, 'body')) {
    collection.declared.add(member);
    const isConstant = isSet(member, 'static') || isSet(member, 'readonly');
    if (!properties.has(member.type) || !isConstant || isSet(member, 'computed')) continue;
    addNumber(collection, site.name, memberName(childOf(member, 'key'), false), childOf(member, 'value'));
  }
  collection.declared.add(node);
}

function addNumber({ numbers }: Collection, space: string | null, name: string, value: Node | null): void {
  const number = value === null ? null : numberOf(value, (constant) => inSpaces(numbers, space, constant));
  if (number !== null) numbers.set(qualified(space, name), number);
}

/** `const Delays = { short: 200, retry: { first: 1000 } } as const;`, frozen or not: nobody writes to what is so called. */
function addNumbers(collection: Collection, space: string | null, name: string, written: Node | null): void {
  const value = written === null ? null : unfrozen(withoutAssertions(written));
  if (value?.type !== 'ObjectExpression') {
    addNumber(collection, space, name, value);
    return;
  }
  for (const property of nodesOf(value, 'properties')) {
    if (property.type !== 'Property' || valueIn(property, 'computed') === true) continue;
    const key = memberName(childOf(property, 'key'), false);
    addNumbers(collection, qualified(space, name), key, childOf(property, 'value'));
  }
}

/** `Object.freeze({ … })` */
function unfrozen(value: Node): Node {
  if (value.type !== 'CallExpression' || dottedText(childOf(value, 'callee')) !== 'Object.freeze') return value;
  return nodesOf(value, 'arguments')[0] ?? value;
}

/** `enum Wait { Short = 300, Long = 5 * Second }` */
function addMembers(collection: Collection, enumeration: Node, space: string): void {
  for (const member of nodesOf(childOf(enumeration, 'body') ?? enumeration, 'members'))
    addNumber(collection, space, memberName(childOf(member, 'id'), false), childOf(member, 'initializer'));
}

/** What a name means that is declared in a namespace, in one of those around it, or at the top level. */
export function inSpaces<T>(declared: ReadonlyMap<string, T>, inner: string | null, name: string): T | null {
  for (let space = inner; space !== null; space = outerOf(space)) {
    const found = declared.get(`${space}.${name}`);
    if (found !== undefined) return found;
  }
  return declared.get(name) ?? null;
}

export function outerOf(space: string): string | null {
  const dot = space.lastIndexOf('.');
  return dot < 0 ? null : space.slice(0, dot);
}

/** A function, a class or an object with functions in it; anything else is a value. */
function readValue(collection: Collection, holder: Node, written: Node, name: string, space: string | null): boolean {
  const value = withoutAssertions(written);
  if (isFunction(value)) addFunction(collection, holder, value, name, space);
  else if (isClass(value)) addClass(collection, value, name, space);
  else {
    if (value.type === 'ObjectExpression') readObject(collection, value, space);
    return false;
  }
  return true;
}

function readObject(collection: Collection, object: Node, space: string | null): void {
  const objects = [object];
  for (let next = objects.pop(); next !== undefined; next = objects.pop()) {
    for (const property of nodesOf(next, 'properties')) {
      const value = property.type === 'Property' ? childOf(property, 'value') : null;
      if (value === null || valueIn(property, 'computed') === true) continue;
      const name = memberName(childOf(property, 'key'), false);
      const held = withoutAssertions(value);
      if (isFunction(held)) addFunction(collection, property, held, name, space);
      else if (held.type === 'ObjectExpression') objects.push(held);
    }
  }
}

function readDeclarator(collection: Collection, declarator: Node, declaration: Node, space: string | null): void {
  const id = childOf(declarator, 'id');
  const init = childOf(declarator, 'init');
  const name = identifierName(id);
  if (id === null) return;
  if (name !== null && init !== null && readValue(collection, declarator, init, name, space)) return;
  if (name !== null && textIn(declaration, 'kind') === 'const') addNumbers(collection, space, name, init);
  const documented = docTypesBefore(collection.text, declaration.range[0]).type;
  for (const bound of boundNames(id)) {
    const type = bound === id ? (annotatedType(id) ?? documented ?? constructedType(init)) : null;
    collection.names.set(qualified(space, textIn(bound, 'name')), { as: 'value', type, node: declarator });
  }
}

function readDefault(collection: Collection, exported: Node | null, space: string | null): void {
  if (exported === null) return;
  if (
    exported.type === 'FunctionDeclaration' ||
    exported.type === 'ClassDeclaration' ||
    /^TS.*Declaration$|^TSDeclareFunction$/.test(exported.type)
  ) {
    collection.pending.push({ node: exported, space });
    addAlias(collection.aliases, exportAlias(collection.path, childOf(exported, 'id')));
    return;
  }
  if (readValue(collection, exported, exported, 'default', space)) return;
  addAlias(collection.aliases, exportAlias(collection.path, exported.type === 'Identifier' ? exported : null));
}

/** `export { pool as default, open as connect }` */
function readExports(collection: Collection, node: Node): void {
  if (childOf(node, 'source') !== null) return;
  for (const specifier of nodesOf(node, 'specifiers')) {
    const name = memberName(childOf(specifier, 'exported'), false);
    addAlias(collection.aliases, exportAlias(collection.path, childOf(specifier, 'local'), name));
  }
}

/** `exports.open = module.exports = function () { … }` */
function readAssignment(collection: Collection, written: Node | null, space: string | null): void {
  for (let at = written; at?.type === 'AssignmentExpression'; at = childOf(at, 'right')) {
    const right = childOf(at, 'right');
    const target = dottedText(childOf(at, 'left'));
    if (right === null || target === null || textIn(at, 'operator') !== '=') return;
    if (right.type === 'AssignmentExpression') continue;
    const exported = /^(?:module\.exports|exports)(?:\.([\w$]+))?$/.exec(target);
    const member = /^([\w$.]+?)\.(prototype\.)?([\w$]+)$/.exec(target);
    if (exported !== null) {
      const [, given] = exported;
      const name = given ?? identifierName(childOf(right, 'id')) ?? 'default';
      if (!readValue(collection, at, right, name, space)) addPartsHandedOut(collection, right, given ?? null);
    } else if (member !== null && isFunction(right)) {
      const [, owner = '', prototype, name = ''] = member;
      if (collection.names.has(owner))
        addMethod(collection, at, right, { owner, name, isStatic: prototype === undefined });
    }
  }
}

/** `module.exports = { connect: open, ...require("./db") }`, `exports.open = require("./db").open` */
function addPartsHandedOut({ path, habits, aliases }: Collection, written: Node, name: string | null): void {
  if (name !== null) addAlias(aliases, partHandedOut(path, name, written, habits));
  else if (written.type === 'ObjectExpression')
    for (const part of nodesOf(written, 'properties')) {
      const spread = part.type === 'SpreadElement' ? childOf(part, 'argument') : null;
      const value = part.type === 'Property' && valueIn(part, 'computed') !== true ? childOf(part, 'value') : null;
      if (spread !== null) addAlias(aliases, allHandedOut(path, spread, habits));
      if (value !== null)
        addAlias(aliases, partHandedOut(path, memberName(childOf(part, 'key'), false), value, habits));
    }
}

function addAlias(aliases: Import[], alias: Import | null): void {
  if (alias !== null) aliases.push(alias);
}

interface AssignedMethod {
  readonly owner: string;
  readonly name: string;
  readonly isStatic: boolean;
}

/** `Pool.prototype.get = function () { … }`: the constructor function is a class then. */
function addMethod(collection: Collection, node: Node, fn: Node, { owner, name, isStatic }: AssignedMethod): void {
  const nameNode = childOf(node, 'left') ?? node;
  collection.functions.push({ node, fn, nameNode, name, owner, kind: 'method', isStatic, isPrivate: false });
  collection.declared.add(fn);
  if (isStatic || collection.types.some((type) => type.name === owner)) return;
  const maker = collection.functions.find((one) => one.name === owner && one.owner === null);
  if (maker === undefined) return;
  const fields = constructorFields(collection.text, maker.node, maker.fn);
  collection.types.push({ ...shapeFor(owner, maker.node, 'class'), fields });
  collection.makers.add(owner);
  addName(collection, null, owner, 'type');
}

function readNamespace(collection: Collection, node: Node, space: string | null): void {
  const body = childOf(node, 'body');
  const id = childOf(node, 'id');
  if (body === null) return;
  // `declare module "x"` and `declare global` are no namespaces.
  const name = textIn(node, 'kind') === 'global' ? null : dottedText(id);
  const inner = name === null ? space : qualified(space, name);
  if (inner !== null && name !== null) {
    addName(collection, space, name, 'type');
    collection.types.push(shapeFor(inner, node, 'class'));
  }
  addStatements(collection, body.type === 'TSModuleBlock' ? nodesOf(body, 'body') : [body], inner);
}

function readTypeDeclaration(collection: Collection, node: Node, space: string | null): void {
  const name = identifierName(childOf(node, 'id'));
  if (name === null) return;
  const full = qualified(space, name);
  if (node.type === 'TSEnumDeclaration') {
    addName(collection, space, name, 'type');
    collection.types.push(shapeFor(full, node, 'enum'));
    addMembers(collection, node, full);
    return;
  }
  const body = childOf(node, node.type === 'TSInterfaceDeclaration' ? 'body' : 'typeAnnotation');
  if (body?.type !== 'TSInterfaceBody' && body?.type !== 'TSTypeLiteral') return;
  const { shape, functions } = readInterface(node, body, full);
  collection.types.push(shape);
  collection.functions.push(...functions);
}

function shapeFor(name: string, node: Node, kind: TypeShape['kind']): TypeShape {
  const nameSpan = spanOf(childOf(node, 'id') ?? node);
  const base = {
    name,
    kind,
    isAbstract: false,
    supertypes: [],
    typeParameters: [],
    fields: [],
    annotations: [],
  } as const;
  return { ...base, span: spanOf(node), nameSpan };
}
