/**
 * What TypeScript's checker says of calls, in the names that rules and declarations go by: `pg.PoolClient`, `src/db.Pool`.
 * It is asked by position, so it does not matter who parsed the text. What it does not say, or says in a way that has
 * no name, stays unknown.
 *
 * A linter's program may have been made by another version of the compiler than ours, with other numbers for kinds of
 * nodes: they are told apart by what they have.
 */
import { relative, resolve, sep } from 'node:path';
import type ts from 'typescript';
import type { Span, TypeHint } from '../../ir/ir.ts';
import type { CallTypes } from '../language.ts';
import { moduleName } from './imports.ts';

/** The program a file is part of; null: none. */
export type ProgramOf = (absolute: string) => ts.Program | null;

/** `root`: what paths of files are relative to. */
export function checkedTypes(root: string, programOf: ProgramOf): CallTypes {
  const nameAt = (path: string, span: Span, select: (call: ts.Node) => ts.Node | null): TypeHint | null => {
    const absolute = resolve(root, path);
    const program = programOf(absolute);
    const file = program?.getSourceFile(absolute);
    const call = file === undefined ? null : callIn(file, span);
    const node = call === null ? null : select(call);
    if (program === null || node === null) return null;
    const checker = program.getTypeChecker();
    return typeName(root, checker, checker.getTypeAtLocation(node));
  };
  return {
    resultOf: (path, span) => nameAt(path, span, (call) => call),
    receiverOf: (path, span) => nameAt(path, span, receiverIn),
  };
}

/** A call, a construction or a tagged template. */
function callIn(file: ts.SourceFile, { start, end }: Span): ts.Node | null {
  for (let at: ts.Node | undefined = file; at !== undefined;) {
    const isCall = 'arguments' in at || 'template' in at;
    if (isCall && at.getEnd() === end && at.getStart(file) === start) return at;
    at = at.forEachChild((child) => (child.getFullStart() <= start && child.getEnd() >= end ? child : undefined));
  }
  return null;
}

/** `a.b` of `a.b.c()`: the first part of what is called, if that is a member of something. */
function receiverIn(call: ts.Node): ts.Node | null {
  const callee = call.forEachChild((child) => child);
  const isMember =
    callee !== undefined && 'expression' in callee && ('name' in callee || 'argumentExpression' in callee);
  return isMember ? (callee.forEachChild((child) => child) ?? null) : null;
}

/** Of a class, an interface, or a plain value; what a promise stands for. */
function typeName(root: string, checker: ts.TypeChecker, given: ts.Type): TypeHint | null {
  const type = checker.getNonNullableType(checker.getAwaitedType(given) ?? given);
  const text = checker.typeToString(type);
  if (/^(?:string|number|boolean|bigint|symbol)$/.test(text)) return text;
  const declaration = isInstance(type) ? type.getSymbol()?.declarations?.[0] : undefined;
  return declaration === undefined ? null : declaredName(root, checker, declaration);
}

/** Not the class itself, nor what has no name. */
function isInstance(type: ts.Type): boolean {
  return type.isClassOrInterface() || ('target' in type && isType(type.target) && type.target.isClassOrInterface());
}

function isType(value: unknown): value is ts.Type {
  return typeof value === 'object' && value !== null && 'isClassOrInterface' in value;
}

/** The module it is declared in, the namespaces, its own name. */
function declaredName(root: string, checker: ts.TypeChecker, declaration: ts.Declaration): TypeHint | null {
  const file = declaration.getSourceFile();
  const names: string[] = [];
  let home: string | null = null;
  for (let at: ts.Node = declaration; at !== file; at = at.parent) {
    const name = nameOf(at);
    if (name === null) continue;
    if (name.isQuoted) home = name.text;
    else if (name.text !== 'global') names.unshift(name.text);
  }
  if (names.length === 0) return null;
  const isModule = checker.getSymbolAtLocation(file) !== undefined;
  home ??= isModule ? moduleOf(root, file.fileName) : null;
  return home === null ? names.join('.') : `${home.replace(/^node:/, '')}.${names.join('.')}`;
}

/** `declare module "fs" { … }` has its name in quotes. */
function nameOf(node: ts.Node): { text: string; isQuoted: boolean } | null {
  const name: unknown = 'name' in node ? node.name : null;
  if (typeof name !== 'object' || name === null || !('text' in name) || typeof name.text !== 'string') return null;
  return { text: name.text, isQuoted: !('escapedText' in name) };
}

/** A package by its name, also where its types come from another; a file of the project by its path. */
function moduleOf(root: string, file: string): string {
  const inPackages = file.lastIndexOf('/node_modules/');
  if (inPackages < 0) return moduleName(relative(root, file).split(sep).join('/'));
  const [first = '', second = ''] = file.slice(inPackages + '/node_modules/'.length).split('/');
  if (first === '@types') return second.includes('__') ? `@${second.replace('__', '/')}` : second;
  return first.startsWith('@') ? `${first}/${second}` : first;
}
