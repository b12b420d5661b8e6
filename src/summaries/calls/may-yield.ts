/** May the result of a call be a resource, or hold one? By its name and its types alone, so that nothing has to be lowered. */
import { functionFacts } from '../../engine/function-facts.ts';
import type { CallInstruction, IrFunction, Place, PlaceId } from '../../ir/ir.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';
import { calleeLabel, isOwnCall } from '../call-names.ts';
import { valueUses } from '../value-uses.ts';

/**
 * What the names alone say, before anything is resolved: resolving a call may parse another file. A getter
 * of another object whose result goes nowhere by name is taken to hand out what it keeps.
 */
export function namesYield(scope: Scope, call: CallInstruction): boolean {
  if (isPlainOwner(scope, call)) return false;
  if (call.callee.kind === 'construct') return true;
  const { models } = scope.world;
  const name = calleeLabel(call);
  if (models.acquiresMember(name)) return true;
  const isRead = call.dests.some((dest) => functionFacts(scope.fn).reads.has(dest));
  if (!isRead) return models.conventions.factories.test(name);
  if (isOwnCall(scope, call) || models.knowsMember(name) || models.conventions.streamGetters.test(name)) return true;
  return call.dests.some((dest) => mayHold(scope, dest) ?? !models.conventions.accessors.test(name));
}

/** A call whose result is a number, a text or nothing acquires nothing it could hand out. */
export function mayYieldResource(scope: Scope, call: CallInstruction, resolved: ResolvedCall): boolean {
  if (resolved.models.length > 0 || call.callee.kind === 'construct') return true;
  if (resolved.declarations.length === 0) return true;
  const { world } = scope;
  if (call.dests.length === 0) return false;
  if (resolved.resultType === null) return !world.isTyped;
  // `Stream<String> lines()`: of a type that needs no release unless the call it comes from says so.
  return resolved.resultTypes.some((type) => world.mayNeedRelease(type) || world.isExempt(type));
}

/** The type constructed or asked lives in a file that says nothing of resources. */
function isPlainOwner(scope: Scope, call: CallInstruction): boolean {
  const { callee } = call;
  const { world, file } = scope;
  if (callee.kind === 'construct')
    return world.project.isPlain(erase(world.resolve(file.index, scope.owner, callee.type)));
  if (callee.kind === 'function' && callee.scope !== null) {
    return world.project.isPlain(erase(world.resolve(file.index, scope.owner, callee.scope)));
  }
  return false;
}

/** null: the place has no name that would tell. `ctx, tx, err := store.Begin(ctx)`: one of several is enough. */
function mayHold({ fn, world }: Scope, dest: PlaceId): boolean | null {
  const place = nameOf(fn, dest);
  if (place === null) return null;
  return place.typeHint === null || !world.models.conventions.valueTypes.test(erase(place.typeHint));
}

/** Its own, or that of the variable that gets what was waited for: `const client = await db.getClient()`. */
function nameOf(fn: IrFunction, dest: PlaceId): Extract<Place, { kind: 'local' }> | null {
  for (const id of [dest, ...valueUses(fn).copies(dest)]) {
    const place = fn.places[id];
    if (place?.kind === 'local' && place.name !== null) return place;
  }
  return null;
}
