/**
 * What a Go file declares: types, functions and imports, as plain data, with the syntax node of each
 * function kept beside it for lowering. Function literals belong to the function around them.
 * Broken syntax: whatever the parser recognised is taken.
 */
import type { FunctionId, SymbolName, TypeHint } from '../../ir/ir.ts';
import { outsideFunctions } from '../drafts.ts';
import type { Draft } from '../drafts.ts';
import type { Declaration, FileIndex, TypeShape } from '../language.ts';
import { childInField, spanOf } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import type { Habits } from '../habits.ts';
import { calledNames } from './called-names.ts';
import type { FileNames, TypeForm } from './file-names.ts';
import { packageOf, readImports } from './imports.ts';
import { listed } from './lower/nodes.ts';
import type { GoFile } from './parse.ts';
import {
  readEmbedded,
  readFields,
  readParameters,
  readReceiver,
  readTypeParameters,
  resultType,
} from './signatures.ts';
import { namedType, typeText } from './type-text.ts';

export interface GoIndex {
  readonly index: FileIndex;
  /** Where each declaration stands: the function, or for package variables the whole file. */
  readonly sites: ReadonlyMap<FunctionId, SyntaxNode>;
  readonly names: FileNames;
}

interface Member {
  readonly draft: Draft;
  readonly node: SyntaxNode;
  readonly isOnPointer: boolean;
}

interface Collection {
  readonly habits: Habits;
  readonly text: string;
  readonly shapes: TypeShape[];
  readonly members: Member[];
  readonly imports: SyntaxNode[];
  readonly types: Map<string, TypeForm>;
  readonly variables: Map<string, TypeHint | null>;
  readonly constants: Map<string, string | null>;
  /** Values of package variables. */
  readonly initialisers: SyntaxNode[];
  /** The name of the first variable that has one. */
  firstVariable: SyntaxNode | null;
}

export function indexDeclarations(file: GoFile, habits: Habits): GoIndex {
  const { text, root, path } = file;
  const collection: Collection = {
    habits,
    text,
    shapes: [],
    members: [],
    imports: [],
    types: new Map(),
    variables: new Map(),
    constants: new Map(),
    initialisers: [],
    firstVariable: null,
  };
  for (const node of topLevel(root)) readTopLevel(collection, node);
  addInitialiser(collection, root);
  const packageName = packageOf(path);
  const { declarations, sites } = name(collection.members, packageName);
  const imports = readImports(text, collection.imports);
  const types = collection.shapes.sort((a, b) => a.span.start - b.span.start);
  const variables = new Map<string, TypeHint>();
  for (const [variable, type] of collection.variables) if (type !== null) variables.set(variable, type);
  const index: FileIndex = { language: 'go', path, package: packageName, imports, types, declarations, variables };
  return { index, sites, names: fileNames(collection, index, text) };
}

/** The parser may put whole functions into a range it could not make sense of. */
export function topLevel(root: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const pending = root.children.toReversed();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type !== 'ERROR') found.push(node);
    else for (const child of node.children.toReversed()) pending.push(child);
  }
  return found;
}

/** `var a = 1` and each line of `var ( … )`. */
export function specsOf(declaration: SyntaxNode): SyntaxNode[] {
  const specs: SyntaxNode[] = [];
  for (const child of declaration.children) {
    if (child.type === 'var_spec_list') specs.push(...child.children.filter((spec) => spec.type === 'var_spec'));
    else if (/^(?:var|const)_spec$|^type_(?:spec|alias)$/.test(child.type)) specs.push(child);
  }
  return specs;
}

function fileNames(collection: Collection, index: FileIndex, text: string): FileNames {
  const functions = new Set<string>();
  const methods = new Set<string>();
  for (const { kind, name: declared } of index.declarations) {
    if (kind === 'function') functions.add(declared);
    if (kind === 'method') methods.add(declared);
  }
  const fields = new Set(index.types.flatMap((type) => type.fields.map((field) => field.name)));
  for (const selected of methods.size > 0 ? selectedFrom(text) : []) if (methods.has(selected)) fields.add(selected);
  const { types, variables, constants } = collection;
  return { imports: index.imports, types, functions, variables, constants, methods, fields };
}

/** `resp.Body.Close()`: what has members of its own is a field, whatever methods of that name the file declares. */
function selectedFrom(text: string): readonly string[] {
  return [...text.matchAll(/\.([A-Za-z_]\w*)(?=\.[A-Za-z_])/g)].flatMap(([, selected]) => selected ?? []);
}

function name(members: Member[], packageName: string) {
  const sorted = members.sort((a, b) => a.draft.span.start - b.draft.span.start);
  const declarations: Declaration[] = [];
  const sites = new Map<FunctionId, SyntaxNode>();
  const ordinals = new Map<string, number>();
  for (const { draft, node, isOnPointer } of sorted) {
    const symbol = symbolOf(draft, packageName, isOnPointer);
    const ordinal = (ordinals.get(symbol) ?? 0) + 1;
    ordinals.set(symbol, ordinal);
    // The only place these brands are given.
    const id = `${symbol}@${ordinal}` as FunctionId;
    declarations.push({ ...draft, id, symbol: symbol as SymbolName });
    sites.set(id, node);
  }
  return { declarations, sites };
}

/** `go:net/http.Get`, `go:net/http.(*Client).Do`, `go:main.Pool.Get`. */
function symbolOf(draft: Draft, packageName: string, isOnPointer: boolean): string {
  const inPackage = packageName === '' ? '' : `${packageName}.`;
  if (draft.owner === null) return `go:${inPackage}${draft.name}`;
  return `go:${inPackage}${isOnPointer ? `(*${draft.owner})` : draft.owner}.${draft.name}`;
}

function readTopLevel(collection: Collection, node: SyntaxNode): void {
  switch (node.type) {
    case 'import_declaration':
      collection.imports.push(node);
      break;
    case 'type_declaration':
      readTypes(collection, node);
      break;
    case 'const_declaration':
      for (const spec of specsOf(node)) readConstants(collection, spec);
      break;
    case 'var_declaration':
      for (const spec of specsOf(node)) readVariable(collection, spec);
      break;
    case 'function_declaration':
    case 'method_declaration':
      readFunction(collection, node);
      break;
    default:
  }
}

function namesOf(text: string, spec: SyntaxNode): string[] {
  return spec.children.filter((child) => child.field === 'name').map((child) => text.slice(child.start, child.end));
}

/** What of a constant is remembered, as it is written. */
const stated: ReadonlySet<string> = new Set(['int_literal', 'true', 'false']);

function readConstants({ text, constants }: Collection, spec: SyntaxNode): void {
  const values = listed(childInField(spec, 'value'));
  for (const [index, name] of namesOf(text, spec).entries()) {
    const value = values[index];
    constants.set(name, value !== undefined && stated.has(value.type) ? text.slice(value.start, value.end) : null);
  }
}

function readVariable(collection: Collection, spec: SyntaxNode): void {
  const type = childInField(spec, 'type');
  const written = type ?? constructedType(spec);
  const hint = written === null ? null : typeText(collection.text, written);
  for (const variable of namesOf(collection.text, spec)) collection.variables.set(variable, hint);
  const value = childInField(spec, 'value');
  if (value === null) return;
  collection.initialisers.push(value);
  collection.firstVariable ??= childInField(spec, 'name');
}

/** `var client = &http.Client{…}` says its type itself. */
function constructedType(spec: SyntaxNode): SyntaxNode | null {
  const values = childInField(spec, 'value')?.children ?? [];
  const [only] = values;
  if (only === undefined || values.length !== 1) return null;
  const literal = only.type === 'unary_expression' ? childInField(only, 'operand') : only;
  return literal?.type === 'composite_literal' ? childInField(literal, 'type') : null;
}

function addInitialiser(collection: Collection, root: SyntaxNode): void {
  const { initialisers, firstVariable, text } = collection;
  if (firstVariable === null) return;
  const draft: Draft = {
    ...outsideFunctions,
    name: '<static-initializer>',
    owner: null,
    kind: 'static-initializer',
    isStatic: true,
    span: spanOf(root),
    nameSpan: spanOf(firstVariable),
    calls: calledNames(text, initialisers, collection.habits).calls,
  };
  collection.members.push({ draft, node: root, isOnPointer: false });
}

function readFunction(collection: Collection, node: SyntaxNode): void {
  const { text } = collection;
  const nameNode = childInField(node, 'name');
  if (nameNode === null || nameNode.end === nameNode.start) return;
  const receiver = node.type === 'method_declaration' ? readReceiver(text, node) : null;
  const body = childInField(node, 'body');
  const names = calledNames(text, body === null ? [] : [body], collection.habits);
  for (const local of names.types) readTypes(collection, local);
  const draft = functionDraft(text, node, { nameNode, owner: receiver?.owner ?? null, calls: names.calls });
  collection.members.push({ draft, node, isOnPointer: receiver?.isPointer === true });
}

interface Head {
  readonly nameNode: SyntaxNode;
  readonly owner: string | null;
  readonly calls: ReadonlySet<string>;
}

function functionDraft(text: string, node: SyntaxNode, { nameNode, owner, calls }: Head): Draft {
  const declared = text.slice(nameNode.start, nameNode.end);
  const body = childInField(node, 'body');
  return {
    name: declared,
    owner,
    kind: owner === null ? 'function' : 'method',
    params: readParameters(text, childInField(node, 'parameters')),
    returnType: resultType(text, childInField(node, 'result')),
    throws: [],
    annotations: [],
    isStatic: owner === null,
    isPrivate: !/^\p{Lu}/u.test(declared),
    isAsync: false,
    hasBody: body !== null,
    isEmpty: body?.children.length === 0,
    span: spanOf(node),
    nameSpan: spanOf(nameNode),
    calls,
  };
}

function readTypes(collection: Collection, declaration: SyntaxNode): void {
  for (const spec of specsOf(declaration)) readType(collection, spec);
}

function readType(collection: Collection, spec: SyntaxNode): void {
  const { text } = collection;
  const [nameNode, type] = [childInField(spec, 'name'), childInField(spec, 'type')];
  if (nameNode === null || type === null) return;
  const typeName = text.slice(nameNode.start, nameNode.end);
  const form = formOf(type);
  collection.types.set(typeName, form);
  collection.shapes.push({
    name: typeName,
    kind: form === 'interface' ? 'interface' : 'class',
    isAbstract: form === 'interface',
    supertypes: supertypesOf(text, type),
    typeParameters: readTypeParameters(text, spec),
    fields: form === 'struct' ? readFields(text, type) : [],
    annotations: [],
    span: spanOf(spec),
    nameSpan: spanOf(nameNode),
  });
  if (form === 'interface') readInterface(collection, type, typeName);
}

function formOf(type: SyntaxNode): TypeForm {
  switch (type.type) {
    case 'struct_type':
      return 'struct';
    case 'interface_type':
      return 'interface';
    case 'slice_type':
    case 'array_type':
    case 'map_type':
    case 'channel_type':
      return 'collection';
    default:
      return 'other';
  }
}

/** An alias, or a type made from another, has that type's methods as far as we are concerned. */
function supertypesOf(text: string, type: SyntaxNode): TypeHint[] {
  if (type.type === 'struct_type' || type.type === 'interface_type') return readEmbedded(text, type);
  return namedType(type) === null ? [] : [typeText(text, type)];
}

function readInterface(collection: Collection, type: SyntaxNode, owner: string): void {
  for (const method of type.children) {
    const nameNode = method.type === 'method_elem' ? childInField(method, 'name') : null;
    if (nameNode === null) continue;
    const draft = functionDraft(collection.text, method, { nameNode, owner, calls: new Set() });
    collection.members.push({ draft, node: method, isOnPointer: false });
  }
}
