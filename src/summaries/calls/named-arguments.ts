/**
 * `send(path, stream=out)`: a function of the scan is known by the numbers of its parameters, and a call may give them by name,
 * in any order. Here the call is put in the order of the parameters, and what is then known of it back into its own. What only
 * a parameter for all other names takes, `**options`, may be kept. Calls that name nothing, and models, are left as they are.
 */
import type { Effect, Slot } from '../../effects/effect.ts';
import { allInputs, argumentInput, receiverInput, type Inputs } from '../../effects/inputs.ts';
import type { CallInstruction } from '../../ir/ir.ts';
import type { Parameter } from '../../languages/language.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { BodyKnowledge } from './body-knowledge.ts';
import type { Acquisition } from './call-knowledge.ts';

type Argument = CallInstruction['args'][number];

const leftOut: Argument = { value: { kind: 'unknown' }, name: null, isSpread: false };

/** What `know` says of the call, however its arguments are given. */
export function knownByParameter(
  call: CallInstruction,
  resolved: ResolvedCall,
  know: (call: CallInstruction) => BodyKnowledge,
): BodyKnowledge {
  const parameters = resolved.models.length > 0 || call.args.every(({ name }) => name === null) ? null : only(resolved);
  if (parameters === null) return know(call);
  const numbers = call.args.map((arg, index) => numberOf(arg, index, parameters));
  const known = know(arranged(call, parameters, numbers));
  const toOwn = (slot: Slot): readonly Slot[] => ownSlots(slot, numbers);
  return {
    effectsOn: (inputs) => [
      ...known.effectsOn(inputsOf(inputs, numbers)).flatMap((effect) => inOwnOrder(effect, toOwn)),
      ...numbers.flatMap((number, index) =>
        number < parameters.length || (inputs & argumentInput(index)) === 0 ? [] : [mayBeKept(index)],
      ),
    ],
    get acquisitions() {
      return known.acquisitions.map((one) => acquiredInOwnOrder(one, toOwn));
    },
    get mayReturnFresh() {
      return known.mayReturnFresh;
    },
  };
}

/** null: there are several, of other parameters. */
function only({ declarations }: ResolvedCall): readonly Parameter[] | null {
  const [first, ...others] = declarations.map(({ declaration }) => declaration.params);
  const isSame = (params: readonly Parameter[]): boolean =>
    params.length === first?.length && params.every(({ name }, index) => name === first[index]?.name);
  return first !== undefined && others.every(isSame) ? first : null;
}

/** Behind all parameters: of none that has a name of its own. */
function numberOf({ name }: Argument, index: number, parameters: readonly Parameter[]): number {
  if (name === null) return index;
  const number = parameters.findIndex((one) => one.name === name && !one.isVariadic);
  return number === -1 ? parameters.length + index : number;
}

function arranged(
  call: CallInstruction,
  parameters: readonly Parameter[],
  numbers: readonly number[],
): CallInstruction {
  const given = new Map(call.args.map((arg, index) => [numbers[index], arg]));
  const args = Array.from({ length: Math.max(...numbers) + 1 }, (_, number): Argument => {
    const fallback = parameters[number]?.fallback;
    const other: Argument =
      fallback === undefined ? leftOut : { ...leftOut, value: { kind: 'literal', literal: fallback } };
    return given.get(number) ?? other;
  });
  return { ...call, args };
}

function inputsOf(inputs: Inputs, numbers: readonly number[]): Inputs {
  if (inputs === allInputs) return inputs;
  let found = inputs & receiverInput;
  for (const [index, number] of numbers.entries())
    if ((inputs & argumentInput(index)) !== 0) found |= argumentInput(number);
  return found;
}

/** Of a parameter that is given nothing, a number that no argument has. */
function ownSlots(slot: Slot, numbers: readonly number[]): readonly Slot[] {
  if (slot.at === 'param') {
    const index = numbers.indexOf(slot.index);
    return [{ ...slot, index: index === -1 ? numbers.length + slot.index : index }];
  }
  if (slot.at !== 'params') return [slot];
  return numbers.flatMap((number, index) => (number >= slot.index ? [{ ...slot, at: 'param' as const, index }] : []));
}

function mayBeKept(index: number): Effect {
  return { kind: 'escape', slot: { at: 'param', index }, on: 'both', certainty: 'may' };
}

function inOwnOrder(effect: Effect, toOwn: (slot: Slot) => readonly Slot[]): readonly Effect[] {
  const [guardedBy] = effect.given === undefined ? [] : toOwn(effect.given.slot);
  const guard =
    effect.given === undefined || guardedBy === undefined ? {} : { given: { ...effect.given, slot: guardedBy } };
  switch (effect.kind) {
    case 'acquire': {
      const { heldBy, within, makes } = effect;
      const [inside] = within === undefined ? [] : toOwn(within);
      const [made] = makes === undefined ? [] : toOwn(makes);
      return toOwn(effect.slot).map((slot) => ({
        ...effect,
        ...guard,
        slot,
        ...(heldBy === undefined ? {} : { heldBy: heldBy.flatMap(toOwn) }),
        ...(inside === undefined ? {} : { within: inside }),
        ...(made === undefined ? {} : { makes: made }),
      }));
    }
    case 'release':
    case 'drain':
    case 'borrow':
    case 'escape':
    case 'test':
      return toOwn(effect.slot).map((slot) => ({ ...effect, ...guard, slot }));
    case 'alias':
      return toOwn(effect.from).flatMap((from) =>
        toOwn(effect.into).map((into) => ({ ...effect, ...guard, from, into })),
      );
    case 'transfer': {
      const { to } = effect;
      const owners = typeof to === 'string' ? [to] : toOwn(to);
      return toOwn(effect.from).flatMap((from) => owners.map((one) => ({ ...effect, ...guard, from, to: one })));
    }
    case 'invoke':
      return toOwn(effect.slot).map((slot) => ({ ...effect, ...guard, slot, with: effect.with.flatMap(toOwn) }));
    case 'throws':
    case 'rejects':
    case 'noReturn':
      return [{ ...effect, ...guard }];
  }
}

function acquiredInOwnOrder(one: Acquisition, toOwn: (slot: Slot) => readonly Slot[]): Acquisition {
  const [slot] = toOwn(one.slot);
  const [inside] = one.within === undefined ? [] : toOwn(one.within);
  const [made] = one.makes === undefined ? [] : toOwn(one.makes);
  const [guardedBy] = one.given == null ? [] : toOwn(one.given.slot);
  return {
    ...one,
    slot: slot ?? one.slot,
    heldBy: one.heldBy.flatMap(toOwn),
    ...(inside === undefined ? {} : { within: inside }),
    ...(made === undefined ? {} : { makes: made }),
    ...(one.given == null || guardedBy === undefined ? {} : { given: { ...one.given, slot: guardedBy } }),
  };
}
