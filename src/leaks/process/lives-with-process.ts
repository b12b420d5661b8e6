/**
 * What an object that a framework makes once, and keeps for as long as the program runs, begins with its own life to have
 * something done again and again. Where its class has no end, nothing is left behind before the process ends.
 *
 *     @Component class Poller {
 *       Poller() { Executors.newSingleThreadScheduledExecutor().scheduleAtFixedRate(this::poll, 0, 1, MINUTES); }
 */
import { callsOf } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { declarationOf } from '../callers/callers.ts';
import { callsInScan } from '../callers/callers-in-scan.ts';

type Singletons = NonNullable<Scope['world']['models']['conventions']['singletons']>;

/** Steps from what begins the object's life. */
const MOST_STEPS = 3;

export function livesWithProcess(demand: Demand, scope: Scope, { family, seed, call }: Obligation): boolean {
  const { fn, file, owner, world } = scope;
  const { singletons } = world.models.conventions;
  const own = singletons === null ? null : declarationOf(scope);
  const shape = file.index.types.find(({ name }) => name === owner);
  if (family !== 'resource' || singletons === null || own === null || shape === undefined) return false;
  const { annotations, unless, endless } = singletons;
  if (!world.isAnnotatedLike(shape, annotations) || world.isAnnotatedLike(shape, unless)) return false;
  if (!beginsLife(demand, scope, singletons)) return false;
  const hasEnd = file.index.declarations.some((one) => one.owner === owner && world.endsLife(file.index, one.name));
  if (hasEnd) return false;
  const groups = demand.groups(scope);
  const held = new Set([...seed.places, ...call.dests].map((place) => groups.group(place)));
  return callsOf(fn).some(
    (one) => endless?.test(calleeLabel(one)) === true && one.receiver !== null && held.has(groups.group(one.receiver)),
  );
}

/** It runs once for each object, as its life begins; or is a step of such a method, `private void startTimer()`. */
function beginsLife(demand: Demand, scope: Scope, singletons: Singletons, left = MOST_STEPS): boolean {
  if (scope.fn.kind === 'constructor') return true;
  const own = declarationOf(scope);
  if (own === null) return false;
  if (left === 0) {
    demand.noteLimit('steps from the start of a singleton');
    return false;
  }
  if (scope.world.isAnnotatedLike(own, singletons.starts) || singletons.begins?.test(own.name) === true) return true;
  const calls = own.isPrivate ? callsInScan(demand, scope) : [];
  return (
    calls.length > 0 &&
    calls.every(
      (one) =>
        !one.isRepeated &&
        one.scope.fn.kind !== 'closure' &&
        one.scope.ownerType === scope.ownerType &&
        beginsLife(demand, one.scope, singletons, left - 1),
    )
  );
}
