/**
 * Functions handed to somebody who keeps them, of use for this call alone: they stay behind after it, which makes
 * them an obligation.
 *
 *     new Promise((resolve, reject) => { signal.addEventListener('abort', () => reject()); … })
 *
 * The function around makes a promise, and the one handed on is what settles it. A function that takes a callback is
 * the same without the promise, if several of the functions it makes call it.
 */
import { functionFacts } from '../../engine/function-facts.ts';
import { ownPath } from '../../engine/receiver.ts';
import type { BlockId, CallInstruction, ClosureInstruction, IrFunction, PlaceId, Span } from '../../ir/ir.ts';
import { placesLeaving, placesRead } from '../../ir/operands.ts';
import { reaches } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import { isExecutor } from '../calls/settles-promise.ts';
import type { Demand } from '../demand.ts';
import { isRaced } from '../functions/joined-promises.ts';
import { isGiven, originsOf } from './origins.ts';

export interface HandedOn {
  readonly call: CallInstruction;
  readonly block: BlockId;
  readonly index: number;
  /** What holds the function. */
  readonly place: PlaceId;
  /** Gone by itself as soon as it was called. */
  readonly isOnce: boolean;
  /** What it listens for comes once, and is the last of its object. */
  readonly isForLast?: boolean;
}

/**
 * What is left with an object stays as long as that. What is left with nobody is over when it was called, as with
 * `setTimeout(resolve, 100)`, and is too long there only if something else settles the promise before.
 */
export function isLeftBehind(demand: Demand, scope: Scope, handed: HandedOn): boolean {
  const { call, block, isOnce, isForLast = false } = handed;
  // What the function around is given is its to take back.
  if (call.dests.some((dest) => isKept(scope, dest))) return false;
  const settling = settlersOf(scope);
  const own = settling.length === 0 ? null : settlerAt(demand, scope, handed, settling);
  if (own === null) return false;
  if (call.receiver !== null && !mayBeGiven(demand, scope, call.receiver, isOnce)) return false;
  if (!isExecutor(scope)) return isOverBy(demand, scope, own, block, settling);
  if (isSettledOtherwise(scope.fn, own, block) || isRaced(scope)) return true;
  return call.receiver !== null && !isOnce && !(isForLast && isWaitedForHere(demand, scope));
}

/**
 * `await new Promise((resolve) => signal.addEventListener('abort', () => resolve()))` waits for that, and for nothing else; so
 * may an object that keeps the promise. Whoever is given one may want it no more.
 */
function isWaitedForHere(demand: Demand, scope: Scope): boolean {
  const dests = scope.handedTo()?.dests ?? [];
  const around = scope.around?.scope;
  if (around === undefined) return false;
  const groups = demand.groups(around);
  const promise = new Set(dests.flatMap((dest) => groups.members(dest)));
  return (
    [...promise].some((place) => ownPath(around.fn, place) !== null) ||
    around.fn.blocks.some(({ instructions }) =>
      instructions.some((one) => one.op === 'await' && one.source.kind === 'place' && promise.has(one.source.place)),
    )
  );
}

/** What an executor returns nobody gets: `new Promise((_, reject) => setTimeout(reject, 5000))`. */
function isKept(scope: Scope, dest: PlaceId): boolean {
  const { fn } = scope;
  if (fn.captures.includes(dest)) return true;
  if (!isExecutor(scope)) return functionFacts(fn).reads.has(dest);
  return fn.blocks.some(({ instructions }) => instructions.some((one) => placesRead(one).includes(dest)));
}

/**
 * What was made for the promise goes with it. `isOnce`: what goes by itself is left behind by accident only, and less
 * is taken on trust.
 */
function mayBeGiven(demand: Demand, scope: Scope, receiver: PlaceId, isOnce: boolean): boolean {
  const origins = originsOf(scope, receiver);
  if (isOnce && isSetAround(scope, receiver)) return false;
  if (isOnce || origins.length === 0) return isGiven(origins);
  return !origins.some(({ call, scope: around }) => call !== null && isMaking(demand, around, call));
}

/** `this.client = connect(); return new Promise((resolve) => this.client.once('ready', resolve));` */
function isSetAround({ fn, around }: Scope, place: PlaceId): boolean {
  const path = ownPath(fn, place)?.join('.');
  if (path === undefined) return false;
  for (let at = around?.scope ?? null; at !== null; at = at.around?.scope ?? null) {
    const { blocks } = at.fn;
    const own = (dest: PlaceId): boolean => ownPath(at.fn, dest)?.join('.') === path;
    const isSet = blocks.some(({ instructions }) =>
      instructions.some((one) => (one.op === 'call' ? one.dests.some(own) : one.op === 'assign' && own(one.dest))),
    );
    if (isSet) return true;
  }
  return false;
}

export function isMaking(demand: Demand, scope: Scope, call: CallInstruction): boolean {
  const { callee } = call;
  if (callee.kind === 'construct' || (callee.kind === 'function' && callee.scope !== null)) return true;
  return demand.knowledge(scope, call).acquisitions.length > 0;
}

/** The span of what settles the promise: a function made here, or what the executor was given to settle it by. */
function settlerAt(demand: Demand, scope: Scope, { call, place }: HandedOn, settling: readonly PlaceId[]): Span | null {
  if (settling.includes(place)) return call.span;
  const closure = functionFacts(scope.fn).closures.get(place);
  const holder = scope.fn.places[place];
  const isNamed = holder?.kind !== 'local' || holder.name !== null;
  if (closure === undefined || (isNamed && isMentionedBeside(scope.fn, place, call))) return null;
  const settles = closure.members.some(({ fn }) =>
    demand.calledCaptures(scope, fn).some((index) => isOneOf(settling, closure.captures[index])),
  );
  return settles ? closure.span : null;
}

/** By its name somebody may take it back. */
function isMentionedBeside(fn: IrFunction, place: PlaceId, handing: CallInstruction): boolean {
  return fn.blocks.some(({ instructions, terminator }) => {
    const isRead = instructions.some(
      (one) =>
        placesRead(one).includes(place) &&
        // The call itself, and what it is given a copy by.
        !(one.span.start >= handing.span.start && one.span.end <= handing.span.end),
    );
    return isRead || placesLeaving(terminator).includes(place);
  });
}

/** Parameters by which the function, or what it makes, says that all is done: of an executor, or a callback. */
export function settlersOf(scope: Scope): readonly PlaceId[] {
  return isExecutor(scope) ? scope.fn.params : completions(scope);
}

/** `callback`: called once, when all is done. */
function completions({ fn, world }: Scope): readonly PlaceId[] {
  const { completions: names } = world.models.conventions;
  if (names === null) return [];
  return fn.params.filter((param) => {
    const place = fn.places[param];
    return place?.kind === 'local' && place.name !== null && names.test(place.name);
  });
}

/** Another function made here calls back as well: what comes second is too late. */
function isOverBy(demand: Demand, scope: Scope, own: Span, from: BlockId, settling: readonly PlaceId[]): boolean {
  return demand
    .closuresOf(scope)
    .some(
      ({ closure, inner }) =>
        closure.span.start !== own.start &&
        isOnSamePath(scope.fn, from, closure) &&
        demand.calledCaptures(scope, inner.fn.id).some((index) => isOneOf(settling, closure.captures[index])),
    );
}

/** Of two paths through a function, each with a callback of its own, only one is taken. */
function isOnSamePath(fn: IrFunction, from: BlockId, { dest }: ClosureInstruction): boolean {
  return fn.blocks.some(
    ({ id, instructions }) =>
      instructions.some((one) => one.op === 'closure' && one.dest === dest) &&
      (id === from || reaches(fn, from, id) || reaches(fn, id, from)),
  );
}

/** On the same way through the function something else gets or calls what settles the promise. */
function isSettledOtherwise(fn: IrFunction, own: Span, from: BlockId): boolean {
  const settling = (place: PlaceId): boolean => fn.params.includes(place);
  return fn.blocks.some(
    ({ id, instructions }) =>
      (id === from || reaches(fn, from, id) || reaches(fn, id, from)) &&
      instructions.some((instruction) => {
        if (instruction.span.start === own.start && instruction.span.end === own.end) return false;
        if (instruction.op === 'closure') return instruction.captures.some(settling);
        if (instruction.op !== 'call') return false;
        if (instruction.callee.kind === 'value' && settling(instruction.callee.place)) return true;
        return instruction.args.some(({ value }) => value.kind === 'place' && settling(value.place));
      }),
  );
}

function isOneOf(places: readonly PlaceId[], place: PlaceId | undefined): boolean {
  return place !== undefined && places.includes(place);
}
