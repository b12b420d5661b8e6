/**
 * Classes that keep those who have one from releasing anything by it: all methods by which their superclass is released
 * are overridden, and none of them passes it on.
 *
 *     class SharedPool extends ThreadPoolExecutor {
 *       public void shutdown() { log.warn("shared by all"); }
 *       public List<Runnable> shutdownNow() { log.warn("shared by all"); return List.of(); }
 *     }
 */
import type { Declaration } from '../../languages/language.ts';
import type { TypeModel } from '../../models/model-set.ts';
import type { FoundType } from '../../project/project.ts';
import type { World } from '../../resolve/world.ts';
import { speaksOfRelease } from '../call-names.ts';

export function keepsFromRelease(world: World, { file, shape }: FoundType, { type, resource }: TypeModel): boolean {
  if (resource === null) return false;
  const { releases } = world.models.resource(resource);
  // What it inherits from an interface, as `close` of an executor, comes down to what the class has itself.
  const inherited = releases.filter((name) => (world.api.type(type)?.methods(name) ?? []).length > 0);
  const own = file.index.declarations.filter(({ owner, kind }) => owner === shape.name && kind === 'method');
  return (
    inherited.length > 0 &&
    inherited.every((name) => {
      const overriding = own.find((one) => one.name === name && one.params.length === 0);
      return overriding?.hasBody === true && releasesNothing(world, overriding, own);
    })
  );
}

/** Going by the names it calls, and by those that methods of its class call that it leaves work to. */
function releasesNothing(world: World, closer: Declaration, own: readonly Declaration[]): boolean {
  const { poolReturns } = world.models.conventions;
  const reached = [closer];
  for (const { calls } of reached)
    reached.push(...own.filter((one) => calls.has(one.name) && one.hasBody && !reached.includes(one)));
  const called = { ...closer, name: '', calls: new Set(reached.flatMap(({ calls }) => [...calls])) };
  return !speaksOfRelease(world, called) && ![...called.calls].some((name) => poolReturns.test(name));
}
