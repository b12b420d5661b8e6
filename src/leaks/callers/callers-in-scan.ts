/**
 * Where a function is called, in all files of the scan but those of tests. That nobody of the scan but these calls it is no
 * proof for what a library offers to others; for a program it is all there is.
 */
import type { Declaration } from '../../languages/language.ts';
import type { Conventions } from '../../models/conventions.ts';
import type { IndexedFile } from '../../project/project.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase, simpleName } from '../../resolve/type-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import { callersIn, callsBy, declarationOf, isHandedOn, type Call } from './callers.ts';

/** A name that more files have says too little of who is called. */
const MOST_FILES = 48;
/** Functions that call one of the name: looking at more costs too much. */
const MOST_CALLERS = 64;

const known = new WeakMap<Demand, Map<Declaration, readonly Call[]>>();

/** Empty: nobody calls it, or nobody can tell who does: it is handed to somebody, runs on its own, or its name is too common. */
export function callsInScan(demand: Demand, scope: Scope): readonly Call[] {
  const own = declarationOf(scope);
  if (own === null) return [];
  const ofDemand = known.get(demand) ?? new Map<Declaration, readonly Call[]>();
  known.set(demand, ofDemand);
  let calls = ofDemand.get(own);
  if (calls === undefined) {
    calls = find(demand, scope, own) ?? [];
    ofDemand.set(own, calls);
  }
  return calls;
}

function find(demand: Demand, scope: Scope, own: Declaration): readonly Call[] | null {
  const files = filesOfCallers(demand, scope, own);
  const made = files === null ? null : callsIn(demand, files, own);
  if (files === null || made === null || files.some((file) => isHandedOn(demand, file, own))) return null;
  const calls = made.filter((one) => !isOfOthers(one, scope.ownerType));
  return calls.some(({ isSpawned }) => isSpawned) ? null : calls;
}

/** null: more functions than can be looked at call one of the name. */
function callsIn(demand: Demand, files: readonly IndexedFile[], own: Declaration): readonly Call[] | null {
  const callers = callersIn(files, own);
  if (callers.length <= MOST_CALLERS) return callers.flatMap((caller) => callsBy(demand, caller, own));
  demand.noteLimit('callers of a function');
  return null;
}

/** null: the name is too common for them to be looked at. */
function filesAt(
  demand: Demand,
  { world: { project } }: Scope,
  paths: ReadonlySet<string>,
): readonly IndexedFile[] | null {
  if (paths.size <= MOST_FILES) return [...paths].flatMap((path) => project.file(path) ?? []);
  demand.noteLimit('files that may call a function');
  return null;
}

/**
 * `((Tool) tools.get(name)).run(args)`, where `run` is too common a name to ask who calls it: those that call it by a type of the
 * scan above its own, which they have to name.
 */
export function callsByTypeAbove(demand: Demand, scope: Scope): readonly Call[] {
  const { world } = scope;
  const own = declarationOf(scope);
  const above = own === null ? [] : typesAbove(scope, own);
  if (own === null || above.length === 0) return [];
  const isApart = isTestOrExample(world.models.conventions);
  const paths = new Set(
    above.map(simpleName).flatMap((type) => world.project.filesWith([own.name, type]).filter((path) => !isApart(path))),
  );
  const files = filesAt(demand, scope, paths);
  const calls = files === null ? null : callsIn(demand, files, own);
  return (calls ?? []).filter(({ scope: calling, call }) =>
    above.includes(erase(calling.resolved(call).ownerType ?? '')),
  );
}

/** Types of the scan above its own that declare the method. */
export function typesAbove({ world, ownerType }: Scope, own: Declaration): readonly string[] {
  if (own.kind !== 'method' || own.isStatic || own.isPrivate || ownerType === null) return [];
  const above = world.ancestors(ownerType).slice(1).map(erase);
  return above.filter((type) => {
    const found = world.project.type(type);
    return found?.file.index.declarations.some(
      ({ owner, name, params }) =>
        owner === found.shape.name && name === own.name && params.length === own.params.length,
    );
  });
}

/** Made on a type of the scan that leaves the method to others than this one. */
function isOfOthers({ scope, call }: Call, home: string | null): boolean {
  const { declarations, signature, ownerType } = scope.resolved(call);
  if (home === null || ownerType === null || declarations.length > 0 || signature === null) return false;
  const { world } = scope;
  return world.isSubtype(home, erase(ownerType)) === false && world.isSubtype(erase(ownerType), home) === false;
}

/** The files that may call it; null: too many, or nobody calls it by name. */
function filesOfCallers(demand: Demand, scope: Scope, own: Declaration): readonly IndexedFile[] | null {
  const { file, world } = scope;
  if (own.kind !== 'function' && own.kind !== 'method') return null;
  const { project, models, isTyped } = world;
  const isApart = isTestOrExample(models.conventions);
  const beside = project.othersMentioning(file, own.name).filter(({ path }) => !isApart(path));
  if (own.isPrivate) return [file, ...beside];
  // Where names are imported one by one, others may have it from a file that has it from here, if there is one.
  const home = isTyped ? homeOf(file, own, models.conventions) : null;
  const words = home === null ? [own.name] : [own.name, home];
  const named = isTyped || own.owner !== null || isImported(demand, scope) ? project.filesWith(words) : [];
  const paths = new Set([...beside.map(({ path }) => path), ...named.filter((path) => !isApart(path))]);
  paths.delete(file.path);
  const others = filesAt(demand, scope, paths);
  return others === null ? null : [file, ...others];
}

/** They call what they show or try, which says nothing of the others. */
export function isTestOrExample({ testPaths, examplePaths }: Conventions): (path: string) => boolean {
  return (path) => testPaths?.test(path) === true || examplePaths?.test(path) === true;
}

/** May another file, none of tests, import what this one has? It does so by a name that it mentions. */
export function isImported(demand: Demand, { file, world: { project, models } }: Scope): boolean {
  const home = nameOf(file, models.conventions);
  if (home === null) return true;
  const mentioning = project.filesWith(home.split('-'));
  const isApart = isTestOrExample(models.conventions);
  const others = mentioning.filter((path) => path !== file.path && !isApart(path));
  if (others.length > MOST_FILES) {
    demand.noteLimit('files that may import a file');
    return true;
  }
  return others.flatMap((path) => project.file(path) ?? []).some((other) => project.imports(other, file));
}

/** What those who call it have to name as well: its type, or what its file is imported by; null: nothing. */
function homeOf(file: IndexedFile, { owner, isStatic }: Declaration, conventions: Conventions): string | null {
  if (owner !== null) return isStatic ? simpleName(owner) : null;
  const name = packageName(file, conventions);
  return name?.includes('-') === true ? null : name;
}

/** The last part of the name that others import the file by, or its package, which may be words, `export-orders`; null: there is none to tell them by. */
function nameOf(file: IndexedFile, conventions: Conventions): string | null {
  const name = packageName(file, conventions);
  // `orders/orders.py`: others import the folder.
  const isFolders = name !== null && file.path.includes(`${name}/`) && file.path.includes(`/${name}.`);
  return isFolders ? null : name;
}

function packageName({ index }: IndexedFile, { folderModules }: Conventions): string | null {
  const name = index.package.slice(Math.max(index.package.lastIndexOf('/'), index.package.lastIndexOf('.')) + 1);
  return !/^[\w$]+(?:-[\w$]+)*$/.test(name) || folderModules?.test(name) === true ? null : name;
}
