/** `new Feed({ url, signal: this.stopping.signal })`: whoever has the signal ends it. */
import type { CallInstruction } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';

export function isEndedByOption({ fn, world }: Scope, { args }: CallInstruction): boolean {
  const { endingOptions } = world.models.conventions;
  if (endingOptions === null) return false;
  return args.some(
    ({ value }) =>
      value.kind === 'place' &&
      callsOf(fn).some(
        ({ callee, dests, args: parts }) =>
          callee.kind === 'aggregate' &&
          dests.includes(value.place) &&
          parts.some(({ name }) => name !== null && endingOptions.test(name)),
      ),
  );
}
