/**
 * Did a method that ends an object's life leave at once, as it had run before? It says so by a flag of the object that it
 * sets itself:
 *
 *     void close() { if (closed) return; flush(); out.close(); closed = true; }
 *     void close() { if (closed.getAndSet(true)) return; flush(); out.close(); }
 */
import type { OpenExit } from '../../engine/state.ts';
import { ownPath } from '../../engine/receiver.ts';
import type { BasicBlock, IrFunction, PlaceId } from '../../ir/ir.ts';
import { literalAssigned } from '../../ir/operands.ts';

export function hadEndedBefore(fn: IrFunction, { kind, state }: OpenExit): boolean {
  if (kind !== 'return' || state.weakest !== null) return false;
  for (let link = state.path; link !== null; link = link.previous) {
    const block = fn.blocks[link.block];
    if (block?.terminator.op !== 'branch') continue;
    const { when } = block.terminator;
    // What was asked last decided to leave.
    return when !== 'unknown' && (isFlagSetHere(fn, when.place) || isTestedAndSet(fn, block, when.place));
  }
  return false;
}

function isFlagSetHere(fn: IrFunction, place: PlaceId): boolean {
  const field = ownPath(fn, place)?.[0];
  return (
    field !== undefined &&
    fn.blocks.some(({ instructions }) =>
      instructions.some(
        (one) =>
          one.op === 'assign' && literalAssigned(one)?.kind === 'boolean' && ownPath(fn, one.dest)?.[0] === field,
      ),
    )
  );
}

/** `closed.compareAndSet(false, true)` */
function isTestedAndSet(fn: IrFunction, { instructions }: BasicBlock, place: PlaceId): boolean {
  return instructions.some(
    (one) =>
      one.op === 'call' &&
      one.dests.includes(place) &&
      one.receiver !== null &&
      ownPath(fn, one.receiver) !== null &&
      one.args.length > 0 &&
      one.args.every(({ value }) => value.kind === 'literal' && value.literal.kind === 'boolean'),
  );
}
