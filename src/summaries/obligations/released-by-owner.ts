/**
 * What goes to a field that the class releases when its life ends is the class's own, whatever call it came from:
 * evidence for a duty until it is in that field, and where a constructor fails afterwards.
 *
 *     Watcher(Config config) throws IOException { this.keeper = Keepers.connect(config); register(); }
 *     void close() { keeper.close(); }
 */
import { ownField } from '../../engine/receiver.ts';
import type { CallInstruction, PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../call-names.ts';
import type { Demand } from '../demand.ts';

export function isReleasedByOwner(demand: Demand, scope: Scope, place: PlaceId): boolean {
  const { fn, file, world } = scope;
  if (fn.receiver === null || world.models.conventions.tellingReleases.size === 0) return false;
  const fields = demand
    .groups(scope)
    .forward(place)
    .flatMap((one) => ownField(fn, one) ?? []);
  return fields.some((field) => demand.fieldReleases.ends(file, field).some((name) => name !== fn.name));
}

/** A call that by its name makes something, or asks nobody in particular for it: what a getter hands out is as likely kept. */
export function mayOpen({ world }: Scope, call: CallInstruction): boolean {
  const { factories, accessors } = world.models.conventions;
  const name = calleeLabel(call);
  if (call.callee.kind === 'function' && call.callee.scope !== null) return call.args.length > 0;
  if (call.callee.kind !== 'method' && call.callee.kind !== 'function') return false;
  return factories.test(name) && !accessors.test(name);
}
