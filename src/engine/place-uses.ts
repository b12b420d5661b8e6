/** Where a function uses its places, whatever the path; `function-facts.ts` keeps the answers. */
import type { BlockId, CallInstruction, IrFunction, PlaceId } from '../ir/ir.ts';
import { placesLeaving, placesRead, placesTested, placesWritten } from '../ir/operands.ts';

export function readPlaces(fn: IrFunction): ReadonlySet<PlaceId> {
  const reads = new Set<PlaceId>();
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) for (const place of placesRead(instruction)) reads.add(place);
    for (const place of placesTested(block.terminator)) reads.add(place);
    for (const place of placesLeaving(block.terminator)) reads.add(place);
  }
  for (const place of fn.places) if (place.kind === 'path') reads.add(place.root);
  return reads;
}

/** Objects written to be given to calls, and used nowhere else, with these calls: `open({ path })`, `const options = { path }; open(options)`. */
export function literalsForCalls(fn: IrFunction): ReadonlyMap<PlaceId, readonly CallInstruction[]> {
  const made = new Map<PlaceId, CallInstruction[]>();
  for (const { instructions } of fn.blocks) {
    for (const one of instructions) {
      const dest = one.op === 'call' && one.callee.kind === 'aggregate' ? one.dests[0] : undefined;
      if (dest !== undefined && fn.places[dest]?.kind === 'local') made.set(dest, []);
    }
  }
  if (made.size === 0) return made;
  for (const { instructions, terminator } of fn.blocks) {
    for (const one of instructions) {
      const args =
        one.op === 'call' ? one.args.flatMap(({ value }) => (value.kind === 'place' ? [value.place] : [])) : [];
      for (const place of placesRead(one)) if (!args.includes(place)) made.delete(place);
      if (one.op === 'call') for (const place of args) made.get(place)?.push(one);
      if (one.op === 'call' && one.receiver !== null) made.delete(one.receiver);
    }
    for (const place of placesLeaving(terminator)) made.delete(place);
  }
  for (const place of fn.places) if (place.kind === 'path') made.delete(place.root);
  return made;
}

export function lastUses(fn: IrFunction): ReadonlyMap<PlaceId, { block: BlockId; index: number }> {
  const uses = new Map<PlaceId, { block: BlockId; index: number } | null>();
  const use = (place: PlaceId, block: BlockId, index: number): void => {
    const kind = fn.places[place];
    if (kind?.kind !== 'local' || kind.name !== null) return;
    const earlier = uses.get(place);
    uses.set(place, earlier === undefined || earlier?.block === block ? { block, index } : null);
  };
  for (const block of fn.blocks) {
    block.instructions.forEach((instruction, index) => {
      for (const place of placesRead(instruction)) use(place, block.id, index);
      for (const place of placesWritten(instruction)) use(place, block.id, index);
    });
    const end = block.instructions.length;
    for (const place of placesTested(block.terminator)) use(place, block.id, end);
    for (const place of placesLeaving(block.terminator)) use(place, block.id, end);
  }
  // What a path or predicate hangs on lives as long as they do; those roots are not dropped.
  for (const place of fn.places) {
    if (place.kind === 'path') uses.delete(place.root);
  }
  for (const place of [...fn.params, ...fn.captures]) uses.delete(place);
  const single = new Map<PlaceId, { block: BlockId; index: number }>();
  for (const [place, last] of uses) if (last !== null) single.set(place, last);
  return single;
}
