/**
 * Timers that are to end something, in a function that hears of that end and leaves the timer running:
 *
 *     setTimeout(() => child.kill(), 120_000);
 *     child.on('exit', (code) => done(code));
 */
import { callsOf } from '../../ir/operands.ts';
import { outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { functionGiven, isSoonOver } from './ends-by-itself.ts';
import { isLast } from '../elsewhere/left-by-settler.ts';

export function outlivesItsEnd(demand: Demand, scope: Scope, { call, resource }: Obligation): boolean {
  const { models } = scope.world;
  const { watchdogEnds, comesLast } = models.conventions;
  const { soonOver } = models.resource(resource);
  if (soonOver === null || watchdogEnds === null || comesLast === null || isSoonOver(scope, call, soonOver))
    return false;
  const run = functionGiven(demand, scope, call);
  if (run === null) return false;
  const groups = demand.groups(scope);
  const ended = callsOf(run.fn).flatMap((one) => {
    if (one.receiver === null || !watchdogEnds.test(calleeLabel(one))) return [];
    const outer = outwards(run, one.receiver);
    return outer === null ? [] : [groups.group(outer.place)];
  });
  return callsOf(scope.fn).some(
    (one) => one.receiver !== null && ended.includes(groups.group(one.receiver)) && isLast(one, comesLast),
  );
}
