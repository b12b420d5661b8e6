/** Places that are written once, by what writes them: such a place means the same wherever it is read. */
import type { CallInstruction, ClosureInstruction, Condition, Instruction, IrFunction, PlaceId } from '../ir/ir.ts';
import { placesWritten } from '../ir/operands.ts';

/** Places written exactly once, with what `select` makes of that instruction; copies are followed. */
export function singleAssignments<T>(
  fn: IrFunction,
  select: (instruction: Instruction) => T | null,
): ReadonlyMap<PlaceId, T> {
  const writes = new Map<PlaceId, Instruction | null>();
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      for (const place of placesWritten(instruction)) {
        // A cleanup copy of the same assignment counts as the same one.
        const earlier = writes.get(place);
        const isSame = earlier !== undefined && earlier?.span.start === instruction.span.start;
        writes.set(place, earlier === undefined || isSame ? instruction : null);
      }
    }
  }
  const found = new Map<PlaceId, T>();
  for (const [place, first] of writes) {
    let instruction = first;
    for (let hops = 0; instruction !== null && hops < 4; hops++) {
      const value = select(instruction);
      if (value !== null) {
        found.set(place, value);
        break;
      }
      instruction =
        instruction.op === 'assign' && instruction.source.kind === 'place'
          ? (writes.get(instruction.source.place) ?? null)
          : null;
    }
  }
  return found;
}

export function closureAssigned(instruction: Instruction): ClosureInstruction | null {
  return instruction.op === 'closure' ? instruction : null;
}

export function callAssigned(instruction: Instruction): CallInstruction | null {
  return instruction.op === 'call' ? instruction : null;
}

/** `const waiting = run(); …; await waiting`: the only call that gives what is there; null: it may be another one's, too. */
export function onlyMaker(
  fn: IrFunction,
  makers: ReadonlyMap<PlaceId, CallInstruction>,
  place: PlaceId,
): CallInstruction | null {
  const isOwn = fn.places[place]?.kind === 'local' && !fn.params.includes(place) && !fn.captures.includes(place);
  return isOwn ? (makers.get(place) ?? null) : null;
}

/** `await socket?.close()`: by what is waited for, the only call that gives it, where anything does. */
export function optionalMakers({ blocks, places }: IrFunction): ReadonlyMap<PlaceId, CallInstruction> {
  const found = new Map<PlaceId, CallInstruction>();
  const others = new Set<PlaceId>();
  for (const { instructions } of blocks) {
    for (const one of instructions) {
      const isNull = one.op === 'assign' && one.source.kind === 'literal' && one.source.literal.kind === 'null';
      for (const place of isNull ? [] : placesWritten(one)) {
        const holder = places[place];
        if (one.op !== 'call' || found.has(place) || holder?.kind !== 'local' || holder.name !== null)
          others.add(place);
        else found.set(place, one);
      }
    }
  }
  for (const place of others) found.delete(place);
  return found;
}

export function receiverAssigned({ receiver, places }: IrFunction, instruction: Instruction): true | null {
  if (instruction.op !== 'assign' || instruction.source.kind !== 'place') return null;
  const isOwn = instruction.source.place === receiver && places[instruction.dest]?.kind === 'local';
  return isOwn ? true : null;
}

export function conditionAssigned(instruction: Instruction): Condition | null {
  return instruction.op === 'assign' && instruction.source.kind === 'condition' ? instruction.source.condition : null;
}
