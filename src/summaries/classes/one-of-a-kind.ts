/**
 * Classes of which there is one object, which whoever makes one is given: it is nobody's to release.
 *
 *     class Telemetry(metaclass=Singleton): …
 *
 *     class Telemetry:
 *         _instance = None
 *
 *         def __new__(cls): …
 */
import type { FoundType } from '../../project/project.ts';
import { simpleName } from '../../resolve/type-names.ts';
import type { World } from '../../resolve/world.ts';

export function isOneOfAKind(world: World, type: string): boolean {
  const { oneOfAKind } = world.models.conventions;
  if (oneOfAKind === null) return false;
  const { names, makers, keptIn } = oneOfAKind;
  return world.ancestors(type).some((ancestor) => {
    if (ancestor !== type && names.test(simpleName(ancestor))) return true;
    const found = world.project.type(ancestor);
    if (found === null) return false;
    return world.isAnnotatedLike(found.shape, names) || keepsOwn(found, makers, keptIn);
  });
}

function keepsOwn({ file, shape }: FoundType, makers: RegExp, keptIn: RegExp): boolean {
  return (
    shape.fields.some(({ name, isStatic }) => isStatic && keptIn.test(name)) &&
    file.index.declarations.some(({ owner, name }) => owner === shape.name && makers.test(name))
  );
}
