/** Which functions a variable may hold, one after the other, whatever the path; `function-facts.ts` keeps the answer. */
import type { BlockId, CallInstruction, ClosureInstruction, IrFunction, PlaceId } from '../ir/ir.ts';

export interface HeldClosure {
  readonly closure: ClosureInstruction;
  readonly block: BlockId;
}

/**
 * The one a place stands for when it is called. Of several written there it is the first that captures something:
 * `if (owned) { commit = () => file.close() } else { commit = store.add() }`. `writtenOnce`: where there is but one.
 */
export function closuresMeant(
  fn: IrFunction,
  writtenOnce: ReadonlyMap<PlaceId, ClosureInstruction>,
): ReadonlyMap<PlaceId, ClosureInstruction> {
  const meant = new Map(writtenOnce);
  for (const { instructions } of fn.blocks) {
    for (const instruction of instructions) {
      if (instruction.op === 'closure' && instruction.captures.length > 0 && !meant.has(instruction.dest))
        meant.set(instruction.dest, instruction);
      if (instruction.op !== 'assign' || instruction.source.kind !== 'place' || meant.has(instruction.dest)) continue;
      const closure = meant.get(instruction.source.place);
      if (closure !== undefined && closure.captures.length > 0) meant.set(instruction.dest, closure);
    }
  }
  return meant;
}

/** `[]handler{write}`, `&Server{handle: write}`: who has it may call what is in it. */
function isLiteral({ callee, args }: CallInstruction): boolean {
  if (callee.kind === 'aggregate') return true;
  return callee.kind === 'construct' && args.length > 0 && args.every(({ name }) => name !== null);
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
      } else if (instruction.op === 'call' && isLiteral(instruction)) {
        const [dest] = instruction.dests;
        const within = instruction.args.flatMap(({ value }) =>
          value.kind === 'place' ? (held.get(value.place) ?? []) : [],
        );
        if (dest !== undefined && within.length > 0) add(dest, within);
      }
    }
  }
  for (const [place, closure] of closures) {
    const block = blocks.get(closure);
    if (!held.has(place) && block !== undefined) held.set(place, [{ closure, block }]);
  }
  return held;
}
