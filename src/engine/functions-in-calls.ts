/** What a call does to the resource by functions made here: one that it is a call of, or one that it is given. */
import type { Effect } from '../effects/effect.ts';
import type { CallInstruction } from '../ir/ir.ts';
import { closureBorrows, closureReleases, closureSettlement } from './closure-effects.ts';
import { isIn, isInField } from './held-slots.ts';
import type { Machine, Walk } from './machine.ts';
import { slotPlaces } from './slots.ts';
import type { Settlement, State } from './state.ts';
import { read } from './store.ts';
import { holdsResource } from './value.ts';

/** `const cleanup = () => file.close(); … cleanup()`, or `close(file)`: a function made here is called here. */
export function calledSettlement(
  machine: Machine,
  call: CallInstruction,
  state: State,
  on: 'return' | 'throw',
): Settlement | null {
  if (call.callee.kind !== 'value') return null;
  const { place } = call.callee;
  const given = call.args.findIndex(
    ({ value }) => value.kind === 'place' && holdsResource(read(state.store, value.place)),
  );
  if (given >= 0 && closureReleases(machine, place, given)) return { kind: 'released' };
  return closureSettlement(machine, state.store, place, 'now', on === 'return' ? on : 'both');
}

/** The call runs what is in a slot. */
export function invokedSettlement(
  machine: Machine,
  call: CallInstruction,
  effect: Extract<Effect, { kind: 'invoke' }>,
  state: State,
  on: 'return' | 'throw',
): Settlement | null {
  // An object that runs later looks after what it was given.
  if (effect.when === 'later' && (isIn(machine, call, effect.slot, state) || isInField(machine, call, effect, state)))
    return { kind: 'transferred', to: 'task', field: null };
  const place = slotPlaces(machine.facts, call, effect.slot)[0];
  const settlement =
    place === undefined
      ? null
      : closureSettlement(machine, state.store, place, effect.when, on === 'return' ? on : 'both');
  return (
    settlement ?? releasedByClosure(machine, call, effect, state) ?? passedSettlement(machine, call, effect, state)
  );
}

/** `open().then((connection) => …)`: the closure is given the resource, later, and nobody else has it then. */
function passedSettlement(
  machine: Machine,
  call: CallInstruction,
  { slot, with: given, when }: Extract<Effect, { kind: 'invoke' }>,
  state: State,
): Settlement | null {
  if (when !== 'later') return null;
  const index = given.findIndex((one) => isIn(machine, call, one, state));
  if (index < 0) return null;
  const place = slotPlaces(machine.facts, call, slot)[0];
  const isBorrowed = place !== undefined && closureBorrows(machine, place, index);
  return isBorrowed ? null : { kind: 'transferred', to: 'task', field: null };
}

/** `all.forEach(one -> one.close())`, while the call runs. */
function releasedByClosure(
  machine: Machine,
  call: CallInstruction,
  { slot, with: given, when }: Extract<Effect, { kind: 'invoke' }>,
  state: State,
): Settlement | null {
  if (when === 'later') return null;
  const index = given.findIndex((one) => isIn(machine, call, one, state));
  const place = slotPlaces(machine.facts, call, slot)[0];
  if (index < 0 || place === undefined) return null;
  return closureReleases(machine, place, index) ? { kind: 'released' } : null;
}

/** A closure over the resource given to a callee nobody knows: its duty if it releases, else still ours. */
export function handsOverInClosure(
  machine: Machine,
  call: CallInstruction,
  invoked: ReadonlySet<number>,
  state: State,
  walk: Walk,
): boolean {
  for (const [index, arg] of call.args.entries()) {
    if (arg.value.kind !== 'place' || invoked.has(index)) continue;
    const settlement = closureSettlement(machine, state.store, arg.value.place, 'later');
    if (settlement === null) continue;
    walk.settled(settlement, state, call);
    return true;
  }
  return false;
}
