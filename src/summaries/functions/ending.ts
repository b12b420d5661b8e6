/** Whether a function ever returns to its caller. */
import type { BlockId } from '../../ir/ir.ts';
import { entryBlock, successors } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../demand.ts';

/** A function no path of which returns: it always throws, or never comes back. */
export function endingOf(demand: Demand, scope: Scope): Ending | null {
  const { fn } = scope;
  const seen = new Set<BlockId>([entryBlock]);
  let throwsOut = false;
  let halts = false;
  for (const id of seen) {
    const block = fn.blocks[id];
    if (block === undefined) continue;
    let isEnded = false;
    for (const instruction of block.instructions) {
      if (instruction.op !== 'call') continue;
      const known = demand.knowledge(scope, instruction);
      if (known.throws !== 'never' && block.unwind !== null) seen.add(block.unwind);
      if (!known.neverReturns) continue;
      isEnded = true;
      if (known.throws === 'never') halts = true;
      else throwsOut = true;
      break;
    }
    if (isEnded) continue;
    if (block.terminator.op === 'return') return null;
    if (block.terminator.op === 'throw' || block.terminator.op === 'rethrow') {
      if (block.unwind === null) throwsOut = true;
      else seen.add(block.unwind);
    }
    for (const next of successors(block)) seen.add(next);
  }
  // What exits the process in the end throws on the way only if printing its last words fails.
  return throwsOut && !halts ? 'throws' : 'halts';
}

/** Why a function never returns to its caller. */
export type Ending = 'throws' | 'halts';
