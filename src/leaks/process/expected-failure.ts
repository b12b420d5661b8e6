/** `_, err := connect(); require.Error(t, err)`: where the call succeeds the process ends, so nobody misses its result. */
import type { BlockId, CallInstruction, IrFunction } from '../../ir/ir.ts';

/** `block`: where the call is. */
export function isExpectedToFail(fn: IrFunction, call: CallInstruction, block: BlockId): boolean {
  const error = call.dests.at(-1);
  const terminator = fn.blocks[block]?.terminator;
  if (error === undefined || terminator?.op !== 'branch' || terminator.when === 'unknown') return false;
  const { when } = terminator;
  if (when.test !== 'null' || when.place !== error) return false;
  const onSuccess = when.negated ? terminator.else : terminator.then;
  return fn.blocks[onSuccess]?.terminator.op === 'halt';
}
