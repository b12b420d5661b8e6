/** Of the ways out on which a resource is open, those that the function answers for, and not its class. */
import { slotPlaces } from '../engine/slots.ts';
import type { Seed } from '../engine/simulate.ts';
import { acquiredBy, stateFrom, type OpenExit } from '../engine/state.ts';
import { functionFacts } from '../engine/function-facts.ts';
import { isReceiver, ownPath } from '../engine/receiver.ts';
import type { CallInstruction, IrFunction, PlaceId } from '../ir/ir.ts';
import { isCopy } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from '../summaries/demand.ts';
import { failureOf, reachedWithoutError } from '../summaries/functions/failure.ts';
import { endsInOwnFunction, functionGiven } from './timers/ends-by-itself.ts';
import { forgottenBy, forgottenByAll, letGoBy } from './owners/forgotten-fields.ts';
import { isHandedToOwner } from './owners/handed-to-owner.ts';
import { exitsNotOnPurpose } from './discharged/held-on-purpose.ts';
import type { Obligation } from '../summaries/obligations/obligations.ts';
import { releasedAbove, releasedByFinalizer, releasedInOtherFile } from './owners/unseen-releases.ts';

export interface OwnExits {
  readonly exits: readonly OpenExit[];
  readonly unreleasedField: string | null;
  readonly forgottenIn: string | null;
}

/** What sits in a field when the function ends is its class's business, if the class does something about it. */
export function ownExits(
  demand: Demand,
  scope: Scope,
  functionName: string,
  obligation: Obligation,
  open: readonly OpenExit[],
): OwnExits {
  if (obligation.family === 'listener') {
    const own = open.filter(({ fields }) => fields.every((field) => field === obligation.variable));
    return inNoField(own);
  }
  if (obligation.family !== 'resource')
    return inNoField(exitsNotOnPurpose(demand, scope, functionName, obligation, open));
  const { fieldReleases } = demand;
  const isConstructor = scope.fn.kind === 'constructor';
  const exits: OpenExit[] = [];
  let unreleasedField: string | null = null;
  let forgottenIn: string | null = null;
  for (const exit of lostOnly(scope, obligation, open)) {
    // `self.lines = iter(self.file)`: one of them is closed, and that is enough.
    const field = exit.fields.find((one) => fieldReleases.isByOther(scope.file, one, functionName)) ?? exit.fields[0];
    if (field !== undefined && isConstructor && releasedByFinalizer(demand, scope, field)) continue;
    if (field === undefined || (isConstructor && exit.kind === 'throw')) {
      exits.push(exit);
      continue;
    }
    if (obligation.isPresumed && endsInOwnFunction(demand, scope, obligation, field)) continue;
    const releasedIn = fieldReleases.by(scope.file, field);
    const forgotten = forgottenHere(demand, scope, functionName, obligation, exit);
    if (forgotten !== null) {
      exits.push(exit);
      unreleasedField = field;
      forgottenIn = forgotten;
      continue;
    }
    if (fieldReleases.isByOther(scope.file, field, functionName)) continue;
    if (isReleasedLater(demand, scope, obligation, field)) continue;
    if (releasedIn.size === 0 && isMadeOfReleased(demand, scope, obligation)) continue;
    if (releasedIn.size === 0 && isHandedToOwner(demand, scope, field)) continue;
    if (exit.kind === 'return' && isReplaced(demand, scope, obligation, field)) continue;
    if (exit.kind === 'return' && releasedInOtherFile(demand, scope, field)) continue;
    if (releasedIn.size === 0 && (exit.kind === 'throw' || releasedAbove(demand, scope, field) === 'yes')) continue;
    // Released only here, and not on this way out: it stays in its field on purpose, like one nobody releases.
    if (releasedIn.size === 0 || exit.kind !== 'throw') unreleasedField = field;
    exits.push(exit);
  }
  const lost = exits.filter(isLostForSure);
  if (lost.length === 0) lost.push(...exits.filter((exit) => isConstructor && isThrownHere(exit)));
  // Who closes it before the early `return`, or before a constructor gives up, is certain; whose the field is, is not.
  if (unreleasedField !== null && forgottenIn === null && lost.length > 0) return inNoField(lost);
  return { exits, unreleasedField, forgottenIn };
}

function isLostForSure({ kind, fields, state }: OpenExit): boolean {
  return kind === 'return' && fields.length === 0 && state.weakest === null;
}

/** Nobody gets an object to end. */
function isThrownHere({ kind, state: { weakest } }: OpenExit): boolean {
  return kind === 'throw' && weakest === 'explicit';
}

/** Whatever way the function takes. */
export function openAtEnd({ span: { start, end } }: IrFunction, seed: Seed): OpenExit {
  return {
    kind: 'return',
    span: { start: Math.max(start, end - 1), end },
    fields: [],
    state: stateFrom(acquiredBy(seed)),
  };
}

export function inNoField(exits: readonly OpenExit[]): OwnExits {
  return { exits, unreleasedField: null, forgottenIn: null };
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
  const isOnlyHere = !demand.fieldReleases.isByOther(scope.file, field, functionName);
  // By itself a release here may be the timer's own way to end.
  if (isOnlyHere && !isReleasedBefore(demand, scope, obligation, field)) {
    const addsUpAgain = scope.world.models.resource(obligation.resource).addsUp === 'mounting';
    return addsUpAgain ? forgottenByAll(demand, scope, field) : null;
  }
  const forgotten = forgottenBy(demand, scope, field);
  const { soonOver, addsUp } = scope.world.models.resource(obligation.resource);
  // Anything but a timer may have ended before by itself.
  if (forgotten !== null || (soonOver === null && addsUp !== 'mounting')) return forgotten;
  const run = functionGiven(demand, scope, obligation.call);
  return letGoBy(demand, scope, field, run?.fn ?? null);
}

/** `clearTimeout(this.timer); this.timer = setTimeout(…)`: the next call takes care of what this one leaves. */
function isReleasedBefore(demand: Demand, scope: Scope, { seed }: Obligation, field: string): boolean {
  const { fn } = scope;
  const facts = functionFacts(fn);
  const isField = (place: PlaceId): boolean => ownPath(fn, place)?.[0] === field;
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
                slotPlaces(facts, instruction, effect.slot).some((place) => isField(place)),
            ),
      ),
  );
}

/**
 * As above, or once the new one is in its place: what was in the field before is as old as its object, and so the function
 * takes care of each of them in turn.
 *
 *     cancel := w.cancel
 *     w.ctx, w.cancel = context.WithDeadline(parent, at)
 *     cancel()
 */
function isReplaced(demand: Demand, scope: Scope, obligation: Obligation, field: string): boolean {
  if (isReleasedBefore(demand, scope, obligation, field)) return true;
  const { fn } = scope;
  const { block, index } = obligation.seed;
  const before = fn.blocks
    .slice(0, block + 1)
    .flatMap(({ id, instructions }) => instructions.slice(0, id === block ? index - 1 : undefined));
  // `c.cancel()` calls the function that the field has.
  const isCalled = before.some(
    (one) => one.op === 'call' && one.callee.kind === 'method' && one.callee.name === field && isOwn(scope, one),
  );
  if (isCalled) return true;
  const copies = new Set(
    before.flatMap((one) => (isCopy(one) && ownPath(fn, one.source.place)?.[0] === field ? [one.dest] : [])),
  );
  return copies.size > 0 && demand.releases(scope).some(({ place }) => copies.has(place));
}

function isOwn({ fn }: Scope, { receiver }: CallInstruction): boolean {
  return receiver !== null && isReceiver(fn, receiver);
}

/**
 * `this.session = session; this.sftp = create(session)`, in a class that closes its session: what is made of that ends with it.
 * Not so of what the call itself takes over, as `os.fdopen(self.number)` does.
 */
function isMadeOfReleased(demand: Demand, scope: Scope, { call }: Obligation): boolean {
  const released = demand.fieldReleases.of(scope.file);
  const groups = demand.groups(scope);
  const places = call.args.flatMap(({ value }) => (value.kind === 'place' ? [value.place] : []));
  const taken = takenOver(demand, scope, call);
  const given = [...places, ...(call.receiver === null ? [] : [call.receiver])].filter((id) => !taken.has(id));
  return given
    .flatMap((id) => [id, ...groups.members(id)])
    .some((id) => {
      const field = ownPath(scope.fn, id)?.[0];
      if (field === undefined) return false;
      return (
        (released.get(field)?.size ?? 0) > 0 || (scope.world.isTyped && releasedAbove(demand, scope, field) === 'yes')
      );
    });
}

function takenOver(demand: Demand, scope: Scope, call: CallInstruction): ReadonlySet<PlaceId> {
  const facts = functionFacts(scope.fn);
  const { effects } = demand.knowledge(scope, call);
  return new Set(effects.flatMap((effect) => (effect.kind === 'release' ? slotPlaces(facts, call, effect.slot) : [])));
}

/** `this.observer = new Observer(…); later(() => this.observer.disconnect())`: by a function that is not its own callback. */
function isReleasedLater(demand: Demand, scope: Scope, { call }: Obligation, field: string): boolean {
  return demand.closuresOf(scope).some(({ closure, inner }) => {
    if (call.args.some(({ value }) => value.kind === 'place' && value.place === closure.dest)) return false;
    return demand.releases(inner).some(({ place }) => ownPath(inner.fn, place)?.[0] === field);
  });
}

/** What an archive's end would complete is of no use to anybody where writing it failed. */
function lostOnly(scope: Scope, { resource, seed }: Obligation, open: readonly OpenExit[]): readonly OpenExit[] {
  const { models } = scope.world;
  if (!models.resource(resource).completes || open.length === 0) return open;
  const failure = failureOf(scope);
  // `if err != nil { http.Error(w, "no such file", 404); return }`
  const succeeding =
    failure === null && models.conventions.errorResult !== null ? reachedWithoutError(scope, seed.block) : null;
  return open.filter((exit) => {
    const { weakest, path } = exit.state;
    const hasFailed = path !== null && succeeding?.has(path.block) === false;
    return weakest === null && !hasFailed && failure?.ends(exit) !== true;
  });
}
