/**
 * Locks and permits that somebody else gives back by design, another round over the same elements or who signals, and
 * those that nobody else could ever wait for.
 */
import type { ResourceKind } from '../effects/effect.ts';
import type { IrFunction, PlaceId, Operand } from '../ir/ir.ts';
import { isCopy } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from './demand.ts';
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
    isOnlyTakenHere(demand, scope, place, at)
  );
}

/**
 * `Semaphore running = new Semaphore(4); … running.acquire(); pool.submit(() -> { … running.release(); });`: made here, handed
 * to nobody but functions that only give back, it is gone when this one ends, whoever holds a permit.
 */
function isOnlyTakenHere(demand: Demand, scope: Scope, place: PlaceId, { block, index }: Position): boolean {
  const { fn } = scope;
  const taking = fn.blocks[block]?.instructions[index];
  if (taking?.op !== 'call' || taking.callee.kind !== 'method') return false;
  const { name } = taking.callee;
  const members = new Set([place, ...demand.groups(scope).members(place)]);
  if ([...members].some((one) => fn.places[one]?.kind !== 'local' || fn.params.includes(one))) return false;
  const calls = fn.blocks.flatMap(({ instructions }) => instructions.filter((one) => one.op === 'call'));
  const isMade = calls.some(
    ({ callee, dests }) => callee.kind === 'construct' && dests.some((one) => members.has(one)),
  );
  const isMember = (value: Operand): boolean => value.kind === 'place' && members.has(value.place);
  const isReturned = fn.blocks.some(({ terminator }) => terminator.op === 'return' && terminator.values.some(isMember));
  const isHanded = isReturned || calls.some(({ args }) => args.some(({ value }) => isMember(value)));
  const sharing = demand.closuresOf(scope).filter(({ closure }) => closure.captures.some((one) => members.has(one)));
  return isMade && !isHanded && sharing.length > 0 && !sharing.some(({ inner }) => takes(inner, name));
}

function takes({ fn }: Scope, method: string): boolean {
  return fn.blocks.some(({ instructions }) =>
    instructions.some((one) => one.op === 'call' && one.callee.kind === 'method' && one.callee.name === method),
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
      return source?.kind === 'path' && source.fields.at(-1) === '[]';
    }),
  );
}

/** `ready.acquire()`, where only a function handed on before calls `ready.release()`: it waits for that. */
function isSignal(demand: Demand, scope: Scope, place: PlaceId, lock: ResourceKind, at: Position): boolean {
  const isOwn = releasesOf(demand, scope, place, lock).some((site) => site.span !== null);
  return !isOwn && isReleasedElsewhere(demand, scope, place, at.block, at.index);
}
