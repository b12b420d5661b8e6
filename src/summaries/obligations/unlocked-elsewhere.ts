/**
 * Locks and permits that somebody else gives back by design, another round over the same elements or who signals, and
 * those that nobody else could ever wait for.
 */
import type { ResourceKind } from '../../effects/effect.ts';
import type { Callee, IrFunction, Operand, PlaceId } from '../../ir/ir.ts';
import { callsOf, isCopy } from '../../ir/operands.ts';
import { elementField } from '../../ir/places.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../demand.ts';
import { releasesOf, type Position } from './release-sites.ts';
import { isReleasedElsewhere } from './released-elsewhere.ts';

export function isUnlockedElsewhere(
  demand: Demand,
  scope: Scope,
  place: PlaceId,
  lock: ResourceKind,
  at: Position,
): boolean {
  return (
    isReleasedInAnotherRound(demand, scope, place, lock) ||
    isSignal(demand, scope, place, lock, at) ||
    isOnlyTakenHere(demand, scope, place, lock)
  );
}

/**
 * `Semaphore running = new Semaphore(4); … running.acquire(); pool.submit(() -> { … running.release(); });`: made here, handed
 * to nobody but functions that only give back, it is gone when this one ends, whoever holds a permit.
 */
function isOnlyTakenHere(demand: Demand, scope: Scope, place: PlaceId, lock: ResourceKind): boolean {
  const { fn } = scope;
  const members = membersOf(demand, scope, place);
  if ([...members].some((one) => fn.places[one]?.kind !== 'local' || fn.params.includes(one))) return false;
  const isMade = callsOf(fn).some(
    ({ callee, dests }) => isMaking(scope, callee) && dests.some((one) => members.has(one)),
  );
  const sharing = sharedWith(demand, scope, members);
  return (
    isMade &&
    !isHandedOn(fn, members) &&
    sharing.length > 0 &&
    sharing.every(({ inner, own }) => onlyGivesBack(demand, inner, own, lock))
  );
}

/** `new Semaphore(4)`, `semaphore.NewWeighted(4)` */
function isMaking({ world }: Scope, callee: Callee): boolean {
  if (callee.kind === 'construct') return true;
  return callee.kind === 'function' && world.models.conventions.factories.test(callee.name);
}

/** A function made here neither takes one itself nor hands the semaphore on, nor do those that it makes. */
function onlyGivesBack(demand: Demand, scope: Scope, place: PlaceId, lock: ResourceKind): boolean {
  const members = membersOf(demand, scope, place);
  const isTaken = callsOf(scope.fn).some(
    (call) =>
      call.receiver !== null &&
      members.has(call.receiver) &&
      demand
        .knowledge(scope, call)
        .acquisitions.some(({ slot, resource }) => slot.at === 'receiver' && resource === lock),
  );
  if (isTaken || isHandedOn(scope.fn, members)) return false;
  return sharedWith(demand, scope, members).every(({ inner, own }) => onlyGivesBack(demand, inner, own, lock));
}

function membersOf(demand: Demand, scope: Scope, place: PlaceId): ReadonlySet<PlaceId> {
  return new Set([place, ...demand.groups(scope).members(place)]);
}

/** Functions made here that capture it, each with what it is to them. */
function sharedWith(
  demand: Demand,
  scope: Scope,
  members: ReadonlySet<PlaceId>,
): readonly { readonly inner: Scope; readonly own: PlaceId }[] {
  return demand.closuresOf(scope).flatMap(({ closure, inner }) => {
    const own = inner.fn.captures[closure.captures.findIndex((one) => members.has(one))];
    return own === undefined ? [] : [{ inner, own }];
  });
}

function isHandedOn(fn: IrFunction, members: ReadonlySet<PlaceId>): boolean {
  const isMember = (value: Operand): boolean => value.kind === 'place' && members.has(value.place);
  return (
    fn.blocks.some(({ terminator }) => terminator.op === 'return' && terminator.values.some(isMember)) ||
    callsOf(fn).some(({ args }) => args.some(({ value }) => isMember(value)))
  );
}

/** `for (s : segments) s.lock(); … for (s : segments) s.unlock();` */
function isReleasedInAnotherRound(demand: Demand, scope: Scope, place: PlaceId, lock: ResourceKind): boolean {
  return isElement(scope.fn, place) && releasesOf(demand, scope, place, lock).every((site) => site.place !== place);
}

function isElement(fn: IrFunction, place: PlaceId): boolean {
  return fn.blocks.some(({ instructions }) =>
    instructions.some((one) => {
      const source = isCopy(one) && one.dest === place ? fn.places[one.source.place] : undefined;
      return source?.kind === 'path' && source.fields.at(-1) === elementField;
    }),
  );
}

/** `ready.acquire()`, where only a function handed on before calls `ready.release()`: it waits for that. */
function isSignal(demand: Demand, scope: Scope, place: PlaceId, lock: ResourceKind, at: Position): boolean {
  const isOwn = releasesOf(demand, scope, place, lock).some((site) => site.span !== null);
  return !isOwn && isReleasedElsewhere(demand, scope, place, lock, at);
}
