/** What a function hands to another one that goes on with it, later or on its own: where, and the path into that one. */
import type { SettledExit, TraceEvent } from '../engine/state.ts';
import type { CallInstruction } from '../ir/ir.ts';

/** By the call that hands it on for sure, the first way there. */
export function handedOnFirst(settled: readonly SettledExit[]): ReadonlyMap<CallInstruction, SettledExit> {
  const first = new Map<CallInstruction, SettledExit>();
  for (const exit of settled) {
    const { settlement, by, state } = exit;
    const isGiven = settlement.kind === 'transferred' && settlement.to === 'task' && by !== null;
    if (isGiven && state.weakest === null && !state.isCoarse && !first.has(by)) first.set(by, exit);
  }
  return first;
}

/** The steps of the function that goes on, after those that led to it. */
export function behind(given: TraceEvent, last: TraceEvent): TraceEvent {
  const steps: TraceEvent[] = [];
  for (let event: TraceEvent | null = last; event !== null; event = event.previous)
    if (event.kind !== 'acquired') steps.push(event);
  return steps.reduceRight((previous, event) => ({ ...event, previous }), given);
}
