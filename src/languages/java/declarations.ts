/**
 * What a Java file declares: types, members and imports, as plain data, with the syntax node of each
 * member kept beside it for lowering.
 *
 * Members of local types are declarations like any other; those of anonymous classes are closures of the
 * function around them and do not appear. Broken syntax: whatever the parser recognised is taken.
 */
import type { FunctionId, SymbolName } from '../../ir/ir.ts';
import { outsideFunctions } from '../drafts.ts';
import type { Draft } from '../drafts.ts';
import type { Declaration, FieldShape, FileIndex, TypeShape } from '../language.ts';
import { childInField, nodeLike, spanOf } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { calledNames, typeDeclarations } from './called-names.ts';
import { readImports, readPackage } from './imports.ts';
import type { JavaFile } from './parse.ts';
import {
  readComponents,
  readFields,
  readModifiers,
  readParameters,
  readResultType,
  readThrows,
  readTypeParameters,
  readTypes,
} from './signatures.ts';
import { nameText } from './type-text.ts';
import type { TypeSite } from './visible-fields.ts';

export interface JavaIndex {
  readonly index: FileIndex;
  /** Where each declaration stands. */
  readonly sites: ReadonlyMap<FunctionId, MemberSite>;
  readonly types: readonly TypeSite[];
}

export interface MemberSite {
  /** The member; for initialisers the body of the type, whatever its kind. */
  readonly node: SyntaxNode;
  readonly type: TypeSite;
}

interface Member extends MemberSite {
  readonly draft: Draft;
}

/** Grows as types are found; `bodies` is the work still to do. */
interface Collection {
  readonly text: string;
  readonly shapes: TypeShape[];
  readonly types: TypeSite[];
  readonly members: Member[];
  readonly bodies: Body[];
}

interface Body {
  readonly node: SyntaxNode;
  readonly type: TypeSite;
  readonly declaration: SyntaxNode | null;
}

export function indexDeclarations(file: JavaFile): JavaIndex {
  const { text, root, path } = file;
  const top: TypeSite = { name: '', outer: null, supertypes: [], fields: [] };
  const collection: Collection = { text, shapes: [], types: [top], members: [], bodies: [] };
  // Not by recursion: generated and hostile sources nest deeper than the call stack.
  collection.bodies.push({ node: root, type: top, declaration: null });
  for (let body = collection.bodies.pop(); body !== undefined; body = collection.bodies.pop())
    readBody(collection, body);

  const packageName = readPackage(text, root);
  const { declarations, sites } = name(collection.members, packageName);
  const index: FileIndex = {
    language: 'java',
    path,
    package: packageName,
    imports: readImports(text, root),
    types: collection.shapes.sort((a, b) => a.span.start - b.span.start),
    declarations,
    variables: new Map(),
  };
  return { index, sites, types: collection.types };
}

function name(
  members: Member[],
  packageName: string,
): { declarations: Declaration[]; sites: Map<FunctionId, MemberSite> } {
  // Initialisers stand where their type's body does, so they come before its members.
  const sorted = members.sort((a, b) => a.draft.span.start - b.draft.span.start);
  const declarations: Declaration[] = [];
  const sites = new Map<FunctionId, MemberSite>();
  const ordinals = new Map<string, number>();
  for (const { draft, node, type } of sorted) {
    const symbol = symbolOf(draft, packageName);
    const ordinal = (ordinals.get(symbol) ?? 0) + 1;
    ordinals.set(symbol, ordinal);
    // The only place these brands are given.
    const id = `${symbol}@${ordinal}` as FunctionId;
    declarations.push({ ...draft, id, symbol: symbol as SymbolName });
    sites.set(id, { node, type });
  }
  return { declarations, sites };
}

/** `java:com.acme.Outer.Inner#method`; without a type, `java:main`. */
function symbolOf({ owner, name: member }: Draft, packageName: string): string {
  const inPackage = packageName === '' ? '' : `${packageName}.`;
  return owner === null ? `java:${inPackage}${member}` : `java:${inPackage}${owner}#${member}`;
}

function readBody(collection: Collection, body: Body): void {
  const initialisers = { instance: new Array<SyntaxNode>(), static: new Array<SyntaxNode>() };
  const pending = body.node.children.toReversed();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    switch (node.type) {
      case 'ERROR':
      case 'enum_body_declarations':
        for (const child of node.children.toReversed()) pending.push(child);
        break;
      case 'class':
      case 'interface':
      case 'enum':
        if (pending.at(-1)?.type === 'identifier')
          readUnclosedType(collection, body.type, node, pending.splice(0).reverse());
        break;
      case 'field_declaration':
      case 'constant_declaration':
      case 'local_variable_declaration':
        readFieldDeclaration(collection, body, node, initialisers);
        break;
      case 'enum_constant':
        readEnumConstant(collection, body, node, initialisers.static);
        break;
      case 'block':
        initialisers.instance.push(node);
        break;
      case 'static_initializer':
        initialisers.static.push(node);
        break;
      case 'method_declaration':
      case 'constructor_declaration':
      case 'compact_constructor_declaration':
        readMember(collection, body, node);
        break;
      default:
        if (typeDeclarations.has(node.type)) readType(collection, body.type, node);
    }
  }
  // The top level of a compact source file has no body that could be lowered as one.
  if (body.type.outer === null && body.type.name === '') return;
  addInitializer(collection, body, 'initializer', initialisers.instance);
  addInitializer(collection, body, 'static-initializer', initialisers.static);
}

interface Initialisers {
  readonly instance: SyntaxNode[];
  readonly static: SyntaxNode[];
}

function readFieldDeclaration(collection: Collection, body: Body, node: SyntaxNode, initialisers: Initialisers): void {
  const fields = readFields(collection.text, node);
  body.type.fields.push(...fields);
  const isStatic = fields[0]?.isStatic ?? false;
  for (const declarator of node.children) {
    const value = childInField(declarator, 'value');
    if (value !== null) (isStatic ? initialisers.static : initialisers.instance).push(declarator);
  }
}

function readEnumConstant(collection: Collection, body: Body, node: SyntaxNode, initialisers: SyntaxNode[]): void {
  const { text } = collection;
  const constant = childInField(node, 'name');
  if (constant === null) return;
  const { annotations } = readModifiers(text, node);
  const place = { span: spanOf(node), nameSpan: spanOf(constant) };
  const type = body.type.name.slice(body.type.name.lastIndexOf('.') + 1);
  body.type.fields.push({ name: nameText(text, constant), type, isStatic: true, annotations, ...place });
  const args = childInField(node, 'arguments');
  if (args !== null && args.children.length > 0) initialisers.push(args);
  const inner = childInField(node, 'body');
  if (inner === null) return;
  const site: TypeSite = { name: body.type.name, outer: body.type, supertypes: [], fields: [] };
  collection.types.push(site);
  collection.bodies.push({ node: inner, type: site, declaration: null });
}

function readType(collection: Collection, outer: TypeSite, node: SyntaxNode): void {
  const { text } = collection;
  const nameNode = childInField(node, 'name');
  if (nameNode === null) return;
  const ownName = nameText(text, nameNode);
  const { annotations, words } = readModifiers(text, node);
  const kind = typeKind(node);
  const components = kind === 'record' ? readComponents(text, childInField(node, 'parameters')) : [];
  const fields: FieldShape[] = [...components];
  const typeName = outer.name === '' ? ownName : `${outer.name}.${ownName}`;
  const site: TypeSite = { name: typeName, outer, supertypes: readSupertypes(text, node), fields };
  collection.types.push(site);
  collection.shapes.push({
    name: typeName,
    kind,
    isAbstract: words.has('abstract') || kind === 'interface' || kind === 'annotation',
    supertypes: site.supertypes,
    typeParameters: readTypeParameters(text, node),
    fields,
    annotations,
    span: spanOf(node),
    nameSpan: spanOf(nameNode),
  });
  const inner = childInField(node, 'body');
  if (inner !== null) collection.bodies.push({ node: inner, type: site, declaration: node });
}

/**
 * `class A { void f() { … }` without its last brace can leave the head of the type loose in a broken range;
 * all that follows is taken to be inside. `rest` starts with the name.
 */
function readUnclosedType(
  collection: Collection,
  outer: TypeSite,
  keyword: SyntaxNode,
  rest: readonly SyntaxNode[],
): void {
  const last = rest.at(-1) ?? keyword;
  const node: SyntaxNode = {
    type: `${keyword.type}_declaration`,
    start: keyword.start,
    end: last.end,
    field: null,
    isError: true,
    children: [],
  };
  const [nameNode, ...members] = rest;
  if (nameNode === undefined) return;
  const body: SyntaxNode = nodeLike(node, { type: `${keyword.type}_body`, field: 'body', children: members });
  readType(
    collection,
    outer,
    nodeLike(node, { children: [nodeLike(nameNode, { field: 'name', children: [] }), body] }),
  );
}

function typeKind(node: SyntaxNode): TypeShape['kind'] {
  switch (node.type) {
    case 'interface_declaration':
      return 'interface';
    case 'enum_declaration':
      return 'enum';
    case 'record_declaration':
      return 'record';
    case 'annotation_type_declaration':
      return 'annotation';
    default:
      return 'class';
  }
}

function readSupertypes(text: string, node: SyntaxNode): string[] {
  const types: string[] = [];
  for (const child of node.children) {
    if (supertypeClauses.has(child.type)) types.push(...readTypes(text, child));
  }
  return types;
}

const supertypeClauses = new Set(['superclass', 'super_interfaces', 'extends_interfaces']);

function readMember(collection: Collection, { type, declaration }: Body, node: SyntaxNode): void {
  const { text } = collection;
  const nameNode = childInField(node, 'name');
  if (nameNode === null) return;
  const { annotations, words } = readModifiers(text, node);
  const code = childInField(node, 'body');
  const names = calledNames(text, code === null ? [] : [code]);
  for (const local of names.types) readType(collection, type, local);
  // A compact constructor has the parameters of its record.
  const head = node.type === 'compact_constructor_declaration' ? declaration : node;
  const draft: Draft = {
    name: nameText(text, nameNode),
    owner: type.name === '' ? null : type.name,
    kind: node.type === 'method_declaration' ? (type.name === '' ? 'function' : 'method') : 'constructor',
    params: readParameters(text, head === null ? null : childInField(head, 'parameters')),
    returnType: readResultType(text, node),
    throws: readThrows(text, node),
    annotations,
    isStatic: words.has('static'),
    isPrivate: words.has('private'),
    isAsync: false,
    hasBody: code !== null,
    isEmpty: code !== null && code.children.length === 0,
    span: spanOf(node),
    nameSpan: spanOf(nameNode),
    calls: names.calls,
  };
  collection.members.push({ draft, node, type });
}

function addInitializer(
  collection: Collection,
  { node, type, declaration }: Body,
  kind: 'initializer' | 'static-initializer',
  code: readonly SyntaxNode[],
): void {
  if (code.length === 0) return;
  const names = calledNames(collection.text, code);
  for (const local of names.types) readType(collection, type, local);
  const nameNode = declaration === null ? null : childInField(declaration, 'name');
  const draft: Draft = {
    ...outsideFunctions,
    name: `<${kind}>`,
    owner: type.name,
    kind,
    isStatic: kind === 'static-initializer',
    span: spanOf(node),
    nameSpan: spanOf(nameNode ?? node),
    calls: names.calls,
  };
  collection.members.push({ draft, node, type });
}
