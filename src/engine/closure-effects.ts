/** What happens to the resource when a closure that captures it is called, handed on or kept. */
import type { PlaceId } from '../ir/ir.ts';
import type { Settlement } from './state.ts';
import { read, type Store } from './store.ts';
import type { Machine } from './transfer.ts';
import { holdsResource } from './value.ts';

/**
 * `now`, `always`: the closure runs during the call. `later`: on some thread, some time. `kept`: stored or
 * returned, so whoever gets the closure owns what it captures. Null: the duty stays here.
 */
export function closureSettlement(
  machine: Machine,
  store: Store,
  place: PlaceId,
  when: 'now' | 'always' | 'later' | 'kept',
): Settlement | null {
  const closure = machine.facts.closures.get(place);
  if (closure === undefined) return null;
  for (const [index, captured] of closure.captures.entries()) {
    if (!holdsResource(read(store, captured))) continue;
    if (when === 'kept') return { kind: 'transferred', to: 'task', field: null };
    for (const member of closure.members) {
      const fate = captureFate(machine, member.fn, index);
      if (fate === 'released')
        return when === 'later' ? { kind: 'transferred', to: 'task', field: null } : { kind: 'released' };
      if (fate === 'kept') return { kind: 'transferred', to: 'task', field: null };
    }
  }
  return null;
}

function captureFate(
  machine: Machine,
  fn: Parameters<Machine['context']['closureEffects']>[0],
  index: number,
): 'released' | 'kept' | 'borrowed' {
  for (const effect of machine.context.closureEffects(fn)) {
    if (effect.kind === 'release' && effect.slot.at === 'capture' && effect.slot.index === index) return 'released';
    if (effect.kind === 'escape' && effect.slot.at === 'capture' && effect.slot.index === index) return 'kept';
    if (effect.kind === 'transfer' && effect.from.at === 'capture' && effect.from.index === index) return 'kept';
  }
  return 'borrowed';
}
