/** A state after a call, before its results are written. */
import type { State } from './state.ts';
import type { Value } from './value.ts';

export interface Outcome {
  readonly state: State;
  /** Values the call gives its results, by index; absent: unknown. */
  readonly results: ReadonlyMap<number, Value>;
}

export function withResult(outcome: Outcome, index: number, value: Value): Outcome {
  return { ...outcome, results: new Map([...outcome.results, [index, value]]) };
}
