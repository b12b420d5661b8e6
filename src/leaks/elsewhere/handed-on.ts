/**
 * What a function hands for good to another one that goes on with it, later or on its own: the ways on which that one leaves
 * it open. The path goes on in it.
 */
import { simulate } from '../../engine/simulate.ts';
import { stateFrom, type OpenExit, type SettledExit, type State, type TraceEvent } from '../../engine/state.ts';
import type { CallInstruction, PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import { parameterSeed } from '../../summaries/functions/infer.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { wasSaidByOthers } from './said-by-others.ts';

/** The function that goes on, and the place it has the resource in. */
export interface Successor {
  readonly scope: Scope;
  readonly place: PlaceId;
}

/** `successorOf`: who goes on with what the call hands over in this state; null: nobody knows. */
export function leftBySuccessors(
  demand: Demand,
  { family, seed: { tracked } }: Obligation,
  settled: readonly SettledExit[],
  successorOf: (call: CallInstruction, state: State) => Successor | null,
): readonly OpenExit[] {
  if (family !== 'resource') return [];
  return [...firstHandedOn(settled)].flatMap(([call, { state }]) => {
    const successor = successorOf(call, state);
    if (successor === null) return [];
    const given: TraceEvent = { kind: 'given', span: call.span, detail: calleeLabel(call), previous: state.cause };
    return leftIn(demand, successor, tracked).map((exit): OpenExit => {
      const cause = behind(given, exit.state.cause);
      return { ...exit, state: { ...stateFrom(cause), usesMay: true } };
    });
  });
}

/** By the call that hands it on for sure, the first way there. */
function firstHandedOn(settled: readonly SettledExit[]): ReadonlyMap<CallInstruction, SettledExit> {
  const first = new Map<CallInstruction, SettledExit>();
  for (const exit of settled) {
    const { settlement, by, state } = exit;
    const isGiven = settlement.kind === 'transferred' && settlement.to === 'task' && by !== null;
    if (isGiven && state.weakest === null && !state.isCoarse && !first.has(by)) first.set(by, exit);
  }
  return first;
}

/** Returns on which it is still open, of a function that releases it on another way. */
function leftIn(
  demand: Demand,
  { scope, place }: Successor,
  { resource, states, emptyWith }: Obligation['seed']['tracked'],
): readonly OpenExit[] {
  const seed = parameterSeed(demand, scope, place);
  const tracked = { ...seed.tracked, resource, states, emptyWith };
  const { limit, settled, open } = simulate(scope.fn, demand.context(scope), { ...seed, tracked });
  if (limit !== null || !settled.some(({ settlement }) => settlement.kind === 'released')) return [];
  return open.filter(({ kind, fields, state }) => {
    const isSure = state.weakest === null && !state.isCoarse;
    return kind === 'return' && fields.length === 0 && isSure && !wasSaidByOthers(demand, scope, state);
  });
}

/** The steps of the function that goes on, after those that led to it. */
function behind(given: TraceEvent, last: TraceEvent): TraceEvent {
  const steps: TraceEvent[] = [];
  for (let event: TraceEvent | null = last; event !== null; event = event.previous)
    if (event.kind !== 'acquired') steps.push(event);
  return steps.reduceRight((previous, event) => ({ ...event, previous }), given);
}
