/** Methods after which nothing of their object is left to release. */
import type { Effect } from '../effects/effect.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from './demand.ts';

/**
 * `cleanup()` that releases a field ends the life of the object, and so does what releases all that the class ever
 * releases, whatever it is called: `new Archive(out).add(file).finish()`. Whoever holds the field by the object is served.
 */
export function endOfLife(demand: Demand, scope: Scope, effects: readonly Effect[]): readonly Effect[] {
  const released = effects.flatMap((effect) =>
    effect.kind === 'release' && effect.slot.at === 'receiver' && effect.on !== 'throw' ? [effect] : [],
  );
  const [first] = released;
  if (first === undefined) return [];
  if (demand.world.models.conventions.lifecycleEnd.test(scope.fn.name)) {
    return [{ ...first, slot: { at: 'receiver' } }];
  }
  const surely = new Set(released.flatMap(({ certainty, slot }) => (certainty === 'must' ? (slot.fields ?? []) : [])));
  const isAll = surely.size > 0 && ownReleased(demand, scope).every((field) => surely.has(field));
  if (!isAll) return [];
  // `rotate()` closes one file and opens the next.
  const acquired = demand.classes.fieldsAcquiredIn(scope);
  return [...surely].some((field) => acquired.has(field)) ? [] : [{ ...first, slot: { at: 'receiver' } }];
}

/** Fields of the class of the method that any function of the file releases. */
function ownReleased(demand: Demand, { file, owner }: Scope): readonly string[] {
  const fields = file.index.types.find(({ name }) => name === owner)?.fields ?? [];
  const released = demand.classes.fieldReleases(file);
  return fields.flatMap(({ name }) => (released.has(name) ? [name] : []));
}
