/** May there be a resource in a place, by its type? What calls do to others is not worth finding out. */
import type { PlaceId } from '../ir/ir.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase } from '../resolve/type-names.ts';

export function mayBeResource(scope: Scope, place: PlaceId): boolean {
  const type = scope.typeOf(place);
  return type === null || scope.world.mayNeedRelease(type);
}

/** One itself, or in what it holds: a collection of the platform, and not an object of the scan that cannot be closed. */
export function mayHoldResource(scope: Scope, place: PlaceId): boolean {
  const type = scope.typeOf(place);
  if (type === null) return true;
  const { world } = scope;
  const name = erase(type);
  if (world.models.conventions.valueTypes.test(name)) return false;
  return world.project.type(name) === null || world.isCloseable(type) !== false;
}
