/** What a call does to all of its arguments alike, whichever of them may be a resource, and what gives one of them back. */
import type { Effect, Slot } from '../../effects/effect.ts';
import type { CallInstruction } from '../../ir/ir.ts';

type Transfer = Extract<Effect, { kind: 'transfer' }>;

export function argumentSlots({ args }: CallInstruction): Slot[] {
  return args.map((_, index) => ({ at: 'param', index }));
}

export function borrowAll(call: CallInstruction): Effect[] {
  return argumentSlots(call).map((slot) => ({ kind: 'borrow', slot, on: 'both', certainty: 'may' }));
}

export function escapeAll(call: CallInstruction): Effect[] {
  return argumentSlots(call).map((slot) => ({ kind: 'escape', slot, on: 'both', certainty: 'may' }));
}

export function releaseAll(call: CallInstruction): Effect[] {
  return argumentSlots(call).map((slot) => ({ kind: 'release', slot, on: 'both', certainty: 'may' }));
}

/** `to`: who has them then. Who keeps them before it may fail has them also where it throws. */
export function transferAll(call: CallInstruction, how: Pick<Transfer, 'to' | 'on' | 'certainty'>): Effect[] {
  return argumentSlots(call).map((from) => ({ kind: 'transfer', from, ...how }));
}

/** What it gives is the value in the slot, or stands for it. */
export function givesBack(from: Slot): Effect {
  return { kind: 'alias', from, into: { at: 'result', index: 0 }, on: 'return', certainty: 'must' };
}
