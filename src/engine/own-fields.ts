/**
 * Fields of an object that this function makes, written while nobody else has the object: who puts something there still
 * answers for it, as where it is put into the literal itself. Only where making an object runs no code.
 *
 *     s := &session{}
 *     s.conn, err = net.Dial("tcp", address)
 *     if err := s.greet(); err != nil { return nil, err }
 */
import type { CallInstruction, Instruction, IrFunction, PlaceId } from '../ir/ir.ts';
import { placesWritten } from '../ir/operands.ts';
import { singleAssignments } from './single-assignments.ts';

/** Each with the object. What is before in the text is taken to be before in time. */
export function ownFields(fn: IrFunction): ReadonlyMap<PlaceId, PlaceId> {
  const written = fieldsWritten(fn);
  if (written.size === 0) return written;
  const made = singleAssignments(fn, literalMade);
  const given = firstGiven(fn);
  for (const { instructions } of fn.blocks) {
    for (const one of instructions) {
      for (const field of placesWritten(one)) {
        const root = written.get(field);
        if (root === undefined) continue;
        const isOwn = made.has(root) && !fn.captures.includes(root) && one.span.start < (given.get(root) ?? Infinity);
        if (!isOwn) written.delete(field);
      }
    }
  }
  return written;
}

function fieldsWritten(fn: IrFunction): Map<PlaceId, PlaceId> {
  const written = new Map<PlaceId, PlaceId>();
  for (const { instructions } of fn.blocks) {
    for (const one of instructions) {
      for (const id of placesWritten(one)) {
        const place = fn.places[id];
        if (place?.kind === 'path' && place.fields.length === 1 && fn.places[place.root]?.kind === 'local')
          written.set(id, place.root);
      }
    }
  }
  return written;
}

function literalMade(instruction: Instruction): CallInstruction | null {
  return instruction.op === 'call' && instruction.callee.kind === 'construct' ? instruction : null;
}

/** Where a place is first given to a call, a function or another place. What is called on it only works with it. */
function firstGiven({ blocks }: IrFunction): ReadonlyMap<PlaceId, number> {
  const first = new Map<PlaceId, number>();
  for (const { instructions } of blocks) {
    for (const one of instructions) {
      for (const place of placesGiven(one)) first.set(place, Math.min(one.span.start, first.get(place) ?? Infinity));
    }
  }
  return first;
}

function placesGiven(instruction: Instruction): readonly PlaceId[] {
  switch (instruction.op) {
    case 'assign':
    case 'await':
      return instruction.source.kind === 'place' ? [instruction.source.place] : [];
    case 'call':
      return argumentsOf(instruction);
    case 'closure':
      return instruction.captures;
    case 'spawn':
      return [
        ...argumentsOf(instruction.call),
        ...(instruction.call.receiver === null ? [] : [instruction.call.receiver]),
      ];
    case 'opaque':
      return instruction.reads;
    case 'yield':
      return instruction.handsOver;
    case 'caught':
      return [];
  }
}

function argumentsOf({ args }: CallInstruction): readonly PlaceId[] {
  return args.flatMap(({ value }) => (value.kind === 'place' ? [value.place] : []));
}
