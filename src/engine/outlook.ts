/**
 * What may become of a resource that starts in some places, whatever path is taken: one walk over the uses of
 * whatever may hold it. Most parameters are only read, or handed to somebody nobody knows, and need no simulation.
 * It errs on one side: where it says `nothing` or `escapes`, a simulation would say the same.
 */
import { append } from '../append.ts';
import type { Effect, Slot } from '../effects/effect.ts';
import { inputsWith, noInputs } from '../effects/inputs.ts';
import { assertNever } from '../errors.ts';
import type { CallInstruction, Instruction, IrFunction, PlaceId } from '../ir/ir.ts';
import { placesRead } from '../ir/operands.ts';
import { slotPlaces } from './slots.ts';
import type { EngineContext } from './context.ts';
import { capturedPlace, functionFacts, pathKey, type FunctionFacts } from './function-facts.ts';

/** `escapes`: all that happens to it is that calls may keep it. `unclear`: ask a simulation. */
export type Outlook = 'nothing' | 'escapes' | 'unclear';

export function outlook(context: EngineContext, starts: readonly PlaceId[]): Outlook {
  return new Foresight(context, 'anything').from(starts);
}

/** Can it be released in this function at all? */
export function mayBeReleased(context: EngineContext, starts: readonly PlaceId[]): boolean {
  return new Foresight(context, 'release').from(starts) === 'unclear';
}

interface Uses {
  readonly instructions: ReadonlyMap<PlaceId, readonly Instruction[]>;
  readonly returned: ReadonlySet<PlaceId>;
}

class Foresight {
  readonly #fn: IrFunction;
  readonly #context: EngineContext;
  readonly #facts: FunctionFacts;
  readonly #uses: Uses;
  readonly #wanted: 'release' | 'anything';
  readonly #reached = new Set<PlaceId>();
  #escapes = false;

  constructor(context: EngineContext, wanted: 'release' | 'anything') {
    this.#fn = context.fn;
    this.#context = context;
    this.#facts = functionFacts(context.fn);
    this.#uses = usesOf(context.fn);
    this.#wanted = wanted;
  }

  from(starts: readonly PlaceId[]): Outlook {
    for (const start of starts) this.#reached.add(start);
    for (const place of this.#reached) {
      if (this.#wanted === 'anything' && this.#uses.returned.has(place)) return 'unclear';
      const path = this.#fn.places[place];
      const roots = path?.kind === 'path' ? [place, path.root] : [place];
      for (const root of roots) {
        for (const use of this.#uses.instructions.get(root) ?? []) {
          if (this.#decides(use, place, root)) return 'unclear';
        }
      }
    }
    return this.#escapes ? 'escapes' : 'nothing';
  }

  /** Follows the place through an instruction that uses it or what it is a field of; true: this needs a simulation. */
  #decides(use: Instruction, place: PlaceId, root: PlaceId): boolean {
    switch (use.op) {
      case 'assign':
      case 'await':
      case 'yield':
        if (use.op === 'yield' && use.handsOver.includes(place)) this.#escapes = true;
        if (use.dest === null || use.source.kind !== 'place') return false;
        if (root === place) return this.#flowsInto(use.dest);
        this.#copyField(place, use.dest);
        return false;
      case 'closure':
        return this.#isCaptured(use, place);
      case 'call':
        return this.#isDecidedByCall(use, place);
      case 'spawn':
      case 'opaque':
        return this.#wanted === 'anything';
      case 'caught':
        return false;
      default:
        return assertNever(use);
    }
  }

  #flowsInto(dest: PlaceId): boolean {
    const place = this.#fn.places[dest];
    const isHandedOver = place?.kind !== 'local' || this.#fn.captures.includes(dest);
    if (isHandedOver && this.#wanted === 'anything') return true;
    this.#reached.add(dest);
    return false;
  }

  /** After `b = a` what is in `a.body` is in `b.body`. */
  #copyField(place: PlaceId, dest: PlaceId): void {
    const path = this.#fn.places[place];
    const twin = path?.kind === 'path' ? this.#facts.pathPlaces.get(pathKey(dest, path.fields)) : undefined;
    if (twin !== undefined) this.#reached.add(twin);
  }

  #isCaptured(closure: Extract<Instruction, { op: 'closure' }>, place: PlaceId): boolean {
    if (closure.base === place) return this.#flowsInto(closure.dest);
    if (this.#wanted === 'anything') return closure.captures.includes(place);
    return closure.members.some(({ fn }) =>
      this.#context
        .closureEffects(fn)
        .some(
          ({ kind, ...effect }) =>
            kind === 'release' &&
            'slot' in effect &&
            effect.slot.at === 'capture' &&
            capturedPlace(this.#facts, closure, effect.slot) === place,
        ),
    );
  }

  #isDecidedByCall(call: CallInstruction, place: PlaceId): boolean {
    // A function value: what it does with what it captures or is given is for the simulation.
    if (call.callee.kind === 'value' && this.#facts.closures.has(call.callee.place)) return true;
    const path = this.#fn.places[place];
    const root = path?.kind === 'path' ? path.root : place;
    const inputs = inputsWith(call, (one) => one === place || one === root);
    return (
      inputs !== noInputs &&
      this.#context
        .facts(call)
        .effectsOn(inputs)
        .some((effect) => this.#isDecidedBy(effect, call, place))
    );
  }

  #isDecidedBy(effect: Effect, call: CallInstruction, place: PlaceId): boolean {
    const isIn = (slot: Slot): boolean => slotPlaces(this.#facts, call, slot).includes(place);
    switch (effect.kind) {
      case 'release':
      case 'drain':
        return isIn(effect.slot);
      case 'escape':
        if (isIn(effect.slot)) this.#escapes = true;
        return false;
      case 'alias':
        if (!isIn(effect.from)) return false;
        return slotPlaces(this.#facts, call, effect.into).some((into) => this.#flowsInto(into));
      case 'transfer':
        if (!isIn(effect.from)) return false;
        if (this.#wanted === 'anything') return true;
        if (typeof effect.to !== 'string')
          for (const to of slotPlaces(this.#facts, call, effect.to)) this.#reached.add(to);
        return false;
      case 'invoke':
        return isIn(effect.slot) || effect.with.some(isIn);
      case 'acquire':
      case 'borrow':
      case 'test':
      case 'throws':
      case 'rejects':
      case 'noReturn':
        return false;
      default:
        return assertNever(effect);
    }
  }
}

const cache = new WeakMap<IrFunction, Uses>();

function usesOf(fn: IrFunction): Uses {
  const known = cache.get(fn);
  if (known !== undefined) return known;
  const instructions = new Map<PlaceId, Instruction[]>();
  const returned = new Set<PlaceId>();
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      for (const place of new Set(placesRead(instruction))) {
        append(instructions, place, instruction);
      }
    }
    if (block.terminator.op !== 'return') continue;
    for (const value of block.terminator.values) if (value.kind === 'place') returned.add(value.place);
  }
  const uses = { instructions, returned };
  cache.set(fn, uses);
  return uses;
}
