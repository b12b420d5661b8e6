/**
 * What a function that runs at once opens and leaves in a variable of the function around, whose release there says that
 * it is its own:
 *
 *     let limit;
 *     const late = new Promise((_, reject) => { limit = setTimeout(() => reject(new Error('late')), ms); });
 *     await Promise.race([work, late]);
 *     clearTimeout(limit);
 *
 * What the promise itself tells is over when it does, so it counts from where that promise has been waited for.
 */
import { functionFacts } from '../../engine/function-facts.ts';
import { slotPlaces } from '../../engine/slots.ts';
import type { BasicBlock, BlockId, CallInstruction, ClosureInstruction, PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import { outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import { valueUses } from '../value-uses.ts';
import type { Acquisition, CallKnowledge } from '../calls/call-knowledge.ts';
import type { Demand } from '../demand.ts';
import { isReleasedIn, releasesOf } from './release-sites.ts';

export interface LeftInVariable {
  /** The call in the function that runs at once. */
  readonly call: CallInstruction;
  readonly knowledge: CallKnowledge;
  readonly acquisition: Acquisition;
  /** The variable of the function around. */
  readonly place: PlaceId;
  /** From where on it is that function's. */
  readonly block: BlockId;
  readonly index: number;
}

export function leftInVariables(
  demand: Demand,
  scope: Scope,
  block: BasicBlock,
  index: number,
): readonly LeftInVariable[] {
  const call = block.instructions[index];
  if (call?.op !== 'call' || call.callee.kind !== 'construct') return [];
  const from = waitedFor(block, index, call);
  return runAtOnce(demand, scope, call).flatMap((closure) =>
    demand
      .closuresOf(scope)
      .filter((one) => one.closure === closure)
      .flatMap(({ inner }) => leftBy(demand, scope, inner))
      .map((left) => ({ ...left, block: block.id, index: from })),
  );
}

function runAtOnce(demand: Demand, scope: Scope, call: CallInstruction): readonly ClosureInstruction[] {
  const facts = functionFacts(scope.fn);
  if (!call.args.some(({ value }) => value.kind === 'place' && facts.closures.has(value.place))) return [];
  return demand.knowledge(scope, call).effects.flatMap((effect) => {
    if (effect.kind !== 'invoke' || effect.when !== 'now') return [];
    return slotPlaces(facts, call, effect.slot).flatMap((place) => facts.closures.get(place) ?? []);
  });
}

function leftBy(demand: Demand, scope: Scope, inner: Scope): readonly Omit<LeftInVariable, 'block' | 'index'>[] {
  const { captures } = inner.fn;
  return callsOf(inner.fn).flatMap((call) => {
    const [dest] = call.dests;
    if (dest === undefined) return [];
    const variable = [dest, ...valueUses(inner.fn).copies(dest)].find((one) => captures.includes(one));
    const place = variable === undefined ? null : (outwards(inner, variable)?.place ?? null);
    if (variable === undefined || place === null) return [];
    const knowledge = demand.knowledge(inner, call);
    return knowledge.acquisitions
      .filter(
        ({ slot, resource }) =>
          slot.at === 'result' &&
          isReleasedIn(demand, scope, place, resource) &&
          !isReleasedThere(demand, inner, variable, resource),
      )
      .map((acquisition) => ({ call, knowledge, acquisition, place }));
  });
}

/** `limit = setTimeout(…); limit.unref();`, of the function that made it and not of another one it makes. */
function isReleasedThere(demand: Demand, inner: Scope, variable: PlaceId, resource: Acquisition['resource']): boolean {
  return releasesOf(demand, inner, variable, resource).some(
    ({ span, isAfterFailure }) => span !== null && !isAfterFailure,
  );
}

/** `await new Promise(…)`: past the `await`. */
function waitedFor({ instructions }: BasicBlock, index: number, { dests }: CallInstruction): number {
  const next = instructions[index + 1];
  const isWaited = next?.op === 'await' && next.source.kind === 'place' && dests.includes(next.source.place);
  return isWaited ? index + 1 : index;
}
