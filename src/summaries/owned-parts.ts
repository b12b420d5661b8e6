/**
 * What of an object its own release releases: `resp.Output.Close()` is as good as `resp.Close()`, where that closes `Output`
 * and nothing else. So it is with what a function puts into the object it returns. And which of its fields say that there
 * is nothing to release, as the object is a failure.
 */
import { functionFacts, pathKey } from '../engine/function-facts.ts';
import { write, type Store } from '../engine/store.ts';
import { NULL } from '../engine/value.ts';
import type { CallInstruction, PlaceId } from '../ir/ir.ts';
import { callsOf } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Acquisition } from './call-knowledge.ts';
import { GENERIC_RESOURCE } from './call-names.ts';
import type { Demand } from './demand.ts';
import type { Obligation } from './obligations.ts';

/** Asks the type's file only if the function mentions a field of what is in `place`. */
export function ownedParts(
  demand: Demand,
  scope: Scope,
  place: PlaceId | null,
  { type, resource }: Acquisition,
): readonly string[] {
  return place === null || type === null || resource !== GENERIC_RESOURCE ? [] : partOfType(demand, scope, place, type);
}

/** The one field of what is in `place` that the release of its class releases. */
export function partOfType(demand: Demand, scope: Scope, place: PlaceId, type: string): readonly string[] {
  const found = scope.world.project.type(type);
  const { pathPlaces } = functionFacts(scope.fn);
  if (found?.shape.fields.some(({ name }) => pathPlaces.has(pathKey(place, [name]))) !== true) return [];
  const { releaseMethods } = scope.world.models.conventions;
  const released = demand.classes.fieldReleases(found.file);
  const parts = found.shape.fields.filter(({ name }) =>
    [...(released.get(name) ?? [])].some((method) => releaseMethods.has(method)),
  );
  // Of several parts one is not the whole.
  return parts.length === 1 ? parts.map(({ name }) => name) : [];
}

/**
 * `return &Session{Conn: conn}`: the field of what the function returns, as the result `index`, that the resource is in. None
 * where it is returned as it is, or beside another one in a field of its own.
 */
export function partsReturned(
  demand: Demand,
  scope: Scope,
  obligation: Obligation,
  all: readonly Obligation[],
  index: number,
): readonly string[] {
  if (!scope.world.models.conventions.constructsByFields) return [];
  const groups = demand.groups(scope);
  const returned = new Set(
    scope.fn.blocks.flatMap(({ terminator }) => {
      const value = terminator.op === 'return' ? terminator.values[index] : undefined;
      return value?.kind === 'place' ? [groups.group(value.place)] : [];
    }),
  );
  const own = groupsOf(demand, scope, [obligation]);
  const others = groupsOf(
    demand,
    scope,
    all.filter((one) => one !== obligation),
  );
  const fields = new Set<string>();
  for (const call of callsOf(scope.fn)) {
    const [made] = call.dests;
    if (call.callee.kind !== 'construct' || made === undefined || !returned.has(groups.group(made))) continue;
    for (const [position, { value, name }] of call.args.entries()) {
      if (value.kind !== 'place') continue;
      if (others.has(groups.group(value.place))) return [];
      if (own.has(groups.group(value.place))) fields.add(name ?? fieldAt(scope, call, position) ?? '');
    }
  }
  if (fields.size === 0) return obligation.parts;
  return fields.size === 1 && !fields.has('') ? [...fields] : [];
}

function groupsOf(demand: Demand, scope: Scope, obligations: readonly Obligation[]): ReadonlySet<PlaceId> {
  const groups = demand.groups(scope);
  return new Set(obligations.flatMap(({ seed }) => seed.places.map((place) => groups.group(place))));
}

function fieldAt(scope: Scope, call: CallInstruction, position: number): string | null {
  const { ownerType } = scope.resolved(call);
  const found = ownerType === null ? null : scope.world.project.type(ownerType);
  return found?.shape.fields[position]?.name ?? null;
}

/** `if resp.Error != nil { return resp.Error }`: what is followed is a success. */
export function assumeNoError({ fn, world }: Scope, place: PlaceId, facts: Store): Store {
  const { errorFields } = world.models.conventions;
  const { dependents, tested } = functionFacts(fn);
  if (errorFields === null) return facts;
  let store = facts;
  for (const dependent of dependents.get(place) ?? []) {
    const part = fn.places[dependent];
    if (part?.kind !== 'path' || part.root !== place || part.fields.length !== 1 || !tested.has(dependent)) continue;
    if (errorFields.test(part.fields[0] ?? '')) store = write(store, dependent, NULL);
  }
  return store;
}
