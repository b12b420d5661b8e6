/**
 * What of an object its own release releases: `resp.Output.Close()` is as good as `resp.Close()`, where that closes `Output`
 * and nothing else. And which of its fields say that there is nothing to release, as the object is a failure.
 */
import { GENERIC_RESOURCE } from '../../effects/effect.ts';
import { functionFacts, pathKey } from '../../engine/function-facts.ts';
import { write, type Store } from '../../engine/store.ts';
import { NULL } from '../../engine/value.ts';
import type { PlaceId } from '../../ir/ir.ts';
import type { IndexedFile } from '../../project/project.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Acquisition } from '../calls/call-knowledge.ts';
import type { Demand } from '../demand.ts';

/** Asks the type's file only if the function mentions a field of what is in `place`. */
export function ownedParts(
  demand: Demand,
  scope: Scope,
  place: PlaceId | null,
  { type, resource }: Acquisition,
): readonly string[] {
  if (place === null || type === null || resource !== GENERIC_RESOURCE) return [];
  return partOfType(scope, place, type, (file) => demand.fieldReleases.of(file));
}

/**
 * The one field of what is in `place` that the release of its class releases. `releases`: all there are, or those that are
 * plain to see where knowledge of calls is still being found out.
 */
export function partOfType(
  scope: Scope,
  place: PlaceId,
  type: string,
  releases: (file: IndexedFile) => ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const found = scope.world.project.type(type);
  const { pathPlaces } = functionFacts(scope.fn);
  if (found?.shape.fields.some(({ name }) => pathPlaces.has(pathKey(place, [name]))) !== true) return [];
  const { releaseMethods } = scope.world.models.conventions;
  const released = releases(found.file);
  const parts = found.shape.fields.filter(({ name }) =>
    [...(released.get(name) ?? [])].some((method) => releaseMethods.has(method)),
  );
  // Of several parts one is not the whole.
  return parts.length === 1 ? parts.map(({ name }) => name) : [];
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
