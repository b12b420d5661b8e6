/** A call that runs on its own: whether the task has the resource from then on, or only uses it. */
import { inputsWith, noInputs } from '../effects/inputs.ts';
import type { CallInstruction, PlaceId } from '../ir/ir.ts';
import { closureSettlement } from './closure-effects.ts';
import { holderOf } from './function-facts.ts';
import { isOutlet, type Machine, type Walk } from './machine.ts';
import { rootPlaces, slotPlaces } from './slots.ts';
import type { State } from './state.ts';
import { placesWith, read, type Store } from './store.ts';
import { holdsResource } from './value.ts';

/** null: the task has the resource, and the path ends here. */
export function spawn(machine: Machine, call: CallInstruction, state: State, walk: Walk): State | null {
  const task = { kind: 'transferred', to: 'task', field: null } as const;
  const { store } = state;
  if (call.callee.kind === 'value') {
    const started =
      closureSettlement(machine, store, call.callee.place, 'later') ??
      (isHeldForGood(machine, store, call.callee.place) ? task : null);
    if (started !== null) {
      walk.settled(started, state);
      return null;
    }
  }
  const places = call.args.flatMap((arg) => (arg.value.kind === 'place' ? [arg.value.place] : []));
  // `go tasks.Run("restore", func() { … out.Close() })`
  for (const place of places) {
    const kept = closureSettlement(machine, store, place, 'later');
    if (kept === null) continue;
    walk.settled(kept, state);
    return null;
  }
  if (call.receiver !== null) places.push(call.receiver);
  if (!places.some((place) => isOutlet(machine, store, place))) {
    const given = places.filter((place) => holdsResource(read(store, place)));
    const isGiven = given.length === 0 ? releasesField(machine, call, store) : !isOnlyUsed(machine, call, given);
    if (!isGiven) return state;
  }
  walk.settled(task, state, call);
  return null;
}

/** `go func() { for { <-ticker.C; work() } }()` never comes to its end, and has the ticker until then. */
function isHeldForGood({ facts, context }: Machine, store: Store, place: PlaceId): boolean {
  return (facts.closuresIn.get(place) ?? []).some(
    ({ closure }) =>
      closure.captures.some((captured) => holdsResource(read(store, captured))) &&
      closure.members.every(({ fn }) => context.endingOf(fn) === 'halts'),
  );
}

/** `go c.resetAndUnlock()`, with `c.mu` locked. */
function releasesField({ fn, facts, context }: Machine, call: CallInstruction, store: Store): boolean {
  const fields = placesWith(store, holdsResource).flatMap((id) => {
    const place = fn.places[id];
    return place?.kind === 'path' ? [{ id, owners: [place.root, holderOf(facts, place)] }] : [];
  });
  if (fields.length === 0) return false;
  const inputs = inputsWith(call, (place) => fields.some(({ owners }) => owners.includes(place)));
  if (inputs === noInputs) return false;
  return context
    .facts(call)
    .effectsOn(inputs)
    .some(
      (effect) =>
        effect.kind === 'release' &&
        slotPlaces(facts, call, effect.slot).some((one) => fields.some(({ id }) => id === one)),
    );
}

/** `go pump(file)`, where `pump` comes to its end and does nothing to release or keep it. What nobody has read may do either. */
function isOnlyUsed({ context }: Machine, call: CallInstruction, given: readonly PlaceId[]): boolean {
  const facts = context.facts(call);
  if (!facts.isRead || facts.neverReturns) return false;
  const inputs = inputsWith(call, (place) => given.includes(place));
  return facts.effectsOn(inputs).every((effect) => {
    if (effect.kind === 'acquire' || effect.kind === 'borrow' || effect.kind === 'throws') return true;
    const slot = 'slot' in effect ? effect.slot : 'from' in effect ? effect.from : null;
    return slot === null || !rootPlaces(call, slot).some((one) => given.includes(one));
  });
}
