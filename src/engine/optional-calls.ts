/** Calls that are made only where there is something to call; `function-facts.ts` keeps the answer. */
import type { BasicBlock, BlockId, IrFunction } from '../ir/ir.ts';
import { testMade } from './repeated-tests.ts';

export interface OptionalCall {
  readonly present: BlockId;
  readonly missing: BlockId;
}

/** `a?.b(c)`: a test for null, with the call on one side and null for its result on the other. */
export function optionalCalls(fn: IrFunction): ReadonlyMap<BlockId, OptionalCall> {
  const found = new Map<BlockId, OptionalCall>();
  for (const { id, terminator } of fn.blocks) {
    const test = testMade(terminator);
    if (terminator.op !== 'branch' || test?.test !== 'null') continue;
    const [missing, present] = test.negated ? [terminator.else, terminator.then] : [terminator.then, terminator.else];
    if (isInsteadOf(fn.blocks[missing], fn.blocks[present])) found.set(id, { present, missing });
  }
  return found;
}

function isInsteadOf(missing: BasicBlock | undefined, present: BasicBlock | undefined): boolean {
  const [only, ...others] = missing?.instructions ?? [];
  const call = present?.instructions.at(-1);
  if (only?.op !== 'assign' || others.length > 0 || call?.op !== 'call' || !call.dests.includes(only.dest))
    return false;
  const isNull = only.source.kind === 'literal' && only.source.literal.kind === 'null';
  const [after, joined] = [missing?.terminator, present?.terminator];
  return isNull && after?.op === 'jump' && joined?.op === 'jump' && after.to === joined.to;
}
