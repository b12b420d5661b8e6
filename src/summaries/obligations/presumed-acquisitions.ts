/**
 * What a call nobody knows may acquire, going by its name and by what the function does with it elsewhere: a
 * transaction that is rolled back on one path, a lock that is unlocked, a response whose body is closed.
 */
import { type ResourceKind, type Slot } from '../../effects/effect.ts';
import { functionFacts, pathKey } from '../../engine/function-facts.ts';
import type { CallInstruction, PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import { callsOf } from '../../ir/operands.ts';
import { calleeLabel, slotPlace } from '../call-names.ts';
import type { Acquisition, CallKnowledge } from '../calls/call-knowledge.ts';
import type { Demand } from '../demand.ts';
import { isReleasedIn } from './release-sites.ts';
import { successGuard, testedGuard } from '../calls/success-guard.ts';

/** `tx, err := store.begin(ctx); … tx.Rollback()`: nobody knows either, but the names and the pair say enough. */
export function presumedAcquisitions(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  knowledge: CallKnowledge,
): Acquisition[] {
  const { callee } = call;
  if (callee.kind !== 'method' && callee.kind !== 'function') return [];
  const named = scope.world.models.conventions.presumedCalls.filter(
    ({ name, arguments: count }) => name.test(callee.name) && (count === null || count === call.args.length),
  );
  if (named.length === 0) return [];
  const { resolution, ownerType, declarations, models } = scope.resolved(call);
  // `get onDidChange(): Event<Change>` is asked for what is called then, and takes nothing itself.
  const takesIt = declarations.some(({ declaration }) => declaration.params.length > 0);
  for (const { resource, at, undoneBy } of named) {
    if (at === 'param0') {
      if (takesIt || models.length > 0) continue;
      return [{ slot: { at: 'param', index: 0 }, resource, type: null, heldBy: [], isPresumed: false, given: null }];
    }
    if (resolution !== 'unknown' || (undoneBy !== null && !calls(demand, scope, undoneBy))) continue;
    const slots: Slot[] = at === 'receiver' ? [{ at }] : call.dests.map((_, index) => ({ at, index }));
    const slot = slots.find((one) => isPresumedAt(demand, scope, call, one, resource, knowledge));
    if (slot === undefined) continue;
    const given = at === 'receiver' ? testedGuard(scope, call) : successGuard(scope, call, scope.resolved(call));
    return [{ slot, resource, type: at === 'receiver' ? ownerType : null, heldBy: [], isPresumed: true, given }];
  }
  return [];
}

/** `txn := table.NewTransaction(); … txn.Commit()`: what nobody ever rolls back is only a draft. */
function calls(demand: Demand, scope: Scope, names: RegExp): boolean {
  const closures = demand.closuresOf(scope).map(({ inner }) => inner.fn);
  return [scope.fn, ...closures].some((fn) => callsOf(fn).some((call) => names.test(calleeLabel(call))));
}

function isPresumedAt(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  slot: Slot,
  resource: ResourceKind,
  knowledge: CallKnowledge,
): boolean {
  const place = slotPlace(call, slot);
  if (place === null) return false;
  // What has a part that is closed here is known by that alone, and is not somebody else's, whatever the call is called.
  const { through } = scope.world.models.resource(resource);
  const isPart = through.length > 0;
  if (
    isPart ? !isReleasedThrough(demand, scope, place, resource, through) : !isReleasedIn(demand, scope, place, resource)
  )
    return false;
  if (slot.at === 'receiver') return true;
  if (!isPart && !knowledge.mayReturnFresh) return false;
  const type = scope.typeOf(place);
  return type === null || scope.world.isCloseable(type) === null;
}

/** As itself, or by the field that stands for it: `response.Body.Close()`. */
export function isReleasedHere(
  demand: Demand,
  scope: Scope,
  place: PlaceId,
  resource: ResourceKind,
  parts: readonly string[] = [],
): boolean {
  const through = [...scope.world.models.resource(resource).through, ...parts];
  return isReleasedIn(demand, scope, place, resource) || isReleasedThrough(demand, scope, place, resource, through);
}

function isReleasedThrough(
  demand: Demand,
  scope: Scope,
  place: PlaceId,
  resource: ResourceKind,
  through: readonly string[],
): boolean {
  if (through.length === 0) return false;
  const named = demand.groups(scope).forward(place);
  return named.some((one) =>
    placesThrough(scope, one, through).some((part) => isReleasedIn(demand, scope, part, resource)),
  );
}

/** `response.Body` stands for the response where the function mentions it. */
export function placesThrough({ fn }: Scope, place: PlaceId, fields: readonly string[]): readonly PlaceId[] {
  const { pathPlaces } = functionFacts(fn);
  return fields.flatMap((field) => pathPlaces.get(pathKey(place, [field])) ?? []);
}
