/**
 * Does a function that announces exceptions throw any? One that does little more than pass on to others fails as surely as
 * these do, whatever its signature says; so does a method without a body as the classes that implement it.
 */
import { isAtLeastAsSure, type CallInstruction } from '../../ir/ir.ts';
import { constructedType } from '../../ir/construction.ts';
import type { Declaration } from '../../languages/language.ts';
import type { FoundDeclaration, IndexedFile } from '../../project/project.ts';
import { implementations } from '../../resolve/implementations.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';
import type { World } from '../../resolve/world.ts';
import type { Demand } from '../demand.ts';

/** Who calls more that may fail does more than pass on, and is not worth lowering for this. */
const MOST_PASSED_ON = 2;

export function isAnnouncedInVain(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  resolved: ResolvedCall,
): boolean {
  if (resolved.declarations.length > 0) return resolved.declarations.every((found) => !demand.failsAsAnnounced(found));
  const meant = implementations(scope, call, resolved) ?? [];
  // Who does nothing says nothing of others that may be written.
  return meant.length > 0 && meant.every((found) => !found.declaration.isEmpty && !demand.failsAsAnnounced(found));
}

/** Who calls nothing that may fail throws nothing but what it makes itself; null: its names do not tell. */
export function failsByItsNames(world: World, { file, declaration }: FoundDeclaration): boolean | null {
  if (!declaration.hasBody) return true;
  const noisy = [...declaration.calls].filter((name) => !isQuiet(world, file, declaration, name));
  // What `super(…)` and `this(…)` call is not among its names.
  if (noisy.length === 0) return declaration.kind === 'constructor' && declaration.throws.length > 0 ? null : false;
  return noisy.length > MOST_PASSED_ON ? true : null;
}

/** Does anything in the body surely fail, at times? */
export function failsByItsBody(demand: Demand, scope: Scope): boolean {
  return scope.fn.blocks.some(
    ({ terminator, instructions }) =>
      terminator.op === 'throw' ||
      instructions.some(
        (one) =>
          one.op === 'closure' || (one.op === 'call' && isAtLeastAsSure(demand.knowledge(scope, one).throws, 'likely')),
      ),
  );
}

function isQuiet(world: World, file: IndexedFile, { owner }: Declaration, name: string): boolean {
  const type = constructedType(name);
  if (type === null) return world.models.conventions.neverThrows.test(name);
  return announcesNothing(world, world.resolve(file.index, owner, type));
}

/** `return new Writer(channel);`, with a class of the scan whose constructors say that they do not fail. */
function announcesNothing({ project }: World, type: string): boolean {
  const found = project.type(erase(type));
  if (found === null) return false;
  const { file, shape } = found;
  const constructors = file.index.declarations.filter(
    ({ kind, owner }) => kind === 'constructor' && owner === shape.name,
  );
  return constructors.length > 0 && constructors.every(({ throws }) => throws.length === 0);
}
