/**
 * What a file imports: ES modules, `import x = require()`, CommonJS `require` and dynamic `import()`, wherever they
 * stand. A variable that holds a module is an import, not a variable.
 */
import type { Habits } from '../habits.ts';
import type { Import } from '../language.ts';
import { docImports } from './doc-imports.ts';
import { assertions, bare, childOf, identifierName, memberName, nodesOf, textIn, valueIn, walk } from './nodes.ts';
import type { Node } from './nodes.ts';
import type { TypescriptFile } from './parse.ts';

/**
 * What `name.f()` means: a function of a module, a static method of a class, or a method of some object.
 * Told by habit: names in upper case are classes; packages export functions and namespaces, the project's own
 * modules may export an object, such as a connection pool.
 */
export type ImportedAs = 'module' | 'type' | 'value';

export interface FileImports {
  readonly imports: readonly Import[];
  readonly names: ReadonlyMap<string, ImportedAs>;
  /** Declarators that do nothing but import. */
  readonly declarators: ReadonlySet<Node>;
}

interface Collection {
  readonly path: string;
  readonly habits: Habits;
  readonly imports: Import[];
  readonly names: Map<string, ImportedAs>;
  readonly declarators: Set<Node>;
}

/** `src/db.ts` is the module `src/db`, and so is `src/db/index.ts`. */
export function moduleName(path: string): string {
  return path.replace(/(?:\.d)?\.[mc]?[jt]sx?$/, '').replace(/\/index$/, '');
}

export function readImports({ path, text, program }: TypescriptFile, habits: Habits): FileImports {
  const collection: Collection = { path, habits, imports: [], names: new Map(), declarators: new Set() };
  walk(program, (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
        readDeclaration(collection, node);
        return 'skip';
      case 'ExportNamedDeclaration':
        return readNamesHandedOn(collection, node);
      case 'ExportAllDeclaration':
        readModuleHandedOn(collection, node);
        return 'skip';
      case 'TSImportEqualsDeclaration':
        readImportEquals(collection, node);
        return 'skip';
      case 'VariableDeclarator':
        readDeclarator(collection, node);
        return 'inside';
      default:
        return 'inside';
    }
  });
  for (const { local, source, member } of docImports(path, text)) {
    const module = resolved(path, source);
    // What a comment imports names types alone, and gives way to what the code calls so.
    if (collection.names.has(local)) continue;
    collection.imports.push(
      member === null
        ? { local, target: module, kind: 'type' }
        : { local, target: `${module}.${member}`, kind: 'member' },
    );
  }
  return collection;
}

function readDeclaration(collection: Collection, node: Node): void {
  const source = specifierOf(childOf(node, 'source'));
  if (source === null) return;
  for (const specifier of nodesOf(node, 'specifiers')) {
    const local = identifierName(childOf(specifier, 'local'));
    if (local === null) continue;
    if (specifier.type === 'ImportNamespaceSpecifier') addModule(collection, local, source);
    else if (specifier.type === 'ImportDefaultSpecifier') addDefault(collection, local, source);
    else addMember(collection, local, source, memberName(childOf(specifier, 'imported'), false));
  }
}

/** `export { open as connect } from "./db"`: nothing is bound here, and whoever imports it finds it there. */
function readNamesHandedOn({ path, imports }: Collection, node: Node): 'skip' | 'inside' {
  const source = specifierOf(childOf(node, 'source'));
  if (source === null) return 'inside';
  for (const specifier of nodesOf(node, 'specifiers')) {
    const name = memberName(childOf(specifier, 'exported'), false);
    const member = memberName(childOf(specifier, 'local'), false);
    imports.push({ local: name, target: `${resolved(path, source)}.${member}`, kind: 'member' });
  }
  return 'skip';
}

/** `export * from "./db"`, `export * as db from "./db"` */
function readModuleHandedOn({ path, imports }: Collection, node: Node): void {
  const source = specifierOf(childOf(node, 'source'));
  if (source === null) return;
  const exported = childOf(node, 'exported');
  const target = resolved(path, source);
  if (exported === null) imports.push({ local: '*', target, kind: 'member' });
  else imports.push({ local: memberName(exported, false), target, kind: 'type' });
}

/** `import x = require("y")`; an alias of a namespace, `import x = a.b`, imports nothing. */
function readImportEquals(collection: Collection, node: Node): void {
  const reference = childOf(node, 'moduleReference');
  const source = reference?.type === 'TSExternalModuleReference' ? specifierOf(childOf(reference, 'expression')) : null;
  const local = identifierName(childOf(node, 'id'));
  if (source !== null && local !== null) addModule(collection, local, source);
}

function readDeclarator(collection: Collection, node: Node): void {
  const id = childOf(node, 'id');
  const init = childOf(node, 'init');
  if (id === null || init === null) return;
  const required = readRequired(init, collection.habits);
  if (required === null) return;
  const { source, member } = required;
  const local = identifierName(id);
  if (local !== null) {
    if (member === null) addModule(collection, local, source);
    else addMember(collection, local, source, member);
  } else if (id.type !== 'ObjectPattern' || !readPattern(collection, id, member === null ? source : null)) return;
  collection.declarators.add(node);
}

/** `const { a, b: c } = require("y")`; false if there is more to it than names. */
function readPattern(collection: Collection, pattern: Node, source: string | null): boolean {
  const properties = nodesOf(pattern, 'properties');
  const isSimple = properties.every(
    (property) => property.type === 'Property' && identifierName(childOf(property, 'value')) !== null,
  );
  if (!isSimple || source === null) return false;
  for (const property of properties) {
    const local = identifierName(childOf(property, 'value'));
    if (local !== null) addMember(collection, local, source, memberName(childOf(property, 'key'), false));
  }
  return true;
}

/** `require("y")`, `require("y").z`, `await import("y")`, and what compilers make of imports. */
function readRequired(written: Node, habits: Habits): { source: string; member: string | null } | null {
  let node = plain(written);
  let member: string | null = null;
  if (node.type === 'MemberExpression' && valueIn(node, 'computed') !== true) {
    member = memberName(childOf(node, 'property'), false);
    node = plain(childOf(node, 'object') ?? node);
  }
  if (node.type === 'AwaitExpression') {
    node = plain(childOf(node, 'argument') ?? node);
    if (node.type !== 'ImportExpression') return null;
  } else if (node.type === 'ImportExpression') return null;
  const source = node.type === 'ImportExpression' ? specifierOf(childOf(node, 'source')) : requiredBy(node, habits);
  return source === null ? null : { source, member };
}

function requiredBy(call: Node, habits: Habits): string | null {
  if (call.type !== 'CallExpression') return null;
  const [argument, ...others] = nodesOf(call, 'arguments');
  const callee = childOf(call, 'callee');
  if (argument === undefined || callee === null || others.length > 1) return null;
  const name = identifierName(callee) ?? identifierName(childOf(callee, 'property')) ?? '';
  if (habits.importWrappers?.test(name) === true) return requiredBy(plain(argument), habits);
  return identifierName(callee) === 'require' && others.length === 0 ? specifierOf(argument) : null;
}

function plain(node: Node): Node {
  let at = bare(node);
  while (assertions.has(at.type)) at = bare(childOf(at, 'expression') ?? { type: '', range: at.range });
  return at;
}

function specifierOf(literal: Node | null): string | null {
  const value = literal?.type === 'Literal' ? valueIn(literal, 'value') : null;
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A package is what it exports by default as well, since CommonJS has no other notion: `const knex = require("knex")`. */
function addModule(collection: Collection, local: string, source: string): void {
  const target = resolved(collection.path, source);
  collection.imports.push({ local, target, kind: 'type' });
  if (!isOwnModule(source)) collection.imports.push({ local, target: `${target}.default`, kind: 'member' });
  collection.names.set(local, 'module');
}

function addDefault(collection: Collection, local: string, source: string): void {
  if (isOwnModule(source)) addMember(collection, local, source, 'default');
  else addModule(collection, local, source);
}

/** A file of the project, by its path or by an alias for one. */
function isOwnModule(source: string): boolean {
  return /^(?:\.|~|#|@\/)/.test(source);
}

function addMember(collection: Collection, local: string, source: string, member: string): void {
  collection.imports.push({ local, target: `${resolved(collection.path, source)}.${member}`, kind: 'member' });
  const isClass = /^[A-Z]/.test(local) && !/^[A-Z][A-Z0-9_$]+$/.test(local);
  const isOwn = isOwnModule(source);
  collection.names.set(
    local,
    isOwn ? (isClass ? 'type' : 'value') : isClass && member !== 'default' ? 'type' : 'module',
  );
}

/** `./db` in `src/a.ts` is `src/db`, and so is `./db/index.js`; `node:fs` is `fs`. */
function resolved(path: string, source: string): string {
  if (!source.startsWith('.')) return source.replace(/^node:/, '');
  const steps = path.split('/').slice(0, -1);
  for (const step of source.split('/')) {
    if (step === '.' || step === '') continue;
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else steps.push(step);
  }
  return steps.length === 0 ? 'index' : moduleName(steps.join('/'));
}

/** `export default open`, `export { open as connect }`: what others get when they import that name. */
export function exportAlias(path: string, exported: Node | null, local = 'default'): Import | null {
  const name = exported === null ? null : textIn(exported, 'name');
  return name === null || name === '' || name === local
    ? null
    : { local, target: `${moduleName(path)}.${name}`, kind: 'member' };
}

/** `module.exports = { pool: require("./db"), open: require("./db").open, connect: open }`: one of these. */
export function partHandedOut(path: string, name: string, value: Node, habits: Habits): Import | null {
  const required = readRequired(value, habits);
  if (required === null) return exportAlias(path, value.type === 'Identifier' ? value : null, name);
  const { source, member } = required;
  const target = resolved(path, source);
  return member === null
    ? { local: name, target, kind: 'type' }
    : { local: name, target: `${target}.${member}`, kind: 'member' };
}

/** `module.exports = { ...require("./db") }` */
export function allHandedOut(path: string, spread: Node, habits: Habits): Import | null {
  const required = readRequired(spread, habits);
  if (required?.member !== null) return null;
  return { local: '*', target: resolved(path, required.source), kind: 'member' };
}
