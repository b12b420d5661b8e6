/** What a generator yields to its consumer, who may keep it as a callee nobody knows may keep what it is given. */
import type { Instruction } from '../ir/ir.ts';
import { closureSettlement } from './closure-effects.ts';
import type { Machine, Walk } from './machine.ts';
import type { State } from './state.ts';
import { read } from './store.ts';
import { isResource } from './value.ts';

/** null: the consumer has it, and the path ends here. */
export function handOver(
  machine: Machine,
  { handsOver, span }: Extract<Instruction, { op: 'yield' }>,
  state: State,
  walk: Walk,
): State | null {
  for (const place of handsOver) {
    const closure = closureSettlement(machine, state.store, place, 'later');
    if (closure === null) continue;
    walk.settled(closure, state);
    return null;
  }
  if (!handsOver.some((place) => isResource(read(state.store, place)))) return state;
  if (machine.tracked.hasSiblingRelease) return { ...state, wasLent: true };
  walk.settled({ kind: 'escaped', span, why: 'yield' }, { ...state, usesMay: true });
  return null;
}
