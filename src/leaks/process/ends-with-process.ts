/**
 * Does the process end with what a function leaves open, so that the system releases it? It does with a function the process
 * starts with; with one that such functions alone call, once; and where all who call a function that fails fail as well,
 * until the process ends. What is left in each round of a loop adds up before.
 */
import type { OpenExit } from '../../engine/state.ts';
import type { BasicBlock, BlockId, IrFunction } from '../../ir/ir.ts';
import { reaches } from '../../ir/walk.ts';
import type { ProgramTest } from '../../models/conventions.ts';
import type { IndexedFile } from '../../project/project.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { failureOf } from '../../summaries/functions/failure.ts';
import { afterFailure } from './after-failure.ts';
import { declarationOf, type Call } from '../callers/callers.ts';
import { callsByTypeAbove, callsInScan, isImported } from '../callers/callers-in-scan.ts';
import { isProcessEntry } from './process-entries.ts';

/** Calls from the start of the process to what it leaves. */
const MOST_CALLS = 8;

/** What leaves a module while it is loaded is caught by nobody. */
export function failsToLoad({ fn }: Scope, exits: readonly OpenExit[]): boolean {
  return fn.kind === 'module' && exits.every(({ kind }) => kind === 'throw');
}

/**
 * `if __name__ == "__main__":`: what stands there runs in a process that was started for it, and ends with it. So does the code
 * of a file that nobody of the scan imports, where files are such as may be started: it runs once.
 */
export function isInProgram(demand: Demand, scope: Scope, at: BlockId): boolean {
  const { fn, world } = scope;
  const { programTest } = world.models.conventions;
  if (programTest === null || fn.kind !== 'module') return false;
  if (!isImported(demand, scope)) return true;
  const leadsThere = (from: BlockId): boolean => from === at || reaches(fn, from, at);
  return fn.blocks.some(
    (block) =>
      block.terminator.op === 'branch' &&
      isTested(fn, block, programTest) &&
      leadsThere(block.terminator.then) &&
      !leadsThere(block.terminator.else),
  );
}

/** A step on the way from the start of the process, taken once; or one after whose failure the process ends. */
export function isStepOfProcess(
  demand: Demand,
  scope: Scope,
  { family, resource }: Obligation,
  exits: readonly OpenExit[],
): boolean {
  if (scope.fn.kind === 'closure' || scope.fn.kind === 'module') return false;
  // What others wait for, or is not written before it is closed, the system does not end as it should be.
  const isEndedBySystem = family === 'resource' || family === 'listener';
  const completes = scope.world.models.resource(resource).completes;
  if (!isEndedBySystem || completes) return false;
  if (isTakenOnce(demand, scope)) return true;
  return exits.every(failing(scope)) && (isStart(scope) || endsByFailing(demand, scope, MOST_CALLS));
}

/** `@Bean Store store()`, `@PostConstruct void load()`: an application that cannot be set up does not start. */
function isStart(scope: Scope): boolean {
  const { singletons } = scope.world.models.conventions;
  const own = singletons === null ? null : declarationOf(scope);
  if (singletons === null || own === null || scope.world.isAnnotatedLike(own, singletons.unless)) return false;
  const { annotations, starts, makers } = singletons;
  return [annotations, starts, makers].some((one) => one !== null && scope.world.isAnnotatedLike(own, one));
}

function failing(scope: Scope): (exit: OpenExit) => boolean {
  const failure = failureOf(scope);
  return (exit) => exit.kind === 'throw' || failure?.ends(exit) === true;
}

/** Others may call what is not hidden from them, unless it is a part of a program. */
function isTakenOnce(demand: Demand, scope: Scope): boolean {
  const own = declarationOf(scope);
  if (own === null || !(own.isPrivate || isOfProgram(demand, scope))) return false;
  const calls = callsInScan(demand, scope);
  return calls.length > 0 && calls.every((one) => !one.isRepeated && isEntry(demand, one));
}

function endsByFailing(demand: Demand, scope: Scope, left: number): boolean {
  const own = left === 0 ? null : declarationOf(scope);
  if (own === null) return false;
  const direct = callsInScan(demand, scope);
  const calls = direct.length > 0 ? direct : callsByTypeAbove(demand, scope);
  // What a class has for others its own `main` only shows.
  const isShown =
    !own.isPrivate &&
    own.owner !== null &&
    calls.every((one) => one.scope.file === scope.file) &&
    !isProgram(demand, own.name, calls);
  return !isShown && calls.length > 0 && calls.every((one) => endsWhereItFails(demand, one, left));
}

/** `new Agent().run(args)`, in `main`: by its name it is what the program does. */
function isProgram(demand: Demand, name: string, calls: readonly Call[]): boolean {
  const { programMethods } = demand.world.models.conventions;
  return programMethods?.test(name) === true && calls.every((one) => isEntry(demand, one));
}

function endsWhereItFails(demand: Demand, one: Call, left: number): boolean {
  const outcomes = afterFailure(demand, one.scope, one.call, one.block);
  if (outcomes === null || outcomes.has('repeats')) return false;
  if (isEntry(demand, one)) return true;
  if (outcomes.has('returns')) return false;
  return !outcomes.has('fails') || isStep(one, () => endsByFailing(demand, one.scope, left - 1));
}

/** What a function made in another one does is done when whoever has it likes. */
function isStep({ scope: { fn } }: Call, compute: () => boolean): boolean {
  return fn.kind !== 'closure' && fn.kind !== 'module' && compute();
}

function isEntry(demand: Demand, { scope, caller }: Call): boolean {
  if (scope.fn.kind === 'module') return isOfProgram(demand, scope);
  // What `main` makes may run on its own, while `main` goes on.
  return isProcessEntry(demand, scope, scope.fn.kind === 'closure' ? scope.fn.name : caller);
}

/** A file that nobody of the scan imports, and that asks whether it is what was started: `if __name__ == "__main__":`. */
function isOfProgram(demand: Demand, scope: Scope): boolean {
  const { programTest } = scope.world.models.conventions;
  if (programTest === null) return false;
  return (
    !isImported(demand, scope) &&
    moduleCode(demand, scope.file).some(({ fn }) => fn.blocks.some((block) => isTested(fn, block, programTest)))
  );
}

function moduleCode(demand: Demand, file: IndexedFile): readonly Scope[] {
  const ofModule = file.index.declarations.filter(({ owner, kind }) => owner === null && kind === 'static-initializer');
  return ofModule.flatMap((one) => demand.body(file, one).slice(0, 1));
}

function isTested({ places }: IrFunction, { terminator }: BasicBlock, { name, value }: ProgramTest): boolean {
  if (terminator.op !== 'branch' || terminator.when === 'unknown' || terminator.when.test !== 'equals') return false;
  const { place, literal } = terminator.when;
  const tested = places[place];
  return tested?.kind === 'global' && tested.name === name && literal.kind === 'string' && literal.text === value;
}
