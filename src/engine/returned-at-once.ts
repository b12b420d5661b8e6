/**
 * Calls whose result is returned where it is had, `return createItem(session, message);`, through cleanup as well;
 * `function-facts.ts` keeps the answer.
 */
import type { BasicBlock, CallInstruction, IrFunction, PlaceId } from '../ir/ir.ts';
import { isCopy, placesLeaving } from '../ir/operands.ts';

export function returnedAtOnce({ blocks, places }: IrFunction): ReadonlySet<CallInstruction> {
  const returned = new Set(
    blocks.flatMap(({ terminator }) => (terminator.op === 'return' ? placesLeaving(terminator) : [])),
  );
  const found = new Set<CallInstruction>();
  for (const block of blocks) {
    const call = lastCall(block, (place) => {
      const kept = places[place];
      return kept?.kind === 'local' && kept.name === null && returned.has(place);
    });
    if (call !== null) found.add(call);
  }
  return found;
}

/** `isSlot`: does the place keep what is returned while cleanup runs? */
function lastCall(
  { instructions, terminator }: BasicBlock,
  isSlot: (place: PlaceId) => boolean,
): CallInstruction | null {
  const given = new Set(terminator.op === 'return' ? placesLeaving(terminator) : []);
  for (const one of instructions.toReversed()) {
    if (one.op === 'call') return one.dests.some((dest) => given.has(dest)) ? one : null;
    if (terminator.op !== 'jump' || !isCopy(one) || !isSlot(one.dest)) return null;
    given.add(one.source.place);
  }
  return null;
}
