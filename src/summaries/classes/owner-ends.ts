/** The methods that end an object's life for good: after them a timer or listener of its own is one too many. */
import type { Declaration } from '../../languages/language.ts';
import type { Scope } from '../../resolve/scope.ts';
import { simpleName } from '../../resolve/type-names.ts';

/**
 * Those a framework calls by itself, where there are any: it calls no others. Those that do nothing are none, nor are
 * those that come with the end of the program.
 */
export function endsFor({ file, world }: Scope, owner: string): readonly Declaration[] {
  const { releaseMethods, endMethods, endHooks } = world.models.conventions;
  if (livesUntilExit({ file, world }, owner)) return [];
  const own = file.index.declarations.filter((one) => one.owner === owner && one.hasBody && !one.isEmpty);
  const hooks = own.filter(({ name }) => endHooks?.test(name) === true);
  if (hooks.length > 0) return hooks;
  return own.filter(
    (one) =>
      (releaseMethods.has(one.name) ||
        endMethods?.test(one.name) === true ||
        world.isAnnotated(one, 'lifecycle-end')) &&
      !answersEvent(world, one) &&
      !takesBack(world, own, one),
  );
}

/** `release(slot)` of a class with `acquire()`, `close(file)` of one with `open(path)`: it ends what the other gave, and not its object. */
export function takesBack(
  { models }: Scope['world'],
  own: readonly Pick<Declaration, 'name'>[],
  { name, params }: Declaration,
): boolean {
  const begins = models.conventions.counterparts.get(name) ?? [];
  return params.length > 0 && own.some((one) => begins.includes(one.name));
}

/**
 * Those after which nothing may listen that this function left listening. Where it sets the object up, `close()` of a
 * class that has an `open()` is none: the object is there to be opened again.
 */
export function endsOfListening(scope: Scope, owner: string): readonly Declaration[] {
  const { conventions } = scope.world.models;
  const { kind, name } = scope.fn;
  // One that only the class calls may be a step of its life: `private disconnect()`, before it connects again.
  const ends = endsFor(scope, owner).filter(({ isPrivate }) => !isPrivate);
  if (kind !== 'constructor' && conventions.initMethods?.test(name) !== true) return ends;
  const methods = new Set(scope.file.index.declarations.flatMap((one) => (one.owner === owner ? [one.name] : [])));
  return ends.filter((end) => !(conventions.counterparts.get(end.name) ?? []).some((begin) => methods.has(begin)));
}

/** `@Injectable({ providedIn: 'root' })`: a framework makes one, and ends it with the program. */
function livesUntilExit({ file, world }: Pick<Scope, 'file' | 'world'>, owner: string): boolean {
  const { singletons } = world.models.conventions;
  const until = singletons?.untilExit ?? null;
  if (singletons === null || until === null) return false;
  const shape = file.index.types.find(({ name }) => name === owner);
  return (
    shape?.annotations.some(
      ({ name, args }) => args !== null && singletons.annotations.test(simpleName(name)) && until.test(args),
    ) === true
  );
}

/** `close(event)` closes what the user sees; the object lives on. */
function answersEvent({ models }: Scope['world'], { params: [first] }: Declaration): boolean {
  return first !== undefined && models.conventions.shortLivedNames?.test(first.name) === true;
}

/** Something calls these by itself, whatever was called before. */
export function isHook({ world }: Scope, { name }: Declaration): boolean {
  return world.models.conventions.endHooks?.test(name) === true;
}
