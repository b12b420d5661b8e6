/**
 * What a file declares, as plain data, with the syntax node of each function kept beside it for lowering. The code
 * of the module itself is a function too; so are the initialisers of each class.
 */
import type { FunctionId, SymbolName } from '../../ir/ir.ts';
import { outsideFunctions } from '../drafts.ts';
import type { Draft } from '../drafts.ts';
import type { Habits } from '../habits.ts';
import type { Declaration, FileIndex } from '../language.ts';
import { calledNames } from './called-names.ts';
import { moduleName, readImports } from './imports.ts';
import type { FileImports } from './imports.ts';
import { docTypesBefore } from './jsdoc.ts';
import { functionOf, properties } from './members.ts';
import type { FoundFunction } from './members.ts';
import { readModuleScope } from './module-scope.ts';
import type { ClassSite, ModuleScope } from './module-scope.ts';
import { childOf, isSet, nodesOf, spanOf } from './nodes.ts';
import type { Node } from './nodes.ts';
import type { TypescriptFile } from './parse.ts';
import { rootsOf } from './roots.ts';
import { readDecorators, resultType, signatureParameters } from './signatures.ts';
import { fileKinds } from './truthiness.ts';
import type { FileKinds } from './truthiness.ts';

/** Where a declaration stands. */
export interface Site {
  /** All of it; for initialisers the class or the program. */
  readonly node: Node;
  /** The part with parameters and body; null for initialisers. */
  readonly fn: Node | null;
}

/** What every function of a file is lowered with. */
export interface FileFacts {
  readonly scope: ModuleScope;
  readonly imports: FileImports;
  readonly kinds: FileKinds;
}

export interface TypescriptIndex {
  readonly index: FileIndex;
  readonly sites: ReadonlyMap<FunctionId, Site>;
  readonly facts: FileFacts;
}

interface Member extends Site {
  readonly draft: Draft;
}

export function indexDeclarations(file: TypescriptFile, habits: Habits): TypescriptIndex {
  const { path, text, program } = file;
  const imports = readImports(file, habits);
  const scope = readModuleScope(file, imports, habits);
  const members = scope.functions.map((found) => functionMember(text, found));
  for (const site of scope.classes) members.push(...initialiserMembers(site, scope));
  const moduleCode = moduleMember(program, scope);
  if (moduleCode !== null) members.push(moduleCode);
  const { declarations, sites } = nameMembers(members, path);
  const index: FileIndex = {
    language: 'typescript',
    path,
    package: moduleName(path),
    imports: [...imports.imports, ...scope.aliases],
    types: [...scope.types].sort((a, b) => a.span.start - b.span.start),
    declarations,
    variables: new Map(),
    numbers: scope.numbers,
    roots: rootsOf(text, program, scope, habits),
  };
  return { index, sites, facts: { scope, imports, kinds: fileKinds(program, habits) } };
}

function nameMembers(members: Member[], path: string): { declarations: Declaration[]; sites: Map<FunctionId, Site> } {
  const sorted = members.sort((a, b) => a.draft.span.start - b.draft.span.start);
  const declarations: Declaration[] = [];
  const sites = new Map<FunctionId, Site>();
  const ordinals = new Map<string, number>();
  for (const { draft, node, fn } of sorted) {
    const inFile = draft.owner === null ? draft.name : `${draft.owner}.${draft.name}`;
    const symbol = `ts:${path}#${inFile}`;
    const ordinal = (ordinals.get(symbol) ?? 0) + 1;
    ordinals.set(symbol, ordinal);
    // The only place these brands are given.
    const id = `${symbol}@${ordinal}` as FunctionId;
    declarations.push({ ...draft, id, symbol: symbol as SymbolName });
    sites.set(id, { node, fn });
  }
  return { declarations, sites };
}

function functionMember(text: string, found: FoundFunction): Member {
  const { node, fn, name, nameNode, owner, kind, isStatic, isPrivate } = found;
  const docs = docTypesBefore(text, statementStart(text, node));
  const body = childOf(fn, 'body');
  const draft: Draft = {
    name,
    owner,
    kind: kind === 'function' && owner !== null ? 'method' : kind,
    params: signatureParameters(text, fn, docs),
    returnType: resultType(fn, docs),
    throws: [],
    annotations: readDecorators(text, node),
    isStatic: isStatic && (kind !== 'function' || owner !== null),
    isPrivate,
    isAsync: fn.type !== 'TSEmptyBodyFunctionExpression' && 'async' in fn && fn.async === true,
    hasBody: body !== null,
    isEmpty: body?.type === 'BlockStatement' && nodesOf(body, 'body').length === 0,
    span: spanOf(node),
    nameSpan: spanOf(nameNode),
    calls: calledNames([fn], new Set()),
  };
  return { draft, node, fn };
}

/** A comment stands before `export const`, not before the name. */
export function statementStart(text: string, node: Node): number {
  const before = /(?:(?:export|default|declare|const|let|var|async|static|public|private|protected|readonly)\s+)+$/;
  const head = text.slice(Math.max(0, node.range[0] - 60), node.range[0]);
  return node.range[0] - (before.exec(head)?.[0].length ?? 0);
}

function initialiserMembers({ node, name }: ClassSite, scope: ModuleScope): Member[] {
  const body = childOf(node, 'body');
  const code = (body === null ? [] : nodesOf(body, 'body')).filter(
    (member) =>
      member.type === 'StaticBlock' ||
      (properties.has(member.type) && childOf(member, 'value') !== null && functionOf(member) === null),
  );
  const isStatic = (member: Node): boolean => member.type === 'StaticBlock' || isSet(member, 'static');
  return [
    ...initialiser(
      'initializer',
      node,
      name,
      code.filter((member) => !isStatic(member)),
      scope,
    ),
    ...initialiser('static-initializer', node, name, code.filter(isStatic), scope),
  ];
}

function moduleMember(program: Node, scope: ModuleScope): Member | null {
  const statements = nodesOf(program, 'body').filter((node) => hasCode(node, scope));
  return initialiser('static-initializer', program, null, statements, scope)[0] ?? null;
}

/** A class does something when it is made only if its head calls something. */
function hasCode(statement: Node, scope: ModuleScope): boolean {
  const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
  const node = isExport ? childOf(statement, 'declaration') : statement;
  if (node?.type === 'ClassDeclaration') return calledNames([node], scope.declared).size > 0;
  return node !== null && !withoutCode.has(node.type);
}

const withoutCode = new Set([
  'ImportDeclaration',
  'TSImportEqualsDeclaration',
  'ExportAllDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
  'FunctionDeclaration',
  'EmptyStatement',
]);

function initialiser(
  kind: 'initializer' | 'static-initializer',
  node: Node,
  owner: string | null,
  code: readonly Node[],
  scope: ModuleScope,
): Member[] {
  if (code.length === 0) return [];
  const draft: Draft = {
    ...outsideFunctions,
    name: owner === null ? '<module>' : `<${kind}>`,
    owner,
    kind,
    isStatic: kind === 'static-initializer',
    span: spanOf(node),
    nameSpan: spanOf(childOf(node, 'id') ?? { type: '', range: [node.range[0], node.range[0]] }),
    calls: calledNames(code, scope.declared),
  };
  return [{ draft, node, fn: null }];
}
