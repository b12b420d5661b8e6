/** Which slots of a call hold the resource at this moment. */
import type { Effect, Slot } from '../effects/effect.ts';
import type { CallInstruction, Operand } from '../ir/ir.ts';
import { heldFields, type Machine } from './machine.ts';
import { isReceiver } from './receiver.ts';
import { slotPlaces } from './slots.ts';
import type { State } from './state.ts';
import { read } from './store.ts';
import { holdsResource, isResource } from './value.ts';

/** The resource, or what may be it, or its holder. */
export function holds(machine: Machine, call: CallInstruction, slot: Slot, state: State): boolean {
  return slotPlaces(machine.facts, call, slot).some((place) => holdsResource(read(state.store, place)));
}

/** The resource itself, or what may be it. */
export function isIn(machine: Machine, call: CallInstruction, slot: Slot, state: State): boolean {
  return slotPlaces(machine.facts, call, slot).some((place) => isResource(read(state.store, place)));
}

/** `client = socket; start();`, or `new Thread(this)`: the object runs later, with what is in its fields. */
export function isInField(
  { fn, facts }: Machine,
  call: CallInstruction,
  { slot }: Extract<Effect, { kind: 'invoke' }>,
  { store }: State,
): boolean {
  return slotPlaces(facts, call, slot).some(
    (object) =>
      isReceiver(fn, object) && (facts.dependents.get(object) ?? []).some((place) => isResource(read(store, place))),
  );
}

export function isInOwnField({ fn }: Machine, { store }: State): boolean {
  return heldFields(fn, store).length > 0;
}

export function slotOperand(machine: Machine, call: CallInstruction, slot: Slot): Operand | null {
  if (slot.at === 'param' && slot.fields === undefined) return call.args[slot.index]?.value ?? null;
  const place = slotPlaces(machine.facts, call, slot)[0];
  return place === undefined ? null : { kind: 'place', place };
}
