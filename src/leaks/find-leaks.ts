/** Simulates every obligation of one function and keeps the exits on which nobody else took over. */
import { simulate, type Simulation } from '../engine/simulate.ts';
import { acquiredBy, evidenceRank, stateFrom, type OpenExit, type TraceEvent } from '../engine/state.ts';
import { isAtLeastAsSure } from '../ir/ir.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from '../summaries/demand.ts';
import { isHeldByOwnField } from '../summaries/obligations/held-by-own-field.ts';
import { obligations, type Obligation } from '../summaries/obligations/obligations.ts';
import { withoutCleared } from './discharged/cleared.ts';
import { withoutDisowned } from './discharged/disowned.ts';
import { withoutKept } from './discharged/kept-on-success.ts';
import { withoutNotStarted } from './discharged/not-started.ts';
import { withoutUnsharedLocks } from './discharged/unshared-locks.ts';
import { givenToCallback, leftByCallback } from './elsewhere/given-to-callback.ts';
import { leftByErrbacks } from './elsewhere/left-by-errback.ts';
import { leftBySettlers } from './elsewhere/left-by-settler.ts';
import { leftByTasks } from './elsewhere/left-by-task.ts';
import { leftInVain } from './elsewhere/left-in-vain.ts';
import { leftOnMounting } from './elsewhere/left-on-mounting.ts';
import { leakOf, type Asked, type Leak } from './leak.ts';
import { isDeferredInLoop, isInSlot } from './loops.ts';
import { inNoField, ownExits, type OwnExits } from './own-exits.ts';
import { hadEndedBefore } from './owners/already-ended.ts';
import { endsWithGiven } from './owners/ends-with-given.ts';
import { withoutLeftToGiven } from './owners/left-to-given.ts';
import { isMadeByCallers } from './owners/made-by-callers.ts';
import { isMadeWithGiven } from './owners/made-with-given.ts';
import { ownerDuties } from './owners/owner-duties.ts';
import { isExpectedToFail } from './process/expected-failure.ts';
import { isProcessEntry } from './process/process-entries.ts';
import { withoutToldWithHolder } from './told-with-holder.ts';

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

/** What came of one obligation. */
interface Verdict {
  readonly leak: Leak | null;
  readonly isMadePerCall: boolean;
  readonly isDeferredInLoop: boolean;
  readonly isReturned: boolean;
}

export function findLeaks(demand: Demand, scope: Scope, functionName: string): FunctionLeaks {
  const isProcess = once(() => isProcessEntry(demand, scope, functionName));
  const asked = { demand, scope, functionName, isProcess };
  const own = obligations(demand, scope, 'file')
    .filter((obligation) => isAskedFor(scope, obligation))
    .map((obligation) => ({ obligation, ...judge(asked, obligation) }));
  const given = givenToCallback(demand, scope).map((obligation) => leakOfGiven(asked, obligation));
  const duties = neglectedDuty(asked);
  return {
    leaks: withoutToldWithHolder(
      [...own.map(({ leak }) => leak), ...given, duties.leak].filter((leak) => leak !== null),
    ),
    perCall: own.flatMap(({ isMadePerCall, obligation }) => (isMadePerCall ? [obligation] : [])),
    deferredInLoop: own.flatMap(({ isDeferredInLoop, obligation }) => (isDeferredInLoop ? [obligation] : [])),
    returnsAcquired: own.some(({ isReturned }) => isReturned),
    simulated: own.length + given.length + duties.simulated,
  };
}

function isAskedFor(scope: Scope, { call, seed, family, variable, hasSiblingRelease }: Obligation): boolean {
  if (isExpectedToFail(scope.fn, call, seed.block)) return false;
  // `session.beginTransaction();` is ended through what it was begun on.
  return family !== 'transaction' || variable !== null || hasSiblingRelease;
}

function judge(asked: Asked, obligation: Obligation): Verdict {
  const { demand, scope, isProcess } = asked;
  const only = (leak: Leak | null): Verdict => ({
    leak,
    isMadePerCall: false,
    isDeferredInLoop: false,
    isReturned: false,
  });
  const { places, block: start } = obligation.seed;
  if (places.length === 0) return only(leakOf(asked, obligation, inNoField([droppedAtOnce(obligation)])));
  if (obligation.isReleasedElsewhere) {
    const exits = leftBySettlers(demand, scope, obligation);
    return only(exits.length === 0 ? null : leakOf(asked, obligation, inNoField(exits)));
  }
  let isWaiting = false;
  const simulation = simulate(scope.fn, demand.context(scope), obligation.seed, (block, state) => {
    isWaiting ||= block === start && isInSlot(scope.fn, state.store);
  });
  const own = exitsOf(asked, obligation, simulation);
  const isOpen = own.exits.length > 0;
  const isLeak = isOpen && !isOfOthers(demand, scope, obligation, own.exits);
  return {
    leak: isLeak ? leakOf(asked, obligation, own, simulation) : null,
    isMadePerCall: !isOpen && !isProcess() && isMadePerCall(scope, obligation, simulation),
    isDeferredInLoop: !isOpen && isDeferredInLoop(demand, scope, obligation, simulation, isWaiting),
    isReturned: simulation.settled.some(({ settlement }) => settlement.kind === 'returned'),
  };
}

/** The ways out that the function answers for: of its own without those on which its duty is done, and of functions that go on with it. */
function exitsOf({ demand, scope, functionName }: Asked, obligation: Obligation, simulation: Simulation): OwnExits {
  const { settled } = simulation;
  const kept = withoutKept(demand, scope, obligation, simulation);
  const disowned = withoutDisowned(demand, scope, obligation, kept);
  const started = withoutNotStarted(demand, scope, obligation, disowned);
  const cleared = withoutCleared(demand, scope, obligation, started);
  const shared = withoutUnsharedLocks(scope, obligation, cleared);
  const open = withoutLeftToGiven(demand, scope, obligation, shared);
  const ways = [...open, ...leftToOwnConstructor(scope, simulation)];
  const own = ownExits(demand, scope, functionName, obligation, ways);
  const exits = [
    ...own.exits,
    ...(isHandedOn(simulation) ? leftBySettlers(demand, scope, obligation) : []),
    ...leftByTasks(demand, scope, obligation, settled),
    ...leftByErrbacks(demand, scope, obligation, settled),
    ...leftOnMounting(demand, scope, obligation),
    ...(own.exits.length > 0 ? [] : leftInVain(demand, scope, obligation)),
  ];
  return { ...own, exits: strongestFirst(exits) };
}

/** Whoever made, gave or holds it ends it, whatever this function leaves. */
function isOfOthers(demand: Demand, scope: Scope, obligation: Obligation, exits: readonly OpenExit[]): boolean {
  return (
    endsWithGiven(demand, scope, obligation, exits) ||
    isHeldByOwnField(demand, scope, obligation) ||
    isMadeWithGiven(demand, scope, obligation) ||
    isMadeByCallers(demand, scope, obligation)
  );
}

/** Of what a call opens and gives to this function. */
function leakOfGiven(asked: Asked, obligation: Obligation): Leak | null {
  const { demand, scope } = asked;
  if (obligation.seed.places.length === 0) return leakOf(asked, obligation, inNoField([droppedAtOnce(obligation)]));
  const simulation = simulate(scope.fn, demand.context(scope), obligation.seed);
  const exits = [
    ...leftByCallback(demand, scope, simulation.open),
    ...leftByErrbacks(demand, scope, obligation, simulation.settled),
  ];
  return exits.length === 0 ? null : leakOf(asked, obligation, inNoField(exits), simulation);
}

/** A field that a method which ends an object's life leaves open. Several in a row are one mistake: the first says it. */
function neglectedDuty(asked: Asked): { readonly leak: Leak | null; readonly simulated: number } {
  const { demand, scope, functionName } = asked;
  let simulated = 0;
  for (const obligation of ownerDuties(demand, scope, functionName)) {
    simulated++;
    const { open } = simulate(scope.fn, demand.context(scope), obligation.seed);
    // Where the method may end well without releasing it, it is not always its to release.
    const isLeftWell = open.some(
      (exit) => exit.kind === 'return' && exit.state.weakest === null && !hadEndedBefore(scope.fn, exit),
    );
    const exits = isLeftWell ? [] : open.filter(isAnnounced);
    if (exits.length > 0) return { leak: leakOf(asked, obligation, inNoField(exits)), simulated };
  }
  return { leak: null, simulated };
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

function strongestFirst(exits: readonly OpenExit[]): readonly OpenExit[] {
  return [...exits].sort((a, b) => evidenceRank(b.state.weakest) - evidenceRank(a.state.weakest));
}

/** What the function releases itself is not left to functions it hands on. */
function isHandedOn({ settled }: Simulation): boolean {
  return settled.every(({ settlement: { kind } }) => kind === 'escaped' || kind === 'transferred');
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

function once(compute: () => boolean): () => boolean {
  let known: boolean | null = null;
  return () => (known ??= compute());
}
