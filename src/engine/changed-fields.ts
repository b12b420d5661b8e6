/**
 * `self.connected = False; self.shake_hands(); if not self.connected: …`: a method of the object may have set the field anew.
 * What a function only asked of a field is taken to hold on, so that its next question is answered alike.
 */
import { append } from '../append.ts';
import type { CallInstruction, IrFunction, PlaceId } from '../ir/ir.ts';
import { literalAssigned } from '../ir/operands.ts';
import type { Machine } from './machine.ts';
import { filterStore, type Store } from './store.ts';
import { FALSE, NULL, TRUE } from './value.ts';

/** By object the fields that the function sets to null, true or false. */
export function presetFields({ blocks, places }: IrFunction): ReadonlyMap<PlaceId, readonly PlaceId[]> {
  const found = new Map<PlaceId, PlaceId[]>();
  for (const { instructions } of blocks) {
    for (const one of instructions) {
      const kind = literalAssigned(one)?.kind;
      if (one.op !== 'assign' || (kind !== 'null' && kind !== 'boolean')) continue;
      const field = places[one.dest];
      if (field?.kind === 'path') append(found, field.root, one.dest);
    }
  }
  return found;
}

/** What is still known of the fields once the method has run. */
export function afterMethod({ facts }: Machine, store: Store, { callee, receiver }: CallInstruction): Store {
  if (receiver === null || callee.kind === 'value') return store;
  const preset = facts.presetFields.get(receiver);
  if (preset === undefined) return store;
  return filterStore(
    store,
    (place, value) => !(preset.includes(place) && (value === NULL || value === TRUE || value === FALSE)),
  );
}
