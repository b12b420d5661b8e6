/**
 * The inputs of a call, what it is made on and what it is given, as a set of bits. What a function does to one of them is
 * found out apart from the others, as that costs a simulation: whoever asks for effects says which inputs matter.
 */
import type { CallInstruction, PlaceId } from '../ir/ir.ts';

export type Inputs = number;

/** One of a function's: what it is called on, or the number of a parameter. */
export type Input = 'receiver' | number;

export const noInputs: Inputs = 0;
export const allInputs: Inputs = -1;
export const receiverInput: Inputs = 1;

/** Bit 0 is the receiver's; arguments beyond the last bit share it. */
const LAST_BIT = 31;

export function argumentInput(index: number): Inputs {
  return 1 << Math.min(index + 1, LAST_BIT);
}

/** Every argument from `index` on: varargs. */
export function argumentInputsFrom(index: number): Inputs {
  return allInputs << Math.min(index + 1, LAST_BIT);
}

/** The inputs that are a place of which `isMeant` says so; all, where it says so of the function that is called. */
export function inputsWith({ callee, receiver, args }: CallInstruction, isMeant: (place: PlaceId) => boolean): Inputs {
  if (callee.kind === 'value' && isMeant(callee.place)) return allInputs;
  let inputs = receiver !== null && isMeant(receiver) ? receiverInput : noInputs;
  for (const [index, { value }] of args.entries())
    if (value.kind === 'place' && isMeant(value.place)) inputs |= argumentInput(index);
  return inputs;
}
