/**
 * A field that its class never releases, but hands to an object of another class of the scan that does: whose end that is,
 * theirs is the duty.
 *
 *     this.workers = Executors.newFixedThreadPool(4);
 *     …
 *     this.queue = new Queue(this.workers);        Queue.stop() { workers.shutdown(); }
 */
import { argumentInput } from '../../effects/inputs.ts';
import { ownField } from '../../engine/receiver.ts';
import type { CallInstruction } from '../../ir/ir.ts';
import { constructedType } from '../../ir/construction.ts';
import { callsOf } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';

export function isHandedToOwner(demand: Demand, { file, owner, world }: Scope, field: string): boolean {
  return file.index.declarations.some((declaration) => {
    if (declaration.owner !== owner || !declaration.hasBody) return false;
    const makes = [...declaration.calls].some((name) => {
      const type = constructedType(name);
      return type !== null && world.project.type(world.resolve(file.index, owner, type)) !== null;
    });
    return makes && demand.body(file, declaration).some((scope) => handsOver(demand, scope, field));
  });
}

function handsOver(demand: Demand, scope: Scope, field: string): boolean {
  return callsOf(scope.fn).some(
    (call) =>
      call.callee.kind === 'construct' &&
      call.args.some(
        ({ value }, index) =>
          value.kind === 'place' &&
          ownField(scope.fn, value.place) === field &&
          isReleasedThere(demand, scope, call, index),
      ),
  );
}

/** What a constructor is given stands for the object where the class releases it. */
function isReleasedThere(demand: Demand, scope: Scope, call: CallInstruction, index: number): boolean {
  return demand
    .knowledge(scope, call)
    .effectsOn(argumentInput(index))
    .some((effect) => effect.kind === 'alias' && effect.from.at === 'param' && effect.from.index === index);
}
