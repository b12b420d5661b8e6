/**
 * Locks whose deferred release is spelt as a second acquisition: `mu.Lock(); defer mu.Lock()`. Nothing is followed:
 * a function that locks, never unlocks and locks again when it ends waits for itself.
 */
import type { ResourceKind } from '../effects/effect.ts';
import type { CallInstruction, PlaceId, Span } from '../ir/ir.ts';
import { callsOf } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import { calleeLabel } from '../summaries/call-names.ts';
import type { Demand } from '../summaries/demand.ts';
import { placeName } from '../summaries/place-names.ts';

export interface WrongTarget {
  /** The deferred call, and the one that took the lock. */
  readonly call: CallInstruction;
  readonly acquired: Span;
  readonly acquiredBy: string;
  readonly variable: string;
  readonly resource: ResourceKind;
  /** Nobody says that the call takes a lock; its name does. */
  readonly isPresumed: boolean;
}

interface Locking {
  readonly resource: ResourceKind;
  readonly isPresumed: boolean;
}

export function wrongTargets(demand: Demand, scope: Scope): readonly WrongTarget[] {
  const calls = callsOf(scope.fn).filter(({ receiver }) => receiver !== null);
  const found = new Map<number, WrongTarget>();
  for (const call of calls) {
    if (call.isDeferred !== true || found.has(call.span.start)) continue;
    const wrong = wrongTarget(demand, scope, call, calls);
    if (wrong !== null) found.set(call.span.start, wrong);
  }
  return [...found.values()];
}

function wrongTarget(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  calls: readonly CallInstruction[],
): WrongTarget | null {
  const locking = locks(demand, scope, call);
  // `defer` keeps a copy of what it is called on.
  const members = call.receiver === null ? [] : demand.groups(scope).members(call.receiver);
  const named = members.find((place) => placeName(scope.fn, place) !== null);
  if (locking === null || named === undefined) return null;
  const isSame = (place: PlaceId | null): boolean => place !== null && members.includes(place);
  // `mu.Unlock(); defer mu.Lock()` gives the lock back as it was.
  if (demand.releases(scope).some(({ place }) => isSame(place))) return null;
  const first = calls.find(
    (one) => one.isDeferred !== true && isSame(one.receiver) && locks(demand, scope, one) !== null,
  );
  if (first === undefined) return null;
  const variable = placeName(scope.fn, named) ?? '';
  return { call, acquired: first.span, acquiredBy: calleeLabel(first), variable, ...locking };
}

function locks(demand: Demand, scope: Scope, call: CallInstruction): Locking | null {
  const { models } = scope.world;
  for (const { slot, resource, isPresumed } of demand.knowledge(scope, call).acquisitions) {
    if (slot.at === 'receiver' && models.resource(resource).family === 'lock') return { resource, isPresumed };
  }
  if (scope.resolved(call).resolution !== 'unknown') return null;
  for (const { name, resource, at } of models.conventions.presumedCalls) {
    if (at !== 'receiver' || models.resource(resource).family !== 'lock') continue;
    if (name.test(calleeLabel(call))) return { resource, isPresumed: true };
  }
  return null;
}
