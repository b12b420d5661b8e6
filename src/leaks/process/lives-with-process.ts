/**
 * What an object that a framework makes once, and keeps for as long as the program runs, begins with its own life to have
 * something done again and again. Where its class has no end, nothing is left behind before the process ends.
 *
 *     @Component class Poller {
 *       Poller() { Executors.newSingleThreadScheduledExecutor().scheduleAtFixedRate(this::poll, 0, 1, MINUTES); }
 *
 * So it is of a service of a class without an end, `start() { Executors.newSingleThreadScheduledExecutor()… }`, that gives
 * what does it no name: nobody was ever to end it. And of what a static field says that it was begun, which happens once.
 *
 * What is given something to run that never comes to an end, `while (true) { handle(queue.take()); }`, is no different.
 */
import type { CallInstruction } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import type { Declaration } from '../../languages/language.ts';
import type { Singletons } from '../../models/conventions.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { isNamedPlace } from '../../summaries/place-names.ts';
import { valueUses } from '../../summaries/value-uses.ts';
import { endingOf } from '../../summaries/functions/ending.ts';
import { declarationOf, type Call } from '../callers/callers.ts';
import { callsInScan } from '../callers/callers-in-scan.ts';
import { functionGiven } from '../timers/ends-by-itself.ts';

/** Steps from what begins the object's life. */
const MOST_STEPS = 3;

export function livesWithProcess(demand: Demand, scope: Scope, { family, seed, call }: Obligation): boolean {
  const { fn, file, owner, world } = scope;
  const { singletons } = world.models.conventions;
  const own = singletons === null ? null : declarationOf(scope);
  const shape = file.index.types.find(({ name }) => name === owner);
  if (family !== 'resource' || singletons === null || own === null || shape === undefined) return false;
  const { annotations, unless, endless } = singletons;
  const groups = demand.groups(scope);
  const held = new Set([...seed.places, ...call.dests].map((place) => groups.group(place)));
  const begun = callsOf(fn).find(
    (one) =>
      one.receiver !== null &&
      held.has(groups.group(one.receiver)) &&
      (endless?.test(calleeLabel(one)) === true || runsForEver(demand, scope, one, singletons)),
  );
  if (begun === undefined) return false;
  if (isSaidOnce(scope, begun)) return true;
  const hasEnd = file.index.declarations.some((one) => one.owner === owner && world.endsLife(file.index, one.name));
  if (hasEnd) return false;
  const isUnnamed = !isNamedAnywhere(demand, scope, begun);
  if (isUnnamed && (startsService(demand, scope) || runsForEver(demand, scope, begun, singletons)))
    return demand.classes.ends({ file, shape }).length === 0;
  if (world.isAnnotatedLike(shape, unless)) return false;
  // Only a framework looks at that.
  if (isUnnamed && singletons.starts !== null && world.isAnnotatedLike(own, singletons.starts)) return true;
  return world.isAnnotatedLike(shape, annotations) && beginsLife(demand, scope, singletons);
}

/** `Executors.newSingleThreadExecutor().execute(this::receive)` */
function runsForEver(demand: Demand, scope: Scope, call: CallInstruction, { runs }: Singletons): boolean {
  const run = runs?.test(calleeLabel(call)) === true ? functionGiven(demand, scope, call) : null;
  return run !== null && endingOf(demand, run) === 'halts';
}

/** `if (TASK == null) TASK = Executors.newSingleThreadScheduledExecutor().scheduleAtFixedRate(…);` */
function isSaidOnce({ fn }: Scope, { dests: [dest] }: CallInstruction): boolean {
  if (dest === undefined) return false;
  const kept = [dest, ...valueUses(fn).copies(dest)].filter((one) => fn.places[one]?.kind === 'global');
  return fn.blocks.some(
    ({ terminator }) =>
      terminator.op === 'branch' &&
      terminator.when !== 'unknown' &&
      terminator.when.test === 'null' &&
      kept.includes(terminator.when.place),
  );
}

/** `start()`, or a step of it: what runs more often, or for each object, adds up. */
function startsService(demand: Demand, scope: Scope): boolean {
  const { openMethods } = scope.world.models.conventions;
  return isStepOf(demand, scope, ({ kind, name }) => kind === 'method' && openMethods?.test(name) === true);
}

/** Who begins it, or what was begun: `Executors.newSingleThreadScheduledExecutor().scheduleAtFixedRate(…);` names neither. */
function isNamedAnywhere(demand: Demand, scope: Scope, { receiver, dests }: CallInstruction): boolean {
  const groups = demand.groups(scope);
  const places = [...dests, ...(receiver === null ? [] : [receiver])];
  return places.some((place) => groups.members(place).some((one) => isNamedPlace(scope.fn, one)));
}

/** It runs once for each object, as its life begins; or is a step of such a method. */
function beginsLife(demand: Demand, scope: Scope, { starts, begins }: Singletons): boolean {
  return isStepOf(
    demand,
    scope,
    (one) => one.kind === 'constructor' || scope.world.isAnnotatedLike(one, starts) || begins?.test(one.name) === true,
  );
}

/** `private void startTimer()`, which only the methods in question call. */
function isStepOf(
  demand: Demand,
  scope: Scope,
  isBeginning: (own: Declaration) => boolean,
  left = MOST_STEPS,
): boolean {
  const own = declarationOf(scope);
  if (own === null) return false;
  if (isBeginning(own)) return true;
  if (!own.isPrivate || own.kind !== 'method') return false;
  if (left === 0) {
    demand.noteLimit('steps from the start of an object');
    return false;
  }
  const calls = callsInScan(demand, scope);
  return (
    calls.length > 0 &&
    calls.every((one) => isStep(one, scope.ownerType) && isStepOf(demand, one.scope, isBeginning, left - 1))
  );
}

/** By the same object, and once. */
function isStep({ isRepeated, scope: { fn, ownerType } }: Call, owner: string | null): boolean {
  return !isRepeated && fn.kind !== 'closure' && ownerType === owner;
}
