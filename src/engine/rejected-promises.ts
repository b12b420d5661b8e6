/**
 * What waits for a promise's value is not called where the promise is rejected:
 *
 *     return client.query(text).then((rows) => { client.release(); return rows; });
 *
 * The path on which that happens goes on with the promise known as rejected: whoever waits for it fails, what takes a
 * failure is called, and what is made of the promise is rejected too, unless its failure was taken.
 */
import type { Effect, Slot } from '../effects/effect.ts';
import type { CallInstruction, Instruction, PlaceId } from '../ir/ir.ts';
import { callsOf, placesRead } from '../ir/operands.ts';
import type { CallFacts } from './context.ts';
import { invokedSettlement } from './functions-in-calls.ts';
import { isIn } from './held-slots.ts';
import type { Machine } from './machine.ts';
import { slotPlaces } from './slots.ts';
import { traced, weaker, type Settlement, type State } from './state.ts';
import { placesWith, read, write, type Store } from './store.ts';
import { holdsResource, REJECTED } from './value.ts';

type Invoke = Extract<Effect, { kind: 'invoke' }>;

/** The call whose promise is rejected, and how surely it is. */
export interface Rejection {
  /** null: nobody knows which call gave the promise. */
  readonly by: CallInstruction | null;
  readonly tier: Exclude<CallFacts['throws'], 'never'>;
}

export function isRejected(store: Store, place: PlaceId): boolean {
  return read(store, place) === REJECTED;
}

/** Does the instruction use a promise known as rejected? */
export function usesRejected(store: Store, instruction: Instruction): boolean {
  const rejected = placesWith(store, (value) => value === REJECTED);
  return rejected.length > 0 && placesRead(instruction).some((place) => rejected.includes(place));
}

/** Does the call give the duty to a function that is called only if the promise is not rejected? null: it does not. */
export function rejectionSkipping(
  machine: Machine,
  call: CallInstruction,
  effects: readonly Effect[],
  state: State,
): Rejection | null {
  const { receiver, dests } = call;
  const { tracked, facts, fn, context } = machine;
  const [dest] = dests;
  // A promise that nobody waits for says nothing of what comes next; nor does a duty that may be somebody else's.
  if (receiver === null || dest === undefined || !facts.reads.has(dest)) return null;
  if (!tracked.hasSiblingRelease || tracked.resource === null) return null;
  // What the promise itself gives is not there where it is rejected.
  if (holdsResource(read(state.store, receiver))) return null;
  const isSkipped = effects.some(
    (effect) =>
      effect.kind === 'invoke' &&
      effect.outcome === 'fulfilled' &&
      !isIn(machine, call, effect.slot, state) &&
      invokedSettlement(machine, call, effect, state, 'return') !== null,
  );
  if (!isSkipped) return null;
  const [by = null, ...others] = callsOf(fn).filter((one) => one.dests.includes(receiver));
  if (by === null || others.length > 0) return { by: null, tier: 'likely' };
  const { rejects, acquisitions } = context.facts(by);
  const acquired = acquisitions.flatMap(({ slot }) => slotPlaces(facts, by, slot));
  if (acquired.some((place) => holdsResource(read(state.store, place)))) return null;
  const tier = rejects === null ? 'likely' : weaker('likely', rejects);
  return tier === 'never' ? null : { by, tier };
}

/** As it was before the call, with the promise rejected. */
export function rejectedState(machine: Machine, call: CallInstruction, { by, tier }: Rejection, state: State): State {
  const span = by?.span ?? call.span;
  const label = by === null ? nameOf(machine, call) : machine.context.facts(by).label;
  const thrown = { ...state, cause: traced(state, 'throws', span, label) };
  return {
    ...thrown,
    weakest: weaker(state.weakest, tier),
    thrown: null,
    cause: traced(thrown, 'skipped', call.span, machine.context.facts(call).label),
    store: call.receiver === null ? state.store : write(state.store, call.receiver, REJECTED),
  };
}

function nameOf({ fn }: Machine, { receiver }: CallInstruction): string {
  const place = receiver === null ? undefined : fn.places[receiver];
  return place?.kind === 'local' && place.name !== null ? place.name : 'the promise';
}

/**
 * What a call made on a rejected promise does: ends the duty by a function it calls then, or gives a promise that is
 * rejected too, or one that is not as its failure was taken. null: nobody knows.
 */
export function callOnRejected(
  machine: Machine,
  call: CallInstruction,
  effects: readonly Effect[],
  state: State,
): Settlement | 'rejected' | 'taken' | null {
  if (call.receiver === null || !isRejected(state.store, call.receiver)) return null;
  const invoked = effects.filter((effect): effect is Invoke => effect.kind === 'invoke');
  if (invoked.length === 0) return null;
  const run = invoked.filter(({ outcome, slot }) => outcome !== 'fulfilled' && isGiven(call, slot));
  for (const effect of run) {
    const settlement = invokedSettlement(machine, call, effect, state, 'return');
    if (settlement !== null) return settlement;
  }
  const taking = run.filter(({ outcome }) => outcome === 'rejected');
  const endings = taking.flatMap(({ slot }) => endingsOf(machine, call, slot));
  if (endings.includes('halts')) return { kind: 'halted' };
  return taking.length === 0 || endings.includes('throws') ? 'rejected' : 'taken';
}

/** `.catch((error) => { throw wrapped(error); })` fails all the same. */
function endingsOf({ facts, context }: Machine, call: CallInstruction, slot: Slot): readonly ('throws' | 'halts')[] {
  const made = slotPlaces(facts, call, slot).flatMap((place) => facts.closures.get(place)?.members ?? []);
  return made.flatMap(({ fn }) => context.endingOf(fn) ?? []);
}

/** `then(read, undefined)` is given one function. */
function isGiven({ args }: CallInstruction, slot: Slot): boolean {
  if (slot.at !== 'param') return true;
  const value = args[slot.index]?.value;
  return value !== undefined && value.kind !== 'literal';
}
