/** `_, err := connect(); require.Error(t, err)`: where the call succeeds the process ends, so nobody misses its result. */
import type { BlockId, CallInstruction, IrFunction } from '../../ir/ir.ts';
import { nullTest } from '../../ir/walk.ts';

/** `block`: where the call is. */
export function isExpectedToFail(fn: IrFunction, call: CallInstruction, block: BlockId): boolean {
  const error = call.dests.at(-1);
  const terminator = fn.blocks[block]?.terminator;
  const asked = terminator === undefined ? null : nullTest(terminator);
  if (error === undefined || asked?.place !== error) return false;
  return fn.blocks[asked.whereNull]?.terminator.op === 'halt';
}
