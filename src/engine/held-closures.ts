/** Which functions a variable may hold, one after the other, whatever the path; `function-facts.ts` keeps the answer. */
import type { BlockId, ClosureInstruction, IrFunction, PlaceId } from '../ir/ir.ts';

export interface HeldClosure {
  readonly closure: ClosureInstruction;
  readonly block: BlockId;
}

/** `cleanup = func() { a.Close() }`, and further on `cleanup = func() { a.Close(); b.Close() }`. */
export function allClosuresHeld(
  fn: IrFunction,
  closures: ReadonlyMap<PlaceId, ClosureInstruction>,
): ReadonlyMap<PlaceId, readonly HeldClosure[]> {
  const held = new Map<PlaceId, HeldClosure[]>();
  const blocks = new Map<ClosureInstruction, BlockId>();
  const add = (place: PlaceId, found: readonly HeldClosure[]): void => {
    const known = held.get(place) ?? [];
    held.set(place, [...known, ...found.filter((one) => !known.includes(one))]);
  };
  for (const { id, instructions } of fn.blocks) {
    for (const instruction of instructions) {
      if (instruction.op === 'closure') {
        blocks.set(instruction, id);
        if (instruction.captures.length > 0) add(instruction.dest, [{ closure: instruction, block: id }]);
      } else if (instruction.op === 'assign' && instruction.source.kind === 'place') {
        const copied = held.get(instruction.source.place);
        if (copied !== undefined) add(instruction.dest, copied);
      }
    }
  }
  for (const [place, closure] of closures) {
    const block = blocks.get(closure);
    if (!held.has(place) && block !== undefined) held.set(place, [{ closure, block }]);
  }
  return held;
}
