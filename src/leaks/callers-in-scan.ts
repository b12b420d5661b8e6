/**
 * Where a function is called, in all files of the scan but those of tests. That nobody of the scan but these calls it is no
 * proof for what a library offers to others; for a program it is all there is.
 */
import type { BlockId, CallInstruction } from '../ir/ir.ts';
import { callsOf, reaches } from '../ir/operands.ts';
import type { Declaration } from '../languages/language.ts';
import type { Scope } from '../resolve/scope.ts';
import { simpleName } from '../resolve/type-names.ts';
import { calleeLabel } from '../summaries/call-names.ts';
import type { Demand } from '../summaries/demand.ts';
import { declarationOf, functionsMentioned, mayCall, mayMean } from './private-callers.ts';

type IndexedFile = Scope['file'];
type Conventions = Scope['world']['models']['conventions'];

/** A name that more files have says too little of who is called. */
const MOST_FILES = 48;
/** Functions that call one of the name: looking at more costs too much. */
const MOST_CALLERS = 64;

export interface CallInScan {
  readonly scope: Scope;
  /** The function it is in, by name. */
  readonly caller: string;
  readonly call: CallInstruction;
  readonly block: BlockId;
  /** In a loop. */
  readonly isRepeated: boolean;
}

const known = new WeakMap<Demand, Map<Declaration, readonly CallInScan[]>>();

/** Empty: nobody calls it, or nobody can tell who does: it is handed to somebody, runs on its own, or its name is too common. */
export function callsInScan(demand: Demand, scope: Scope): readonly CallInScan[] {
  const own = declarationOf(scope);
  if (own === null) return [];
  const ofDemand = known.get(demand) ?? new Map<Declaration, readonly CallInScan[]>();
  known.set(demand, ofDemand);
  let calls = ofDemand.get(own);
  if (calls === undefined) {
    calls = find(demand, scope, own) ?? [];
    ofDemand.set(own, calls);
  }
  return calls;
}

function find(demand: Demand, scope: Scope, own: Declaration): readonly CallInScan[] | null {
  const files = filesOfCallers(demand, scope, own);
  if (files === null) return null;
  const callers = files.flatMap((file) =>
    file.index.declarations.filter((one) => mayCall(one, own)).map((one) => ({ file, one })),
  );
  if (callers.length > MOST_CALLERS) {
    demand.noteLimit('callers of a function');
    return null;
  }
  if (files.some((file) => isHandedOn(demand, file, own))) return null;
  const found: CallInScan[] = [];
  for (const { file, one } of callers) {
    for (const inner of demand.body(file, one)) {
      for (const call of callsWithin(inner, own)) {
        if (call === 'spawned') return null;
        found.push({ ...call, caller: one.name });
      }
    }
  }
  return found;
}

/** The files that may call it; null: too many, or nobody calls it by name. */
function filesOfCallers(demand: Demand, scope: Scope, own: Declaration): readonly IndexedFile[] | null {
  const { file, world } = scope;
  if (own.kind !== 'function' && own.kind !== 'method') return null;
  const { project, models, isTyped } = world;
  const isOfTests = (path: string): boolean => models.conventions.testPaths?.test(path) === true;
  const beside = project.othersMentioning(file, own.name).filter(({ path }) => !isOfTests(path));
  if (own.isPrivate) return [file, ...beside];
  const home = homeOf(file, own, models.conventions);
  // Where names are imported one by one, others may have it from a file that has it from here, if there is one.
  const words = isTyped && home !== null ? [own.name, home] : [own.name];
  const named = isTyped || own.owner !== null || isImported(demand, scope) ? project.filesWith(words) : [];
  const paths = new Set([...beside.map(({ path }) => path), ...named.filter((path) => !isOfTests(path))]);
  paths.delete(file.path);
  if (paths.size > MOST_FILES) {
    demand.noteLimit('files that may call a function');
    return null;
  }
  return [file, ...[...paths].flatMap((path) => project.file(path) ?? [])];
}

/** May another file, none of tests, import what this one has? It does so by a name that it mentions. */
export function isImported(demand: Demand, { file, world: { project, models } }: Scope): boolean {
  const home = nameOf(file, models.conventions);
  if (home === null) return true;
  const mentioning = project.filesWith([home]);
  const others = mentioning.filter((path) => path !== file.path && models.conventions.testPaths?.test(path) !== true);
  if (others.length > MOST_FILES) {
    demand.noteLimit('files that may import a file');
    return true;
  }
  return others.flatMap((path) => project.file(path) ?? []).some((other) => project.imports(other, file));
}

/** What those who call it have to name as well: its type, or what its file is imported by; null: nothing. */
function homeOf(file: IndexedFile, { owner, isStatic }: Declaration, conventions: Conventions): string | null {
  if (owner !== null) return isStatic ? simpleName(owner) : null;
  return nameOf(file, conventions);
}

/** The last part of the name that others import the file by, or its package; null: there is none to tell them by. */
function nameOf({ index, path }: IndexedFile, { folderModules }: Conventions): string | null {
  const name = index.package.slice(Math.max(index.package.lastIndexOf('/'), index.package.lastIndexOf('.')) + 1);
  const isFolder = path.includes(`${name}/`);
  const isUntold = !/^[\w$]+$/.test(name) || folderModules?.test(name) === true;
  return isUntold || (isFolder && path.includes(`/${name}.`)) ? null : name;
}

type Found = Omit<CallInScan, 'caller'>;

function callsWithin(scope: Scope, own: Declaration): readonly (Found | 'spawned')[] {
  return scope.fn.blocks.flatMap(({ id, instructions }) =>
    instructions.flatMap((one): (Found | 'spawned')[] => {
      const call = one.op === 'spawn' ? one.call : one;
      if (call.op !== 'call' || calleeLabel(call) !== own.name || !mayMean(scope, call, own)) return [];
      return one.op === 'spawn' ? ['spawned'] : [{ scope, call, block: id, isRepeated: reaches(scope.fn, id, id) }];
    }),
  );
}

/** `every(second, poll)`: somebody has the function itself, and calls it when they like. */
function isHandedOn(demand: Demand, file: IndexedFile, own: Declaration): boolean {
  const member = `.${own.name}`;
  const isMeant = (name: string): boolean => name === member || (own.owner === null && name === own.name);
  return demand.world.project
    .declarationsNaming(file, own.name)
    .some((one) =>
      demand.body(file, one).some((scope) => functionsMentioned(scope).some(isMeant) && !isOnlyDescribed(scope, own)),
    );
}

/** `wire.NewSet(provideOrders)`: a tool reads that, and writes the calls, which are in the scan. */
function isOnlyDescribed({ fn, world }: Scope, { name }: Declaration): boolean {
  const { describedBy } = world.models.conventions;
  if (describedBy === null) return false;
  return callsOf(fn).some(
    ({ callee, args }) =>
      callee.kind === 'function' &&
      describedBy.test(`${callee.scope ?? ''}.${callee.name}`) &&
      args.some(({ value }) => {
        const place = value.kind === 'place' ? fn.places[value.place] : undefined;
        return place?.kind === 'global' && place.name.slice(place.name.lastIndexOf('.') + 1) === name;
      }),
  );
}
