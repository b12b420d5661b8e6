/**
 * What a Python file declares: classes, functions, imports and the module's own code, as plain data, with the
 * syntax node of each function kept beside it for lowering.
 *
 * Functions inside functions are closures and do not appear; methods of local classes do. Broken syntax:
 * whatever the parser recognised is taken.
 */
import type { FunctionId, SymbolName, TypeHint } from '../../ir/ir.ts';
import { outsideFunctions } from '../drafts.ts';
import type { Draft } from '../drafts.ts';
import type { Habits, ModuleAlias } from '../habits.ts';
import type { Declaration, FileIndex, Import, TypeShape } from '../language.ts';
import { childInField, spanOf, walk } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { bindByFunctions, bindingsOf } from './bindings.ts';
import type { Bindings } from './bindings.ts';
import { calledNames } from './called-names.ts';
import { addBodyFields, addMethodFields, fieldShapes } from './fields.ts';
import type { ClassFields } from './fields.ts';
import { moduleName, readImport } from './imports.ts';
import { madeResult } from './made-result.ts';
import { hasKeyword, definitionOf } from './nodes.ts';
import type { PythonFile } from './parse.ts';
import {
  hasDecorator,
  isAbstractClass,
  isEmptyBody,
  parameterNodes,
  readDecorators,
  readMetaclass,
  readParameters,
  readResultType,
  readSupertypes,
  readTypeParameters,
  typeKind,
} from './signatures.ts';
import { isExecuted } from './module-code.ts';

/** A class; null stands for the module. */
export interface ClassSite {
  /** `Outer.Inner` */
  readonly name: string;
  readonly supertypes: readonly TypeHint[];
  readonly fields: ClassFields;
}

export interface FunctionSite {
  /** The function, or the whole file for the module's code. */
  readonly node: SyntaxNode;
  readonly owner: ClassSite | null;
}

export interface PythonIndex {
  readonly index: FileIndex;
  readonly sites: ReadonlyMap<FunctionId, FunctionSite>;
  /** The names the module's code binds. */
  readonly bindings: Bindings;
}

interface Member extends FunctionSite {
  readonly draft: Draft;
}

interface ClassDraft {
  readonly site: ClassSite;
  readonly shape: Omit<TypeShape, 'fields'>;
}

/** Grows as classes are found; `bodies` is the work still to do. */
interface Collection {
  readonly text: string;
  readonly habits: Habits;
  readonly classes: ClassDraft[];
  readonly members: Member[];
  readonly bodies: { readonly node: SyntaxNode; readonly owner: ClassSite | null }[];
}

export function indexDeclarations(file: PythonFile, habits: Habits): PythonIndex {
  const { text, root, path } = file;
  const collection: Collection = { text, habits, classes: [], members: [], bodies: [] };
  // Not by recursion: generated and hostile sources nest deeper than the call stack.
  collection.bodies.push({ node: root, owner: null });
  for (let body = collection.bodies.pop(); body !== undefined; body = collection.bodies.pop()) {
    readBody(collection, body.node, body.owner);
  }
  addModuleCode(collection, root);
  const packageName = moduleName(path);
  const { declarations, sites } = name(collection.members, packageName);
  const types = collection.classes.map(({ site, shape }) => ({ ...shape, fields: fieldShapes(site.fields) }));
  const index: FileIndex = {
    language: 'python',
    path,
    package: packageName,
    imports: readImports(file, habits.moduleAliases),
    types: types.sort((a, b) => a.span.start - b.span.start),
    declarations,
    variables: new Map(),
  };
  const bindings = bindingsOf(text, [root], habits);
  bindByFunctions(text, bindings);
  return { index, sites, bindings };
}

function name(
  members: Member[],
  packageName: string,
): { declarations: Declaration[]; sites: Map<FunctionId, FunctionSite> } {
  const sorted = members.sort((a, b) => a.draft.span.start - b.draft.span.start);
  const declarations: Declaration[] = [];
  const sites = new Map<FunctionId, FunctionSite>();
  const ordinals = new Map<string, number>();
  for (const { draft, node, owner } of sorted) {
    const symbol = `py:${[packageName, draft.owner, draft.name].filter((step) => step !== null && step !== '').join('.')}`;
    const ordinal = (ordinals.get(symbol) ?? 0) + 1;
    ordinals.set(symbol, ordinal);
    // The only place these brands are given.
    const id = `${symbol}@${ordinal}` as FunctionId;
    declarations.push({ ...draft, id, symbol: symbol as SymbolName });
    sites.set(id, { node, owner });
  }
  return { declarations, sites };
}

/** Imports stand in statements, which are all that is looked into. */
function readImports({ text, path, root }: PythonFile, aliases: readonly ModuleAlias[]): Import[] {
  const imports: Import[] = [];
  walk(root, (node) => {
    if (node.type === 'import_statement' || node.type === 'import_from_statement')
      imports.push(...readImport({ text, path, aliases }, node));
    return /^(?:expression|return|import|import_from)_statement$|^parameters$/.test(node.type) ? 'skip' : 'inside';
  });
  return imports;
}

/** Definitions count wherever they stand in the body: under `if`, in `try`, in a broken part. */
function readBody(collection: Collection, body: SyntaxNode, owner: ClassSite | null): void {
  const pending = body.children.toReversed();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const definition = definitionOf(node);
    if (definition.type === 'function_definition') readFunction(collection, node, definition, owner);
    else if (definition.type === 'class_definition') readClass(collection, node, definition, owner);
    else if (node.type === 'expression_statement') {
      if (owner !== null) addBodyFields(collection, owner.fields, node);
    } else for (const child of node.children.toReversed()) pending.push(child);
  }
}

function readClass(collection: Collection, written: SyntaxNode, node: SyntaxNode, outer: ClassSite | null): void {
  const { text } = collection;
  const nameNode = childInField(node, 'name');
  if (nameNode === null) return;
  const ownName = text.slice(nameNode.start, nameNode.end);
  const supertypes = readSupertypes(text, node);
  const typeName = outer === null ? ownName : `${outer.name}.${ownName}`;
  const site: ClassSite = { name: typeName, supertypes, fields: new Map() };
  const shape = {
    name: typeName,
    kind: typeKind(supertypes),
    isAbstract: isAbstractClass(text, node),
    supertypes,
    typeParameters: readTypeParameters(text, node),
    annotations: [...readDecorators(text, written), ...readMetaclass(text, node)],
    span: spanOf(node),
    nameSpan: spanOf(nameNode),
  };
  collection.classes.push({ site, shape });
  // The part of a body before a broken method stands in an error of the class's own.
  for (const child of node.children) {
    if (child.field === 'body' || child.type === 'ERROR') collection.bodies.push({ node: child, owner: site });
  }
}

function readFunction(collection: Collection, written: SyntaxNode, node: SyntaxNode, owner: ClassSite | null): void {
  const { habits, text } = collection;
  const nameNode = childInField(node, 'name');
  if (nameNode === null) return;
  const ownName = text.slice(nameNode.start, nameNode.end);
  const annotations = readDecorators(text, written);
  const params = parameterNodes(text, childInField(node, 'parameters'));
  const isClassMethod = hasDecorator(annotations, 'classmethod') || implicitClassMethods.has(ownName);
  const isStatic = owner === null || isClassMethod || hasDecorator(annotations, 'staticmethod');
  const [first] = params;
  // `def f(*args)` takes itself out of the arguments.
  const hasOwnFirst = first !== undefined && !first.isVariadic && !first.isKeywords;
  const takesSelf = owner !== null && hasOwnFirst && !hasDecorator(annotations, 'staticmethod');
  const body = childInField(node, 'body');
  for (const child of node.children) if (child.type === 'ERROR') collection.bodies.push({ node: child, owner });
  const names = calledNames(collection, body === null ? [] : [body]);
  for (const local of names.classes) readClass(collection, local, local, owner);
  if (owner !== null && body !== null && !isStatic) {
    const receiver = first?.name ?? '';
    const paramTypes = new Map(
      params.flatMap(({ name: one, type }) => (one === null || type === null ? [] : [[one, type]])),
    );
    addMethodFields(collection, owner.fields, { body, receiver, paramTypes });
  }
  const isEmpty = body === null || isEmptyBody(body);
  // A decorator may give something else.
  const isPlain = annotations.every((one) => hasDecorator([one], 'classmethod') || hasDecorator([one], 'staticmethod'));
  const isSignature = isEmpty && (hasDecorator(annotations, 'abstractmethod') || hasDecorator(annotations, 'overload'));
  const draft: Draft = {
    name: ownName,
    owner: owner?.name ?? null,
    kind: owner === null ? 'function' : ownName === '__init__' ? 'constructor' : 'method',
    params: readParameters(takesSelf ? params.slice(1) : params),
    returnType:
      readResultType(text, node) ?? (isPlain && body !== null ? madeResult({ text, body, params, habits }) : null),
    throws: [],
    annotations,
    isStatic: isStatic && owner !== null,
    isPrivate: /^_(?!_.*__$)/.test(ownName),
    isAsync: hasKeyword(node, 'async'),
    hasBody: body !== null && !isSignature,
    isEmpty,
    span: spanOf(node),
    nameSpan: spanOf(nameNode),
    calls: names.calls,
  };
  collection.members.push({ draft, node, owner });
}

/** Class methods that need no decorator. */
const implicitClassMethods = new Set(['__new__', '__init_subclass__', '__class_getitem__']);

/** The statements of the module and of the classes in it, where there are any that do something. */
function addModuleCode(collection: Collection, root: SyntaxNode): void {
  if (!isExecuted(root)) return;
  const draft: Draft = {
    ...outsideFunctions,
    name: '<module>',
    owner: null,
    kind: 'static-initializer',
    isStatic: true,
    span: spanOf(root),
    nameSpan: { start: root.start, end: root.start },
    calls: calledNames(collection, [root], 'skip').calls,
  };
  collection.members.push({ draft, node: root, owner: null });
}
