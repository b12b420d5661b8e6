/** `new Feed({ url, signal: this.stopping.signal })`: whoever has the signal ends it. */
import type { CallInstruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';

export function isEndedByOption({ fn, world }: Scope, { args }: CallInstruction): boolean {
  const { endingOptions } = world.models.conventions;
  if (endingOptions === null) return false;
  const given = args.flatMap(({ value }) => (value.kind === 'place' ? literalsIn(fn, value.place) : []));
  return callsOf(fn).some(
    ({ callee, dests, args: parts }) =>
      callee.kind === 'aggregate' &&
      dests.some((dest) => given.includes(dest)) &&
      parts.some(({ name }) => name !== null && endingOptions.test(name)),
  );
}

/** An object with functions of its own is the literal that these were put into. */
function literalsIn({ blocks }: IrFunction, place: PlaceId): readonly PlaceId[] {
  const found = [place];
  for (const one of found) {
    for (const { instructions } of blocks) {
      for (const made of instructions) {
        if (made.op === 'closure' && made.dest === one && made.base !== null) found.push(made.base);
      }
    }
  }
  return found;
}
