/**
 * Locks that a function takes and nowhere gives back. Such a function may be one half of a protocol; but where every other
 * function of the file that gives this lock back has taken it itself, and its own name says nothing of holding, it forgot.
 */
import type { ResourceKind } from '../../effects/effect.ts';
import { isReceiver, ownPath } from '../../engine/receiver.ts';
import type { CallInstruction } from '../../ir/ir.ts';
import type { Declaration } from '../../languages/language.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';
import { calleeLabel } from '../call-names.ts';
import type { Demand } from '../demand.ts';

export function isBalancedByOthers(demand: Demand, scope: Scope, call: CallInstruction, lock: ResourceKind): boolean {
  const { fn, file } = scope;
  const { conventions } = demand.world.models;
  const own = file.index.declarations.find(({ symbol }) => symbol === fn.symbol);
  if (own === undefined || conventions.leavesHeld?.test(own.name) !== false || scope.around !== null) return false;
  if (isTakenTwice(scope, call)) return false;
  const others = releasers(demand, scope, call, lock);
  const label = calleeLabel(call);
  if (others.length === 0 || !others.every(({ owner, calls }) => owner === scope.owner && calls.has(label)))
    return false;
  return !isGivenBackByHolders(demand, scope, call, lock);
}

/** Functions of the file that give back this lock, which is a field or the object itself. */
function releasers(demand: Demand, scope: Scope, call: CallInstruction, lock: ResourceKind): readonly Declaration[] {
  const { fn, file } = scope;
  const { declarations } = file.index;
  if (call.receiver === null) return [];
  // What gives back a writer's lock says nothing of the readers'.
  const { releases } = demand.world.models.resource(lock);
  const givesBack = ({ calls }: Declaration): boolean => releases.some((name) => calls.has(name));
  const lockField = ownPath(fn, call.receiver)?.at(-1);
  if (lockField !== undefined) {
    const names = demand.fieldReleases.by(file, lockField);
    // Methods of other types have fields of the same name, and those mean theirs.
    return declarations.filter(
      (one) => names.has(one.name) && (one.owner === null || one.owner === scope.owner) && givesBack(one),
    );
  }
  if (!isReceiver(fn, call.receiver)) return [];
  return declarations.filter((one) => one.owner === scope.owner && givesBack(one));
}

/** `func (w *walk) Close() { w.list.mu.Unlock() }`: another type of the file gives it back, of an object that it has. */
function isGivenBackByHolders(demand: Demand, scope: Scope, call: CallInstruction, lock: ResourceKind): boolean {
  const { fn, file } = scope;
  const lockField = call.receiver === null ? undefined : ownPath(fn, call.receiver)?.at(-1);
  if (lockField === undefined) return false;
  const { releases } = demand.world.models.resource(lock);
  const names = demand.fieldReleases.by(file, lockField);
  const label = calleeLabel(call);
  return file.index.declarations.some(
    (one) =>
      one.owner !== null &&
      one.owner !== scope.owner &&
      names.has(one.name) &&
      !one.calls.has(label) &&
      releases.some((name) => one.calls.has(name)) &&
      demand.body(file, one).some((inner) => givesBackOf(demand, inner, scope.ownerType, lockField)),
  );
}

function givesBackOf(demand: Demand, scope: Scope, type: string | null, lockField: string): boolean {
  return demand.releases(scope).some(({ place }) => {
    const path = ownPath(scope.fn, place);
    return type !== null && path !== null && path.at(-1) === lockField && ownerOf(scope, path) === type;
  });
}

/** The type of `w.list` for `w.list.mu`. */
function ownerOf({ world, ownerType }: Scope, path: readonly string[]): string | null {
  const type = path
    .slice(0, -1)
    .reduce<string | null>((of, field) => (of === null ? null : world.fieldType(of, field)), ownerType);
  return type === null ? null : erase(type);
}

/** One of the two was meant to give it back; what is deferred has its receiver in a temporary. */
function isTakenTwice({ fn }: Scope, call: CallInstruction): boolean {
  const label = calleeLabel(call);
  const taken = fn.blocks.flatMap(({ instructions }) =>
    instructions.filter((one) => one.op === 'call' && calleeLabel(one) === label),
  );
  return taken.length > 1;
}
