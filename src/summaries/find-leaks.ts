/** Simulates every obligation of one function and keeps the exits on which nobody else took over. */
import { slotPlaces } from '../engine/apply-effects.ts';
import type { OpenExit, SettledExit, State, TraceEvent } from '../engine/state.ts';
import { functionFacts } from '../engine/function-facts.ts';
import { simulate, type Simulation } from '../engine/simulate.ts';
import { emptyStore, someEntry, type Store } from '../engine/store.ts';
import { isResource } from '../engine/value.ts';
import type { IrFunction, PlaceId } from '../ir/ir.ts';
import { reaches } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase } from '../resolve/type-names.ts';
import type { Demand } from './demand.ts';
import { isExpectedToFail } from './expected-failure.ts';
import { failureOf } from './failure.ts';
import { forgottenBy } from './forgotten-fields.ts';
import { GENERIC_RESOURCE } from './call-names.ts';
import { releasedAbove, releasedByFinalizer } from './unseen-releases.ts';
import { obligations, type Obligation } from './obligations.ts';
import { withoutTakenOver } from './taken-over.ts';
import { takeovers } from './takeovers.ts';

export interface Leak {
  readonly obligation: Obligation;
  readonly exits: readonly OpenExit[];
  readonly unreleasedField: string | null;
  /** The method that ends the owner's life, where others of the class release the field and it does not. */
  readonly forgottenIn: string | null;
  /** Each round of a loop leaves one behind, of a kind that a few of do no harm. */
  readonly addsUp: boolean;
  /** On some path somebody else takes it over. */
  readonly isHandedOn: boolean;
  readonly mayBeKept: boolean;
  /** The function is where a process starts: what it leaves open ends with it. */
  readonly endsWithProcess: boolean;
  /** No method of the file that ends a life releases any field, or a superclass that nobody knows may release it. */
  readonly ownerReleasesNothing: boolean;
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

export function findLeaks(demand: Demand, scope: Scope, functionName: string): FunctionLeaks {
  const leaks: Leak[] = [];
  const perCall: Obligation[] = [];
  const deferredInLoop: Obligation[] = [];
  let simulated = 0;
  let returnsAcquired = false;
  const { lifecycleEnd, processEntries } = demand.world.models.conventions;
  const endsWithProcess =
    ((scope.fn.isStatic || scope.fn.kind === 'function') && processEntries.test(functionName)) ||
    isCommand(scope) ||
    isCalledByModule(scope);
  const leakOf = (
    obligation: Obligation,
    { exits, unreleasedField, forgottenIn }: OwnExits,
    settled: readonly SettledExit[],
  ): Leak => {
    const released = unreleasedField === null ? [] : [...demand.classes.fieldReleases(scope.file).values()];
    const ownerReleasesNothing =
      forgottenIn === null &&
      ((unreleasedField !== null && releasedAbove(demand, scope, unreleasedField) === 'unknown') ||
        !released.some((functions) => [...functions].some((name) => lifecycleEnd.test(name))));
    // What is lost in each turn of a loop adds up before the process ends.
    const isRepeated = reaches(scope.fn, obligation.seed.block, obligation.seed.block);
    return {
      obligation: toldOf(obligation, exits),
      exits,
      unreleasedField,
      forgottenIn,
      addsUp: addsUp(scope, obligation, exits),
      isHandedOn: settled.some(({ settlement: { kind } }) => kind === 'returned' || kind === 'transferred'),
      mayBeKept: settled.some(({ settlement: { kind } }) => kind === 'escaped'),
      // Used up inline it is a note about the expression, wherever that stands.
      endsWithProcess: endsWithProcess && !isRepeated && obligation.family !== 'inline',
      ownerReleasesNothing,
    };
  };
  for (const obligation of obligations(demand, scope, 'file')) {
    if (isExpectedToFail(scope.fn, obligation.call, obligation.seed.block)) continue;
    simulated++;
    if (obligation.seed.places.length === 0) {
      leaks.push(leakOf(obligation, inNoField([droppedAtOnce(obligation)]), []));
      continue;
    }
    const waiting: State[] = [];
    const simulation = simulate(scope.fn, demand.context(scope), obligation.seed, (block, state) => {
      if (block === obligation.seed.block && isInSlot(scope.fn, state.store)) waiting.push(state);
    });
    if (simulation.settled.some(({ settlement }) => settlement.kind === 'returned')) returnsAcquired = true;
    const open = withoutTakenOver(scope, simulation);
    const own = ownExits(demand, scope, functionName, obligation, open);
    const { exits } = own;
    if (exits.length > 0) leaks.push(leakOf(obligation, own, simulation.settled));
    else if (!endsWithProcess && isMadePerCall(scope, obligation, simulation)) perCall.push(obligation);
    if (exits.length === 0 && isDeferredInLoop(demand, scope, obligation, simulation, waiting.length > 0))
      deferredInLoop.push(obligation);
  }
  // Several in a row are one mistake: the first says it.
  for (const obligation of takeovers(demand, scope, functionName)) {
    simulated++;
    const { open } = simulate(scope.fn, demand.context(scope), obligation.seed);
    // Where the method may end well without releasing it, it is not always its to release.
    if (open.some(({ kind, state }) => kind === 'return' && state.weakest === null)) continue;
    const exits = open.filter(isAnnounced);
    if (exits.length === 0) continue;
    leaks.push(leakOf(obligation, inNoField(exits), []));
    break;
  }
  return { leaks, perCall, deferredInLoop, returnsAcquired, simulated };
}

/** What others of the file do is a hint, and an exception nobody announces another: the two together are too little. */
function toldOf(obligation: Obligation, exits: readonly OpenExit[]): Obligation {
  const isSure = ({ state: { weakest } }: OpenExit): boolean =>
    weakest === null || weakest === 'declared' || weakest === 'explicit';
  return obligation.isToldElsewhere && !exits.some(isSure) ? { ...obligation, hasSiblingRelease: false } : obligation;
}

/** The way to the exit goes around, to where the next one is acquired. */
function addsUp({ fn, world }: Scope, { resource, seed }: Obligation, exits: readonly OpenExit[]): boolean {
  if (resource === GENERIC_RESOURCE || !world.models.resource(resource).addsUp) return false;
  if (!reaches(fn, seed.block, seed.block)) return false;
  return exits.some(({ state }) => {
    if (state.weakest !== null) return false;
    for (let link = state.path; link !== null; link = link.previous) {
      const block = fn.blocks[link.block];
      if (block?.isLoopHead === true && link.block <= seed.block && reaches(fn, link.block, seed.block)) return true;
    }
    return false;
  });
}

function inNoField(exits: readonly OpenExit[]): OwnExits {
  return { exits, unreleasedField: null, forgottenIn: null };
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

/**
 * A release deferred in a loop waits in a slot that keeps what earlier rounds put there. One still there when the
 * next round gets to the acquisition is open until the function ends. What was handed on after the `defer` is not
 * followed that far; there it is enough that a next round can be reached.
 */
function isDeferredInLoop(
  demand: Demand,
  scope: Scope,
  { seed, family }: Obligation,
  { settled }: Simulation,
  isWaiting: boolean,
): boolean {
  if (family !== 'resource' || isWaiting) return family === 'resource';
  const { fn } = scope;
  const isHandedOn = settled.some(({ settlement: { kind } }) => kind === 'escaped' || kind === 'transferred');
  const isReleased = settled.some(({ settlement: { kind } }) => kind === 'released');
  if (!isHandedOn || isReleased) return false;
  const held = new Set(seed.places.flatMap((place) => demand.groups(scope).forward(place)));
  return fn.blocks.some(
    (block) =>
      block.instructions.some((one) => one.op === 'assign' && held.has(one.dest) && isSlot(fn, one.dest)) &&
      reaches(fn, block.id, seed.block),
  );
}

function isInSlot(fn: IrFunction, store: Store): boolean {
  return someEntry(store, (id, value) => isResource(value) && isSlot(fn, id));
}

function isSlot(fn: IrFunction, id: PlaceId): boolean {
  const place = fn.places[id];
  return place?.kind === 'local' && place.accumulates;
}

/** `(async () => { … })()` as a statement of a module: `main`, without the name. */
function isCalledByModule({ around, fn }: Scope): boolean {
  if (around?.scope.fn.kind !== 'module' || fn.params.length > 0) return false;
  const { dest } = around.closure;
  return around.scope.fn.blocks.some(({ instructions }) =>
    instructions.some((one) => one.op === 'call' && one.callee.kind === 'value' && one.callee.place === dest),
  );
}

/** `func run(cmd *cobra.Command, args []string)`: nobody is there to take an error, and then the process ends. */
function isCommand(scope: Scope): boolean {
  const { processParameters } = scope.world.models.conventions;
  if (processParameters === null || scope.fn.returns !== null) return false;
  return scope.fn.params.some((place) => processParameters.test(erase(scope.typeOf(place) ?? '')));
}

/** A call failed. A guard that throws because the object is misused is no failure to provide for. */
function isAnnounced({ state }: OpenExit): boolean {
  for (let event: TraceEvent | null = state.cause; event !== null; event = event.previous) {
    if (event.kind === 'throws' && event.detail === 'throw') return false;
  }
  return state.weakest !== null && state.weakest !== 'possible';
}

function droppedAtOnce({ seed, span }: Obligation): OpenExit {
  const acquired = { kind: 'acquired', span, detail: seed.label, previous: null } as const;
  return {
    kind: 'dropped',
    span,
    fields: [],
    state: {
      store: emptyStore,
      weakest: null,
      thrown: null,
      isCoarse: false,
      usesMay: false,
      wasLent: false,
      releasedAs: [],
      cause: { kind: 'dropped', span, detail: '', previous: acquired },
      path: null,
    },
  };
}

interface OwnExits {
  readonly exits: readonly OpenExit[];
  readonly unreleasedField: string | null;
  readonly forgottenIn: string | null;
}

/**
 * A permit or lock that one method takes and another gives back is a protocol of the class: `begin` returns
 * with it held on purpose. A function that gives it back itself on some path keeps to the protocol only
 * where it says so: by returning `true`, having returned something else where nothing is held.
 */
function protocolFree(
  demand: Demand,
  scope: Scope,
  functionName: string,
  obligation: Obligation,
  open: readonly OpenExit[],
): readonly OpenExit[] {
  const field = obligation.variable;
  if (field === null) return open;
  if (isGivenHeld(demand, scope, obligation)) return [];
  const fields = demand.classes.fieldReleases(scope.file);
  // What was begun elsewhere and is kept in a field is ended by who releases the field.
  const kept = open.filter((exit) => exit.fields.some((one) => isReleasedByAnother(fields.get(one), functionName)));
  if (!obligation.isOnReceiver && kept.length > 0) return open.filter((exit) => !kept.includes(exit));
  const releasing = fields.get(field) ?? new Set<string>();
  const isProtocol = scope.file.index.declarations.some(
    (declaration) =>
      declaration.name !== functionName &&
      releasing.has(declaration.name) &&
      !declaration.calls.has(obligation.seed.label),
  );
  if (!isProtocol) return open;
  return open.filter(
    ({ state }) => state.weakest !== null || (obligation.hasSiblingRelease && !saysHeld(scope, state)),
  );
}

function isReleasedByAnother(functions: ReadonlySet<string> | undefined, functionName: string): boolean {
  return functions !== undefined && [...functions].some((name) => name !== functionName);
}

/** `mu.Unlock(); wait(); mu.Lock()`: what is released first was held on entry, and is given back as it was. */
function isGivenHeld(demand: Demand, scope: Scope, { call, resource }: Obligation): boolean {
  if (call.receiver === null) return false;
  for (const { instructions } of scope.fn.blocks) {
    for (const instruction of instructions) {
      if (instruction === call) return false;
      if (instruction.op !== 'call' || instruction.receiver !== call.receiver) continue;
      const { effects, acquisitions } = demand.knowledge(scope, instruction);
      if (acquisitions.some((one) => one.resource === resource)) return false;
      if (effects.some((effect) => effect.kind === 'release' && effect.resource === resource)) return true;
    }
  }
  return false;
}

function saysHeld({ fn }: Scope, { path }: State): boolean {
  const terminator = path === null ? undefined : fn.blocks[path.block]?.terminator;
  const value = terminator?.op === 'return' ? terminator.values[0] : undefined;
  return value?.kind === 'literal' && value.literal.kind === 'boolean' && value.literal.value;
}

/** `clearTimeout(this.timer); this.timer = setTimeout(…)`: the next call takes care of what this one leaves. */
function isReleasedBefore(demand: Demand, scope: Scope, { seed }: Obligation, field: string): boolean {
  const { fn } = scope;
  const machine = { facts: functionFacts(fn) };
  const isField = (id: PlaceId): boolean => {
    const place = fn.places[id];
    return place?.kind === 'path' && place.fields[0] === field;
  };
  return fn.blocks.some(
    ({ id, instructions }) =>
      id <= seed.block &&
      instructions.some(
        (instruction, index) =>
          instruction.op === 'call' &&
          (id < seed.block || index < seed.index - 1) &&
          demand
            .knowledge(scope, instruction)
            .effects.some(
              (effect) =>
                effect.kind === 'release' &&
                slotPlaces(machine, instruction, effect.slot).some((place) => isField(place)),
            ),
      ),
  );
}

/** `this.observer = new Observer(…); later(() => this.observer.disconnect())`: by a function that is not its own callback. */
function isReleasedLater(demand: Demand, scope: Scope, { call }: Obligation, field: string): boolean {
  return demand.closuresOf(scope).some(({ closure, inner }) => {
    if (call.args.some(({ value }) => value.kind === 'place' && value.place === closure.dest)) return false;
    return demand.releases(inner).some(({ place }) => {
      const path = inner.fn.places[place];
      return path?.kind === 'path' && path.fields[0] === field;
    });
  });
}

/** Only presumed to need a release, as a timer is: its class shows that it does, by releasing it elsewhere. */
function forgottenHere(
  demand: Demand,
  scope: Scope,
  functionName: string,
  obligation: Obligation,
  { kind, fields: [field] }: OpenExit,
): string | null {
  if (!obligation.isPresumed || kind !== 'return' || field === undefined) return null;
  const releasing = [...(demand.classes.fieldReleases(scope.file).get(field) ?? [])];
  const isOnlyHere = releasing.every((name) => name === functionName);
  // By itself a release here may be the timer's own way to end.
  if (isOnlyHere && !isReleasedBefore(demand, scope, obligation, field)) return null;
  return forgottenBy(demand, scope, field);
}

/** What an archive's end would complete is of no use to anybody where writing it failed. */
function lostOnly(scope: Scope, { resource }: Obligation, open: readonly OpenExit[]): readonly OpenExit[] {
  if (resource === GENERIC_RESOURCE || !scope.world.models.resource(resource).completes) return open;
  const failure = failureOf(scope);
  return open.filter((exit) => exit.state.weakest === null && failure?.ends(exit) !== true);
}

/** What sits in a field when the function ends is its class's business, if the class does something about it. */
function ownExits(
  demand: Demand,
  scope: Scope,
  functionName: string,
  obligation: Obligation,
  open: readonly OpenExit[],
): OwnExits {
  if (obligation.family === 'listener') {
    const own = open.filter(({ fields }) => fields.every((field) => field === obligation.variable));
    return { exits: own, unreleasedField: null, forgottenIn: null };
  }
  if (obligation.family !== 'resource')
    return {
      exits: protocolFree(demand, scope, functionName, obligation, open),
      unreleasedField: null,
      forgottenIn: null,
    };
  const isConstructor = scope.fn.kind === 'constructor';
  const exits: OpenExit[] = [];
  let unreleasedField: string | null = null;
  let forgottenIn: string | null = null;
  for (const exit of lostOnly(scope, obligation, open)) {
    const field = exit.fields[0];
    if (field !== undefined && isConstructor && releasedByFinalizer(demand, scope, field)) continue;
    if (field === undefined || (isConstructor && exit.kind === 'throw')) {
      exits.push(exit);
      continue;
    }
    const releasedIn = demand.classes.fieldReleases(scope.file).get(field) ?? new Set<string>();
    const forgotten = forgottenHere(demand, scope, functionName, obligation, exit);
    if (forgotten !== null) {
      exits.push(exit);
      unreleasedField = field;
      forgottenIn = forgotten;
      continue;
    }
    if ([...releasedIn].some((name) => name !== functionName)) continue;
    if (isReleasedLater(demand, scope, obligation, field)) continue;
    if (obligation.isPresumed && isReleasedBefore(demand, scope, obligation, field)) continue;
    if (releasedIn.size === 0 && (exit.kind === 'throw' || releasedAbove(demand, scope, field) === 'yes')) continue;
    // Released only here, and not on this way out: it stays in its field on purpose, like one nobody releases.
    if (releasedIn.size === 0 || exit.kind !== 'throw') unreleasedField = field;
    exits.push(exit);
  }
  return { exits, unreleasedField, forgottenIn };
}
