/** Which places of a function the slots of a call are. */
import { assertNever } from '../errors.ts';
import type { Slot } from '../effects/effect.ts';
import type { CallInstruction, PlaceId } from '../ir/ir.ts';
import { pathKey, type FunctionFacts } from './function-facts.ts';

/** The places a slot names at this call; a path place only where the function mentions it. */
export function slotPlaces(facts: FunctionFacts, call: CallInstruction, slot: Slot): readonly PlaceId[] {
  const roots = rootPlaces(call, slot);
  const { fields } = slot;
  if (fields === undefined) return roots;
  return roots.flatMap((root) => facts.pathPlaces.get(pathKey(root, fields)) ?? []);
}

/**
 * `reader, writer = wait_for(pair)`: what stood for both of them comes apart. `part`: which of them is meant, where one place
 * stood for several; null: none did.
 */
export function whenApart(call: CallInstruction, into: Slot, part: number | null): Slot {
  return part !== null && into.at === 'result' && call.dests.length > 1 ? { at: 'result', index: part } : into;
}

/** Those that the slot's fields, if it has any, are of. */
export function rootPlaces(call: CallInstruction, slot: Slot): readonly PlaceId[] {
  switch (slot.at) {
    case 'receiver':
      return call.receiver === null ? [] : [call.receiver];
    case 'param': {
      const value = call.args[slot.index]?.value;
      return value?.kind === 'place' ? [value.place] : [];
    }
    case 'params':
      return call.args.slice(slot.index).flatMap((arg) => (arg.value.kind === 'place' ? [arg.value.place] : []));
    case 'result': {
      const dest = call.dests[slot.index];
      return dest === undefined ? [] : [dest];
    }
    case 'callee':
      return call.callee.kind === 'value' ? [call.callee.place] : [];
    case 'capture':
      return [];
    default:
      return assertNever(slot);
  }
}
