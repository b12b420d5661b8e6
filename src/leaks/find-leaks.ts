/** Simulates every obligation of one function and keeps the exits on which nobody else took over. */
import { GENERIC_RESOURCE } from '../effects/effect.ts';
import { functionFacts } from '../engine/function-facts.ts';
import {
  acquiredBy,
  blockBeforeCleanup,
  evidenceRank,
  stateFrom,
  type OpenExit,
  type TraceEvent,
} from '../engine/state.ts';
import { simulate, type Simulation } from '../engine/simulate.ts';
import { isAtLeastAsSure } from '../ir/ir.ts';
import { blocksLeadingTo, reaches } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from '../summaries/demand.ts';
import { isHeldByOwnField } from '../summaries/obligations/held-by-own-field.ts';
import { hadEndedBefore } from './owners/already-ended.ts';
import { endsByItself } from './ends-by-itself.ts';
import { livesWithProcess } from './process/lives-with-process.ts';
import { endsWithGiven } from './owners/ends-with-given.ts';
import { failsToLoad, isInProgram, isStepOfProcess } from './process/ends-with-process.ts';
import { isProcessEntry } from './process/process-entries.ts';
import { isExpectedToFail } from './process/expected-failure.ts';
import { givenToCallback, leftByCallback } from './given-to-callback.ts';
import { withoutNotStarted } from './not-started.ts';
import { addsUp, isDeferredInLoop, isInSlot } from './loops.ts';
import { endForgets } from './owners/forgotten-fields.ts';
import { inNoField, ownExits, type OwnExits } from './own-exits.ts';
import { leftByErrbacks } from './left-by-errback.ts';
import { leftBySettlers } from './left-by-settler.ts';
import { leftByTasks } from './left-by-task.ts';
import { leftInVain } from './left-in-vain.ts';
import { leftOnMounting } from './left-on-mounting.ts';
import { withoutLeftToGiven } from './owners/left-to-given.ts';
import { isMadeByCallers } from './owners/made-by-callers.ts';
import { isMadeWithGiven } from './owners/made-with-given.ts';
import { releasedAbove } from './owners/unseen-releases.ts';
import { obligations, type Obligation } from '../summaries/obligations/obligations.ts';
import { outlivesItsEnd } from './watchdogs.ts';
import { withoutCleared } from './cleared.ts';
import { withoutDisowned } from './disowned.ts';
import { withoutKept } from './kept-on-success.ts';
import { ownerDuties } from './owners/owner-duties.ts';

export interface Leak {
  readonly obligation: Obligation;
  readonly exits: readonly OpenExit[];
  readonly unreleasedField: string | null;
  /** The method that ends the owner's life, where others of the class release the field and it does not. */
  readonly forgottenIn: string | null;
  /** Each round of a loop leaves one behind, of a kind that a few of do no harm. */
  readonly addsUp: boolean;
  /** On some path it is returned, kept in a field, or given to an owner. */
  readonly isTransferred: boolean;
  readonly mayBeKept: boolean;
  /** Exits that ways on which it is not open end in, too. */
  readonly shared: ReadonlySet<OpenExit>;
  /** The function is where a process starts: what it leaves open ends with it. */
  readonly endsWithProcess: boolean;
  /** No method of the file that ends a life releases any field, or a superclass that nobody knows may release it. */
  readonly ownerReleasesNothing: boolean;
  /** A timer that is soon over, or is left on purpose to end what failed. */
  readonly endsByItself: boolean;
  /** All exits are exceptions that fail a test. */
  readonly failsTest: boolean;
  /** A timer that is to end something, whose end the function hears of. */
  readonly outlivesItsEnd: boolean;
}

export interface FunctionLeaks {
  readonly leaks: readonly Leak[];
  /** Made and released here, though meant to be made once. */
  readonly perCall: readonly Obligation[];
  /** Acquired in every round of a loop, released when the function ends. */
  readonly deferredInLoop: readonly Obligation[];
  /** It hands out something it acquired. */
  readonly returnsAcquired: boolean;
  readonly simulated: number;
}

const nothingFollowed = { settled: [], open: [] };

export function findLeaks(demand: Demand, scope: Scope, functionName: string): FunctionLeaks {
  const leaks: Leak[] = [];
  const perCall: Obligation[] = [];
  const deferredInLoop: Obligation[] = [];
  let simulated = 0;
  let returnsAcquired = false;
  const isProcess = isProcessEntry(demand, scope, functionName);
  const leakOf = (
    obligation: Obligation,
    own: OwnExits,
    { settled, open }: Pick<Simulation, 'settled' | 'open'> = nothingFollowed,
  ): Leak => {
    const { exits } = own;
    const isKept = open.some((exit) => exit.fields.length > 0 && !exits.includes(exit));
    // What is lost in each turn of a loop adds up before the process ends; what is open where the function returns is one. Of
    // an exception nobody knows whether the next turn comes after it.
    const isLostOnTheWay = exits.some(({ kind }) => kind !== 'return');
    const isRepeated = isLostOnTheWay && reaches(scope.fn, obligation.seed.block, obligation.seed.block);
    // A framework makes the next object and leaves this one's behind, whatever else its class does.
    const isAdding = addsUp(scope, obligation, exits);
    const shared = new Set(exits.filter((exit) => isSharedExit(scope, obligation, exit, { settled, open })));
    return {
      obligation: toldOf(obligation, exits, shared),
      ...own,
      addsUp: isAdding,
      isTransferred:
        isKept || settled.some(({ settlement: { kind } }) => kind === 'returned' || kind === 'transferred'),
      shared,
      mayBeKept: settled.some(({ settlement: { kind } }) => kind === 'escaped'),
      // Used up inline it is a note about the expression, wherever that stands.
      endsWithProcess:
        !isRepeated &&
        obligation.family !== 'inline' &&
        (isProcess ||
          isDroppedOnLoading(scope, obligation) ||
          failsToLoad(scope, exits) ||
          isInProgram(demand, scope, obligation.seed.block) ||
          livesWithProcess(demand, scope, obligation) ||
          (isLikely(exits) && isStepOfProcess(demand, scope, obligation, exits))),
      ownerReleasesNothing: !isAdding && ownerReleasesNothing(demand, scope, obligation, own),
      endsByItself: endsByItself(demand, scope, obligation, exits, own.unreleasedField),
      failsTest: failsTest(scope, exits),
      outlivesItsEnd: outlivesItsEnd(demand, scope, obligation),
    };
  };
  for (const obligation of obligations(demand, scope, 'file')) {
    if (isExpectedToFail(scope.fn, obligation.call, obligation.seed.block)) continue;
    // `session.beginTransaction();` is ended through what it was begun on.
    if (obligation.family === 'transaction' && obligation.variable === null && !obligation.hasSiblingRelease) continue;
    simulated++;
    if (obligation.seed.places.length === 0) {
      leaks.push(leakOf(obligation, inNoField([droppedAtOnce(obligation)])));
      continue;
    }
    if (obligation.isReleasedElsewhere) {
      const exits = leftBySettlers(demand, scope, obligation);
      if (exits.length > 0) leaks.push(leakOf(obligation, inNoField(exits)));
      continue;
    }
    let isWaiting = false;
    const simulation = simulate(scope.fn, demand.context(scope), obligation.seed, (block, state) => {
      isWaiting ||= block === obligation.seed.block && isInSlot(scope.fn, state.store);
    });
    if (simulation.settled.some(({ settlement }) => settlement.kind === 'returned')) returnsAcquired = true;
    const kept = withoutDisowned(demand, scope, obligation, withoutKept(demand, scope, obligation, simulation));
    const started = withoutNotStarted(demand, scope, obligation, kept);
    const cleared = withoutCleared(demand, scope, obligation, started);
    const open = withoutLeftToGiven(demand, scope, obligation, cleared);
    const lost = ownExits(demand, scope, functionName, obligation, [
      ...open,
      ...leftToOwnConstructor(scope, simulation),
    ]);
    const bySettlers = isHandedOn(simulation) ? leftBySettlers(demand, scope, obligation) : [];
    const exits = strongestFirst([
      ...lost.exits,
      ...bySettlers,
      ...leftByTasks(demand, scope, obligation, simulation.settled),
      ...leftByErrbacks(demand, scope, obligation, simulation.settled),
      ...leftOnMounting(demand, scope, obligation),
      ...(lost.exits.length > 0 ? [] : leftInVain(demand, scope, obligation)),
    ]);
    const own = { ...lost, exits };
    const isLeak =
      exits.length > 0 &&
      !endsWithGiven(demand, scope, obligation, exits) &&
      !isHeldByOwnField(demand, scope, obligation) &&
      !isMadeWithGiven(demand, scope, obligation) &&
      !isMadeByCallers(demand, scope, obligation);
    if (isLeak) leaks.push(leakOf(obligation, own, simulation));
    else if (exits.length === 0 && !isProcess && isMadePerCall(scope, obligation, simulation)) perCall.push(obligation);
    if (exits.length === 0 && isDeferredInLoop(demand, scope, obligation, simulation, isWaiting))
      deferredInLoop.push(obligation);
  }
  for (const obligation of givenToCallback(demand, scope)) {
    simulated++;
    if (obligation.seed.places.length === 0) {
      leaks.push(leakOf(obligation, inNoField([droppedAtOnce(obligation)])));
      continue;
    }
    const simulation = simulate(scope.fn, demand.context(scope), obligation.seed);
    const exits = [
      ...leftByCallback(demand, scope, simulation.open),
      ...leftByErrbacks(demand, scope, obligation, simulation.settled),
    ];
    if (exits.length > 0) leaks.push(leakOf(obligation, inNoField(exits), simulation));
  }
  // Several in a row are one mistake: the first says it.
  for (const obligation of ownerDuties(demand, scope, functionName)) {
    simulated++;
    const { open } = simulate(scope.fn, demand.context(scope), obligation.seed);
    // Where the method may end well without releasing it, it is not always its to release.
    const isLeftWell = open.some(
      (exit) => exit.kind === 'return' && exit.state.weakest === null && !hadEndedBefore(scope.fn, exit),
    );
    if (isLeftWell) continue;
    const exits = open.filter(isAnnounced);
    if (exits.length === 0) continue;
    leaks.push(leakOf(obligation, inNoField(exits)));
    break;
  }
  return { leaks, perCall, deferredInLoop, returnsAcquired, simulated };
}

/** What a failing test leaves open is gone with its run, and the failure is what somebody looks at. */
function failsTest({ file, world }: Scope, exits: readonly OpenExit[]): boolean {
  const { testPaths } = world.models.conventions;
  if (testPaths?.test(file.path) !== true) return false;
  return exits.every(({ kind, state }) => kind === 'throw' && state.weakest !== null);
}

/** `this(Executors.newSingleThreadExecutor());`: another constructor puts it in a field of this object. */
function leftToOwnConstructor({ fn }: Scope, { settled }: Simulation): readonly OpenExit[] {
  if (fn.kind !== 'constructor') return [];
  return settled.flatMap(({ settlement, by, state }): readonly OpenExit[] => {
    if (settlement.kind !== 'transferred' || settlement.isOwn !== true || settlement.field === null) return [];
    if (by?.callee.kind !== 'delegate' || state.weakest !== null) return [];
    return [{ kind: 'return', span: by.span, fields: [settlement.field], state }];
  });
}

function ownerReleasesNothing(
  demand: Demand,
  scope: Scope,
  { isPresumed, resource }: Obligation,
  { unreleasedField, forgottenIn }: OwnExits,
): boolean {
  if (forgottenIn !== null) return false;
  if (unreleasedField === null) return false;
  if (releasedAbove(demand, scope, unreleasedField) === 'unknown') return true;
  const { file, ownerType, world } = scope;
  const type = ownerType === null ? null : world.project.type(ownerType);
  if (type !== null && demand.classes.ends(type).some((end) => demand.fieldReleases.areIn(end))) return false;
  // An end that no type declares is that of a class without a name.
  const declared = new Set(file.index.declarations.map(({ name }) => name));
  const releasing = [...demand.fieldReleases.of(file).values()].flatMap((functions) => [...functions]);
  if (releasing.some((name) => !declared.has(name) && world.endsLife(file.index, name))) return false;
  return isPresumed || resource === GENERIC_RESOURCE || !endForgets(demand, scope, unreleasedField);
}

/** `new Map({ target: 'map' });` as a statement of a module: there is one, for as long as the page. */
function isDroppedOnLoading({ fn }: Scope, { call, variable, seed }: Obligation): boolean {
  if (fn.kind !== 'module' || call.callee.kind !== 'construct') return false;
  return variable === null && !reaches(fn, seed.block, seed.block);
}

/** Of what nobody is told anyway it costs too much to ask who calls the function. */
function isLikely(exits: readonly OpenExit[]): boolean {
  return exits.some(({ state: { weakest } }) => weakest === null || isAtLeastAsSure(weakest, 'likely'));
}

function strongestFirst(exits: readonly OpenExit[]): readonly OpenExit[] {
  return [...exits].sort((a, b) => evidenceRank(b.state.weakest) - evidenceRank(a.state.weakest));
}

/** What the function releases itself is not left to functions it hands on. */
function isHandedOn({ settled }: Simulation): boolean {
  return settled.every(({ settlement: { kind } }) => kind === 'escaped' || kind === 'transferred');
}

/** Do ways on which it is released, or somebody else's, end there too? Going round to where it is acquired once more does not count. */
function isSharedExit(
  { fn }: Scope,
  { seed }: Obligation,
  exit: OpenExit,
  { settled, open }: Pick<Simulation, 'settled' | 'open'>,
): boolean {
  const end = blockBeforeCleanup(functionFacts(fn), exit.state.path);
  if (exit.kind !== 'return' || end === null) return false;
  const isKept = open.some(
    ({ kind, span, fields }) => kind === 'return' && span.start === exit.span.start && fields.length > 0,
  );
  if (isKept && exit.fields.length === 0) return true;
  const leading = blocksLeadingTo(functionFacts(fn).predecessors, end, seed.block);
  return settled.some(
    ({ settlement: { kind }, state: { path } }) =>
      kind !== 'halted' && kind !== 'returned' && path !== null && path.block !== seed.block && leading.has(path.block),
  );
}

/**
 * What others of the file do is a hint, and an exception nobody announces another: the two together are too little. So is
 * that what a getter gives is closed in a branch, `if (isOver) panel.close()`: it may stay open as it was before.
 */
function toldOf(obligation: Obligation, exits: readonly OpenExit[], shared: ReadonlySet<OpenExit>): Obligation {
  const isSure = ({ state: { weakest } }: OpenExit): boolean =>
    weakest === null || weakest === 'declared' || weakest === 'explicit';
  const isGuess = obligation.isToldElsewhere && !exits.some(isSure);
  const isInBranch = [...shared].some(({ state: { weakest } }) => weakest === null);
  const isOrder = obligation.mayBeKeptElsewhere && !obligation.isToldElsewhere && isInBranch;
  return isOrder || isGuess ? { ...obligation, hasSiblingRelease: false } : obligation;
}

/** A call failed. A guard that throws because the object is misused is no failure to provide for. */
function isAnnounced({ state }: OpenExit): boolean {
  for (let event: TraceEvent | null = state.cause; event !== null; event = event.previous) {
    if (event.kind === 'throws' && event.detail === 'throw') return false;
  }
  return state.weakest !== null && isAtLeastAsSure(state.weakest, 'likely');
}

function droppedAtOnce({ seed, span }: Obligation): OpenExit {
  return {
    kind: 'dropped',
    span,
    fields: [],
    state: stateFrom({ kind: 'dropped', span, detail: '', previous: acquiredBy(seed) }),
  };
}

/** Released where it was made, by a function that may run for every request: nobody else ever sees it. */
function isMadePerCall({ fn }: Scope, { shared }: Obligation, { open, settled }: Simulation): boolean {
  if (shared === null || open.length > 0) return false;
  if (fn.kind !== 'method' && fn.kind !== 'function') return false;
  return (
    settled.some(({ settlement }) => settlement.kind === 'released') &&
    settled.every(({ settlement }) => settlement.kind === 'released' || settlement.kind === 'halted')
  );
}
