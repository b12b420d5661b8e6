/** Methods after which nothing of their object is left to release. */
import type { Effect, ResourceKind } from '../../effects/effect.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../demand.ts';

type ReleaseEffect = Extract<Effect, { kind: 'release' }>;

/**
 * `cleanup()` that releases a field ends the life of the object, and so does what releases all that the class ever
 * releases, whatever it is called: `new Archive(out).add(file).finish()`. Whoever holds the field by the object is served.
 */
export function endOfLife(demand: Demand, scope: Scope, effects: readonly Effect[]): readonly Effect[] {
  const released = effects.flatMap((effect) =>
    effect.kind === 'release' && effect.slot.at === 'receiver' && effect.on !== 'throw' ? [effect] : [],
  );
  if (released.length === 0) return [];
  if (scope.world.endsLife(scope.file.index, scope.fn.name)) return ofObject(released);
  const surely = new Set(released.flatMap(({ certainty, slot }) => (certainty === 'must' ? (slot.fields ?? []) : [])));
  const isAll = surely.size > 0 && ownReleased(demand, scope).every((field) => surely.has(field));
  if (!isAll) return [];
  // `rotate()` closes one file and opens the next.
  const acquired = demand.classes.fieldsAcquiredIn(scope);
  return [...surely].some((field) => acquired.has(field)) ? [] : ofObject(released);
}

/** Once for each kind: what cancels a timer and shuts down an executor releases who has either. */
function ofObject(released: readonly ReleaseEffect[]): readonly Effect[] {
  const byKind = new Map<ResourceKind | null, Effect>();
  for (const effect of released) {
    const kind = effect.resource ?? null;
    if (!byKind.has(kind) || effect.certainty === 'must') byKind.set(kind, { ...effect, slot: { at: 'receiver' } });
  }
  return [...byKind.values()];
}

/** Fields of the class of the method that any function of the file releases. */
function ownReleased(demand: Demand, { file, owner }: Scope): readonly string[] {
  const fields = file.index.types.find(({ name }) => name === owner)?.fields ?? [];
  const released = demand.fieldReleases.of(file);
  return fields.flatMap(({ name }) => (released.has(name) ? [name] : []));
}
