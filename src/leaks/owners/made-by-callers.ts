/**
 * A listener goes with what it listens to. Where all who call a function make that for the very call, whatever it leaves
 * there goes with the call as well:
 *
 *     function answer(signal: AbortSignal) { … signal.addEventListener('abort', () => reject()); … }
 *     const limit = new AbortController(); await answer(limit.signal);
 *
 * What a request has is made for it. Of a function that others than those of the scan may call, these speak for the rest.
 */
import type { BlockId, CallInstruction, IrFunction, Operand, PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import { reaches } from '../../ir/walk.ts';
import { outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { isPartOfRequest } from '../../summaries/obligations/what-listens.ts';
import { valueUses } from '../../summaries/value-uses.ts';
import { argumentFor, parameterAt, type Call, type NamedParameter } from '../callers/callers.ts';
import { callsInScan } from '../callers/callers-in-scan.ts';

/** From one who hands it on to the next. */
const MOST_HANDS = 3;
/** From variable to variable, and out of functions; who sets two by each other goes round. */
const MOST_STEPS = 16;

export function isMadeByCallers(demand: Demand, scope: Scope, { family, call, seed }: Obligation): boolean {
  if (family !== 'listener' || call.receiver === null) return false;
  const given = parameterBehind(scope, call.receiver);
  if (given === null || isInLoopOf(given.scope, scope, seed.block)) return false;
  return isMadeByAll(demand, given, MOST_HANDS);
}

/** A parameter, or a field of it: `options.signal`. */
interface Given {
  readonly scope: Scope;
  readonly index: number;
  readonly fields: readonly string[];
}

/** `for (;;) await new Promise((resolve) => signal.addEventListener('abort', resolve))`: one more with each round of one call. */
function isInLoopOf(outermost: Scope, inner: Scope, from: BlockId): boolean {
  for (let [scope, block] = [inner, from]; ;) {
    if (reaches(scope.fn, block, block)) return true;
    const { around } = scope;
    if (scope === outermost || around === null) return false;
    const { dest } = around.closure;
    const maker = around.scope.fn.blocks.find(({ instructions }) =>
      instructions.some((one) => one.op === 'closure' && one.dest === dest),
    );
    if (maker === undefined) return false;
    [scope, block] = [around.scope, maker.id];
  }
}

/** null: it comes from elsewhere. */
function parameterBehind(start: Scope, from: PlaceId, path: readonly string[] = []): Given | null {
  let [scope, place, fields] = [start, from, path];
  for (let step = 0; step < MOST_STEPS; step++) {
    const held = scope.fn.places[place];
    const index = scope.fn.params.indexOf(place);
    if (index >= 0) return { scope, index, fields };
    const outer = outwards(scope, place);
    const source = held?.kind === 'path' ? held.root : (outer?.place ?? onlySource(scope.fn, place));
    if (source === null) return null;
    if (held?.kind === 'path') fields = [...held.fields, ...fields];
    else scope = outer?.scope ?? scope;
    place = source;
  }
  return null;
}

/** What a variable that is set once gets; null: no other variable. */
function onlySource({ blocks }: IrFunction, place: PlaceId): PlaceId | null {
  const sources = blocks.flatMap(({ instructions }) =>
    instructions.flatMap((one) => (one.op === 'assign' && one.dest === place ? [one.source] : [])),
  );
  const [source, ...others] = sources;
  return others.length === 0 && source?.kind === 'place' ? source.place : null;
}

function isMadeByAll(demand: Demand, { scope, index, fields }: Given, hands: number): boolean {
  if (hands === 0) {
    demand.noteLimit('hands that a resource goes through');
    return false;
  }
  const calls = callsInScan(demand, scope);
  const parameter = parameterAt(scope, index);
  return calls.length > 0 && calls.every((one) => isMadeAbove(demand, one, parameter, fields, hands));
}

function isMadeAbove(
  demand: Demand,
  one: Call,
  parameter: NamedParameter,
  fields: readonly string[],
  hands: number,
): boolean {
  if (one.call.args.some(({ isSpread }) => isSpread)) return false;
  return isMadeThere(demand, one, argumentFor(one.call, parameter), fields, hands);
}

function isMadeThere(
  demand: Demand,
  call: Call,
  value: Operand | null,
  fields: readonly string[],
  hands: number,
): boolean {
  // Given nothing, it listens to nothing.
  if (value === null || value.kind === 'literal') return true;
  if (value.kind !== 'place') return false;
  const { scope } = call;
  const [field, ...inner] = fields;
  const literal = field === undefined ? undefined : literalAt(scope.fn, value.place);
  if (literal !== undefined) {
    if (literal.args.some(({ isSpread }) => isSpread)) return false;
    const part = literal.args.find(({ name }) => name === field);
    return isMadeThere(demand, call, part?.value ?? null, inner, hands);
  }
  const given = parameterBehind(scope, value.place, fields);
  if (isPartOfRequest(scope, value.place)) return true;
  if (given === null) return isMadeFor(call, value.place);
  if (call.isRepeated) return false;
  return isMadeByAll(demand, given, hands - 1);
}

function literalAt(fn: IrFunction, place: PlaceId): CallInstruction | undefined {
  return callsOf(fn).find(({ callee, dests }) => callee.kind === 'aggregate' && dests.includes(place));
}

/** Made in the function that calls, anew in each round: `limit.signal`. */
function isMadeFor({ scope, block, isRepeated }: Call, place: PlaceId): boolean {
  const { fn } = scope;
  const uses = valueUses(fn);
  return fn.blocks.some(({ id, instructions }) =>
    instructions.some(
      (one) =>
        one.op === 'call' &&
        isMaking(scope, one) &&
        one.dests.some((dest) => [dest, ...uses.copies(dest)].some((holder) => isPartOf(fn, place, holder))) &&
        (!isRepeated || isInSameLoop(fn, id, block)),
    ),
  );
}

/** `new AbortController()`, `AbortSignal.timeout(ms)`. */
function isMaking(scope: Scope, call: CallInstruction): boolean {
  if (call.callee.kind === 'construct') return true;
  const { models, resultType } = scope.resolved(call);
  return (
    call.callee.kind === 'function' && models.length > 0 && resultType !== null && scope.world.isExempt(resultType)
  );
}

/** `this.limit.signal`, of `this.limit`. */
function isPartOf({ places }: IrFunction, place: PlaceId, whole: PlaceId): boolean {
  if (place === whole) return true;
  const [held, holder] = [places[place], places[whole]];
  if (held?.kind !== 'path') return false;
  if (holder?.kind !== 'path') return held.root === whole;
  return held.root === holder.root && holder.fields.every((field, index) => held.fields[index] === field);
}

function isInSameLoop(fn: IrFunction, one: BlockId, other: BlockId): boolean {
  return one === other || (reaches(fn, one, other) && reaches(fn, other, one));
}
