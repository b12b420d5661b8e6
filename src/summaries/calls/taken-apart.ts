/** Arrays of several things, each of which is somebody's. */
import type { IrFunction, PlaceId } from '../../ir/ir.ts';
import { elementField } from '../../ir/places.ts';

/** `ends = createPipe(); reader = ends[0]; writer = ends[1];`: what becomes of one says nothing of the other. */
export function isTakenApart(fn: IrFunction, array: PlaceId): boolean {
  const isElement = (place: PlaceId): boolean => {
    const path = fn.places[place];
    return path?.kind === 'path' && path.root === array && path.fields[0] === elementField;
  };
  const reads = fn.blocks.flatMap(({ instructions }) =>
    instructions.filter((one) => one.op === 'assign' && one.source.kind === 'place' && isElement(one.source.place)),
  );
  return reads.length > 1;
}
