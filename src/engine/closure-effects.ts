/** What happens to the resource when a closure that captures it is called, handed on or kept. */
import type { Effect, ResourceKind, Slot } from '../effects/effect.ts';
import type { BlockId, ClosureInstruction, PlaceId } from '../ir/ir.ts';
import { reaches } from '../ir/walk.ts';
import { capturedPlace } from './function-facts.ts';
import type { Settlement } from './state.ts';
import { read, type Store } from './store.ts';
import type { Machine } from './machine.ts';
import { holdsResource } from './value.ts';

/** What becomes of the duty by one of the functions the place may hold; `at`: where, so what is made only later does not count. */
export function closureSettlement(
  machine: Machine,
  store: Store,
  place: PlaceId,
  when: 'now' | 'always' | 'later' | 'kept',
  on: 'return' | 'both' = 'both',
  at: BlockId | null = null,
  seen = new Set<PlaceId>(),
): Settlement | null {
  if (seen.has(place)) return null;
  seen.add(place);
  for (const { closure, block } of machine.facts.closuresIn.get(place) ?? []) {
    const settlement = settlementBy(machine, store, closure, when, on, seen);
    if (settlement === null) continue;
    if (at === null || at === block || reaches(machine.fn, block, at)) return settlement;
  }
  return null;
}

/**
 * `now`, `always`: the closure runs during the call. `later`: on some thread, some time. `kept`: stored or
 * returned, so whoever gets the closure owns what it captures. Null: the duty stays here. `on`: `return` where
 * the call is known to have returned, so what the closure does when it fails does not count.
 */
function settlementBy(
  machine: Machine,
  store: Store,
  closure: ClosureInstruction,
  when: 'now' | 'always' | 'later' | 'kept',
  on: 'return' | 'both',
  seen: Set<PlaceId>,
): Settlement | null {
  for (const [index, captured] of closure.captures.entries()) {
    // `socket.on('error', () => cleanup())`: through a function that releases it, or keeps it.
    if (closureSettlement(machine, store, captured, when === 'kept' ? 'kept' : 'later', 'both', null, seen) !== null)
      return { kind: 'transferred', to: 'task', field: null };
    if (!holdsResource(read(store, captured))) {
      if (isReleasedWithin(machine, store, closure, index))
        return when === 'later' || when === 'kept'
          ? { kind: 'transferred', to: 'task', field: null }
          : { kind: 'released' };
      continue;
    }
    if (when === 'kept') return { kind: 'transferred', to: 'task', field: null };
    for (const member of closure.members) {
      const fate = captureFate(machine, member.fn, index, on);
      if (fate === 'borrowed') continue;
      // `builder.setRegistry(id -> machine)`: whoever asks it later has it. Of what runs at once it is the result.
      if (fate === 'returned' && when !== 'later') continue;
      return typeof fate === 'string' || when === 'later' ? { kind: 'transferred', to: 'task', field: null } : fate;
    }
  }
  return null;
}

/** `unlock := func() { c.mu.Unlock() }`: the closure releases a field of what it captures, and that holds the resource. */
function isReleasedWithin(machine: Machine, store: Store, closure: ClosureInstruction, index: number): boolean {
  const { resource } = machine.tracked;
  return closure.members.some(({ fn }) =>
    machine.context.closureEffects(fn).some((effect) => {
      if (effect.kind !== 'release' || effect.slot.at !== 'capture' || effect.slot.fields === undefined) return false;
      if (effect.slot.index !== index || (effect.resource !== undefined && effect.resource !== resource)) return false;
      const place = capturedPlace(machine.facts, closure, effect.slot);
      return place !== null && holdsResource(read(store, place));
    }),
  );
}

/** Does the function in this place mention what holds the resource, itself or by way of other functions? */
export function closureHolds(machine: Machine, store: Store, place: PlaceId, seen = new Set<PlaceId>()): boolean {
  if (seen.has(place)) return false;
  seen.add(place);
  return (machine.facts.closuresIn.get(place) ?? []).some(({ closure }) =>
    closure.captures.some(
      (captured, index) =>
        holdsResource(read(store, captured)) ||
        isReleasedWithin(machine, store, closure, index) ||
        closureHolds(machine, store, captured, seen),
    ),
  );
}

/** Does any function made here release what holds the resource? Whoever it was handed to may call it. */
export function isReleasedByClosure(machine: Machine, store: Store): boolean {
  for (const { closure } of [...machine.facts.closuresIn.values()].flat()) {
    for (const [index, captured] of closure.captures.entries()) {
      if (!holdsResource(read(store, captured))) continue;
      const fates = closure.members.map((member) => captureFate(machine, member.fn, index, 'both'));
      // What carries it to its end does not release it where that end fails.
      if (fates.some((fate) => fate === 'kept' || (typeof fate !== 'string' && fate.drained !== true))) return true;
    }
  }
  return false;
}

function captureFate(
  machine: Machine,
  fn: Parameters<Machine['context']['closureEffects']>[0],
  index: number,
  on: 'return' | 'both',
): Extract<Settlement, { kind: 'released' }> | 'kept' | 'returned' | 'borrowed' {
  const { resource } = machine.tracked;
  const kinds: ResourceKind[] = [];
  let isReturned = false;
  for (const effect of machine.context.closureEffects(fn)) {
    if (on === 'return' && effect.on === 'throw') continue;
    if (effect.kind === 'release' && effect.slot.at === 'capture' && effect.slot.index === index) {
      if (effect.slot.fields !== undefined && !standsFor(machine, effect.slot.fields)) continue;
      if (effect.resource === undefined || effect.resource === resource) return settledBy(effect);
      if (resource === null) kinds.push(effect.resource);
    }
    if (effect.kind === 'escape' && effect.slot.at === 'capture' && effect.slot.index === index) return 'kept';
    if (effect.kind === 'transfer' && effect.from.at === 'capture' && effect.from.index === index) return 'kept';
    if (effect.kind === 'alias' && isWholeCapture(effect.from, index)) isReturned = true;
  }
  if (kinds.length > 0) return { kind: 'released', only: kinds };
  return isReturned ? 'returned' : 'borrowed';
}

function settledBy({
  drained,
  unless,
}: Extract<Effect, { kind: 'release' }>): Extract<Settlement, { kind: 'released' }> {
  if (drained !== true) return { kind: 'released' };
  return unless === undefined ? { kind: 'released', drained } : { kind: 'released', drained, unless };
}

function isWholeCapture(slot: Slot, index: number): boolean {
  return slot.at === 'capture' && slot.index === index && slot.fields === undefined;
}

/** `response.body`, where the response is followed. */
function standsFor({ tracked }: Machine, fields: readonly string[]): boolean {
  const [field] = fields;
  return fields.length === 1 && field !== undefined && tracked.through.includes(field);
}

/** Does the closure only use what it is given in this parameter? False where nobody knows. */
export function closureBorrows(machine: Machine, place: PlaceId, param: number): boolean {
  const closure = machine.facts.closures.get(place);
  if (closure?.members.length !== 1) return false;
  // What a field of it stands for is not followed into closures.
  if (machine.tracked.through.length > 0) return false;
  return closure.members.every(({ fn }) =>
    machine.context.closureEffects(fn).every((effect) => {
      const slot = 'slot' in effect ? effect.slot : 'from' in effect ? effect.from : null;
      return slot?.at !== 'param' || slot.index !== param;
    }),
  );
}

/** Does the closure release what it is given in this parameter? */
export function closureReleases(machine: Machine, place: PlaceId, param: number): boolean {
  const closure = machine.facts.closures.get(place);
  if (closure?.members.length !== 1) return false;
  const { resource } = machine.tracked;
  return closure.members.every(({ fn }) =>
    machine.context
      .closureEffects(fn)
      .some(
        (effect) =>
          effect.kind === 'release' &&
          effect.slot.at === 'param' &&
          effect.slot.index === param &&
          (effect.resource === undefined || resource === null || effect.resource === resource),
      ),
  );
}
