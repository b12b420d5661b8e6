/**
 * `handle(signals, cleanup.run)`: a method that is not called but handed on, of an object that holds the resource. If it releases
 * that, whoever has the method does. Frontends see so where the method is declared in the same file, and make a closure of it.
 */
import { inputsWith } from '../effects/inputs.ts';
import type { CallInstruction, IrFunction, Place, PlaceId } from '../ir/ir.ts';
import { placesWritten } from '../ir/operands.ts';
import { elementField } from '../ir/places.ts';
import type { Machine } from './machine.ts';
import { slotPlaces } from './slots.ts';
import type { Settlement, State } from './state.ts';
import { read, someEntry, type Store } from './store.ts';
import { holdsResource } from './value.ts';

const whatever: CallInstruction['args'] = [{ value: { kind: 'unknown' }, name: null, isSpread: true }];

type Path = Extract<Place, { kind: 'path' }>;

/** By argument that may be a method of an object, what calling it would be. `objectOf`: `self.file` of `self.file.close`; null: none is known. */
export function methodValues(
  { blocks, places }: IrFunction,
  objectOf: (method: Path) => PlaceId | null,
): ReadonlyMap<PlaceId, CallInstruction> {
  const found = new Map<PlaceId, CallInstruction>();
  const instructions = blocks.flatMap((block) => block.instructions);
  const written = new Set(instructions.flatMap((one) => placesWritten(one)));
  for (const one of instructions) {
    if (one.op !== 'call') continue;
    for (const { value } of one.args) {
      const place = value.kind === 'place' ? places[value.place] : undefined;
      if (value.kind !== 'place' || place?.kind !== 'path' || written.has(value.place)) continue;
      const name = place.fields.at(-1);
      const receiver = objectOf(place);
      if (name === undefined || name === elementField || receiver === null) continue;
      const callee = { kind: 'method', name, isSuper: false } as const;
      found.set(value.place, {
        ...one,
        dests: [],
        callee,
        receiver,
        args: whatever,
        throws: 'never',
        isImplicit: true,
      });
    }
  }
  return found;
}

/** What becomes of the resource by a method that the call is given; null: nothing. */
export function methodSettlement(machine: Machine, call: CallInstruction, { store }: State): Settlement | null {
  for (const { value } of call.args) {
    const method = value.kind === 'place' ? machine.facts.methodValues.get(value.place) : undefined;
    if (value.kind !== 'place' || method === undefined || holdsResource(read(store, value.place))) continue;
    if (isHolder(machine, store, method) && isReleasedBy(machine, store, method))
      return { kind: 'transferred', to: 'task', field: null };
  }
  return null;
}

function isHolder({ fn }: Machine, store: Store, { receiver }: CallInstruction): boolean {
  return someEntry(store, (id, value) => {
    const place = fn.places[id];
    return holdsResource(value) && (id === receiver || (place?.kind === 'path' && place.root === receiver));
  });
}

/** As the object itself, or in the very field: `self.bell.wait()` ends no log that the object has as well. */
function isReleasedBy({ context, facts: own }: Machine, store: Store, method: CallInstruction): boolean {
  const facts = context.facts(method);
  if (!facts.isRead) return false;
  const effects = facts.effectsOn(inputsWith(method, (place) => place === method.receiver));
  return effects.some((effect) => {
    if (effect.kind !== 'release' || effect.slot.at !== 'receiver') return false;
    const { slot } = effect;
    return (
      slot.fields === undefined || slotPlaces(own, method, slot).some((place) => holdsResource(read(store, place)))
    );
  });
}
