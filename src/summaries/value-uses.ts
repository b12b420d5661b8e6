/** Where the value of a place goes and comes from, whatever the path; computed once for a function. */
import { append } from '../append.ts';
import type { CallInstruction, IrFunction, PlaceId } from '../ir/ir.ts';
import { isCopy } from '../ir/operands.ts';

export interface ValueUses {
  /** Places that get a copy of it, in the order of blocks. */
  copies(place: PlaceId): readonly PlaceId[];
  /** Calls it is an argument of. */
  takers(place: PlaceId): readonly CallInstruction[];
  /** Calls of its methods. */
  callsOn(place: PlaceId): readonly CallInstruction[];
  /** Calls whose first result it is. */
  makers(place: PlaceId): readonly CallInstruction[];
}

/** `const done = callback; callback = null; done(error)`: the capture that is called, also under another name. */
export function captureBehind(fn: IrFunction, called: PlaceId): number | null {
  const uses = valueUses(fn);
  const index = fn.captures.findIndex((capture) => capture === called || uses.copies(capture).includes(called));
  return index < 0 ? null : index;
}

const cache = new WeakMap<IrFunction, ValueUses>();

export function valueUses(fn: IrFunction): ValueUses {
  let uses = cache.get(fn);
  if (uses === undefined) {
    uses = compute(fn);
    cache.set(fn, uses);
  }
  return uses;
}

function compute(fn: IrFunction): ValueUses {
  const copies = new Map<PlaceId, PlaceId[]>();
  const takers = new Map<PlaceId, CallInstruction[]>();
  const callsOn = new Map<PlaceId, CallInstruction[]>();
  const makers = new Map<PlaceId, CallInstruction[]>();
  for (const { instructions } of fn.blocks) {
    for (const one of instructions) {
      if (isCopy(one)) append(copies, one.source.place, one.dest);
      if (one.op !== 'call') continue;
      const [dest] = one.dests;
      if (dest !== undefined) append(makers, dest, one);
      if (one.receiver !== null) append(callsOn, one.receiver, one);
      for (const { value } of one.args) if (value.kind === 'place') append(takers, value.place, one);
    }
  }
  return {
    copies: (place) => copies.get(place) ?? [],
    takers: (place) => takers.get(place) ?? [],
    callsOn: (place) => callsOn.get(place) ?? [],
    makers: (place) => makers.get(place) ?? [],
  };
}
