/**
 * Calls of which nobody says that they acquire, but whose result is released: by this function on some path, by others
 * that make the same call, or by the class it is kept in. Whoever releases something believes that it owns it.
 */
import { GENERIC_RESOURCE, type ResourceKind, type Slot } from '../../effects/effect.ts';
import { inputsWith } from '../../effects/inputs.ts';
import { functionFacts } from '../../engine/function-facts.ts';
import type { CallInstruction, PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';
import { simpleName } from '../../resolve/type-names.ts';
import { declaredResultType } from '../calls/assumed-knowledge.ts';
import type { Acquisition, CallKnowledge } from '../calls/call-knowledge.ts';
import { resourceOfType } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import { namedForward, placeName } from '../place-names.ts';
import { releasesOf, type ReleaseSite } from './release-sites.ts';
import { successGuard } from '../calls/success-guard.ts';
import { isTakenApart } from '../calls/taken-apart.ts';
import { valueUses } from '../value-uses.ts';
import { isOpenedForOwner, isReleasedByOthers, type Witnesses } from './told-elsewhere.ts';

/**
 * Nobody says the call acquires, but its result is released here on some path: the function plainly
 * believes it owns it.
 */
export function siblingAcquisitions(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  knowledge: CallKnowledge,
  witnesses: Witnesses,
): readonly Acquisition[] {
  const dest = call.dests[0];
  if (dest === undefined || !functionFacts(scope.fn).reads.has(dest)) return [];
  const asksOthers = witnesses === 'file';
  const isKept = asksOthers && isOpenedForOwner(demand, scope, call, knowledge);
  // What knows the call is asked last: it may have to look into the callee.
  const isTold =
    isKept || (asksOthers && isReleasedByOthers(demand, scope, call, knowledge) && knowledge.mayReturnFresh);
  if (!isTold && !demand.mayRelease(scope)) return [];
  if (call.callee.kind === 'construct') {
    // What only has its fields set takes nothing over: they may be released through it, and elsewhere.
    if (scope.world.models.conventions.constructsByFields) return [];
    if (isTakenOver(demand, scope, call, knowledge)) return wrapperAcquisition(scope, call);
  }
  if (!knowledge.mayReturnFresh) return [];
  if (call.callee.kind === 'delegate' || call.callee.kind === 'aggregate' || call.callee.kind === 'value') return [];
  if (mayGiveBack(scope, call, knowledge) || isOfHarmless(scope, call) || isOfReturned(scope, call)) return [];
  const name = namedForward(demand, scope, dest);
  if (name === null || (!isKept && scope.fn.places[name]?.kind !== 'local')) return [];
  if (isHarmlessByName(demand, scope, dest)) return [];
  const type = awaitedResultType(scope, call);
  if (type !== null && scope.world.isCloseable(type) === false) return [];
  if (type !== null && scope.world.models.conventions.presumedHarmless.test(simpleName(type))) return [];
  if (isTakenApart(scope.fn, dest)) return [];
  const resource = type === null ? GENERIC_RESOURCE : resourceOfType(scope.world, type);
  if (resource === null) return [];
  if (!isTold && !isReleasedForItself(demand, scope, dest, resource)) return [];
  if (!isTold && call.callee.kind === 'construct' && isOnlyUsed(demand, scope, dest)) return [];
  const given = successGuard(scope, call, scope.resolved(call));
  return [{ ...presumedResult(resource, type, given), heldBy: streamGiven(scope, call) }];
}

function awaitedResultType(scope: Scope, call: CallInstruction): string | null {
  const type = declaredResultType(scope, call) ?? scope.resolved(call).resultType;
  return type === null ? null : scope.world.awaited(type);
}

/**
 * `buffer = encoded(value); … if (!(value instanceof Buffer)) buffer.release();`: what a function of the scan may give back
 * is somebody else's then, and where it is released tells when it is not.
 */
function mayGiveBack(scope: Scope, call: CallInstruction, knowledge: CallKnowledge): boolean {
  if (call.callee.kind === 'construct' || scope.resolved(call).declarations.length === 0) return false;
  return knowledge
    .effectsOn(inputsWith(call, () => true))
    .some((effect) => effect.kind === 'alias' && effect.from.at === 'param');
}

/** `new TransformStream().writable.getWriter()`: what is had of a part of something that holds nothing holds nothing either. */
function isOfHarmless(scope: Scope, { receiver }: CallInstruction): boolean {
  const place = receiver === null ? undefined : scope.fn.places[receiver];
  const type = place?.kind === 'path' ? scope.typeOf(place.root) : null;
  return type !== null && scope.world.isExempt(type);
}

/** `channel = answer.result(); … return answer;`: what is had of an object that goes back to whoever asked is theirs as well. */
function isOfReturned({ fn }: Scope, { receiver, args }: CallInstruction): boolean {
  if (receiver === null || args.length > 0 || !fn.params.includes(receiver)) return false;
  const copies = [receiver, ...valueUses(fn).copies(receiver)];
  return fn.blocks.some(
    ({ terminator }) =>
      terminator.op === 'return' && terminator.values.some((one) => one.kind === 'place' && copies.includes(one.place)),
  );
}

/** `rows = json.writeRows(out)`: what it makes of a stream is over with that. */
function streamGiven(scope: Scope, { args }: CallInstruction): readonly Slot[] {
  const index = args.findIndex(({ value }) => {
    const type = value.kind === 'place' ? scope.typeOf(value.place) : null;
    return type !== null && scope.world.isCloseable(type) === true;
  });
  return index < 0 ? [] : [{ at: 'param', index }];
}

/**
 * `jobs.terminateExport(context, name)` says nothing of whose the context is. And `server = new Server();
 * server.use(workers); … workers.shutdown()` releases what was put into it, and says nothing of what it was put into.
 */
function isReleasedForItself(demand: Demand, scope: Scope, dest: PlaceId, resource: ResourceKind): boolean {
  const onward = demand.groups(scope).forward(dest);
  return releasesOf(demand, scope, dest, resource).some(({ isAfterFailure, isOfAnother, place }) => {
    const released = scope.fn.places[place];
    if (isAfterFailure || isOfAnother || (place !== dest && isForOpened(demand, scope, place, dest))) return false;
    if (place !== dest && isMadeOfSeveral(demand, scope, place, dest)) return false;
    return onward.includes(place) || (released?.kind === 'path' && onward.includes(released.root));
  });
}

/** `worker := newWorker(limit, log, store); … worker.Close()`: what has several things from outside ends some of them, or none. */
function isMadeOfSeveral(demand: Demand, scope: Scope, released: PlaceId, dest: PlaceId): boolean {
  const groups = demand.groups(scope);
  const onward = groups.forward(dest);
  return callsOf(scope.fn).some((call) => {
    if (!call.dests.some((one) => groups.forward(one).includes(released))) return false;
    if (!call.args.some(({ value }) => value.kind === 'place' && onward.includes(value.place))) return false;
    if (scope.resolved(call).declarations.length === 0) return false;
    const kept = demand.knowledge(scope, call).effects.filter(({ kind }) => kind === 'alias');
    return kept.length > 1;
  });
}

/**
 * `body = fromFile ? createReadStream(file) : encoded(text); … body.destroy();`: what is known to be opened is what it is
 * for, where both go by one name.
 */
function isForOpened(demand: Demand, scope: Scope, released: PlaceId, dest: PlaceId): boolean {
  const groups = demand.groups(scope);
  return callsOf(scope.fn).some(
    (call) =>
      call.dests.some((one) => one !== dest && groups.forward(one).includes(released)) &&
      demand.knowledge(scope, call).acquisitions.some(({ isPresumed }) => !isPresumed),
  );
}

/** `save(bucket, id)`, which destroys the stream it gets of it where that fails: nobody is told to end the bucket. */
function isOnlyUsed(demand: Demand, scope: Scope, dest: PlaceId): boolean {
  return !scope.world.isTyped && releasesOf(demand, scope, dest, null).every(({ isOccasional }) => isOccasional);
}

/** `url = encoded(url)`, `lock = make_lock()`: what it is called tells that nothing is due. */
function isHarmlessByName(demand: Demand, scope: Scope, dest: PlaceId): boolean {
  const { harmlessNames } = scope.world.models.conventions;
  if (harmlessNames === null) return false;
  const names = demand.groups(scope).forward(dest);
  return names.some((place) => harmlessNames.test(placeName(scope.fn, place) ?? ''));
}

/**
 * `reader = new InputStreamReader(given); … reader.close();`: by releasing the wrapper the function takes
 * over what it was given, on the paths that skip the release as well. The outermost wrapper stands for it.
 */
function isTakenOver(demand: Demand, scope: Scope, call: CallInstruction, knowledge: CallKnowledge): boolean {
  const dest = call.dests[0];
  const place = dest === undefined ? undefined : scope.fn.places[dest];
  if (dest === undefined || place?.kind !== 'local' || place.name === null) return false;
  if (!isReleasedAsWrapper(demand, scope, dest)) return false;
  if (!knowledge.effects.some((effect) => effect.kind === 'alias')) return false;
  const members = demand.groups(scope).members(dest);
  const isOurs = members.some((member) => demand.acquiredPlaces(scope).has(member));
  return !isOurs && members.every((member) => mayBeTakenOver(scope, member));
}

/**
 * Releasing what is wrapped by its own name says nothing: whoever gave it may have asked for that on one path. Nor does
 * a function that reads all of it, and closes it besides.
 */
function isReleasedAsWrapper(demand: Demand, scope: Scope, wrapper: PlaceId): boolean {
  const places = demand.groups(scope).forward(wrapper);
  return releasesOf(demand, scope, wrapper, null).some(
    (site) =>
      !site.isAfterFailure &&
      !site.isOccasional &&
      site.isPlain &&
      places.includes(site.place) &&
      !isEndOfScope(scope, site),
  );
}

/** `with wrapper as stream:` may take nothing before it is entered. */
function isEndOfScope({ fn, world }: Scope, { block, index }: ReleaseSite): boolean {
  const { scopeEnds } = world.models.conventions;
  const one = scopeEnds === null ? undefined : fn.blocks[block]?.instructions[index];
  return one?.op === 'call' && one.callee.kind === 'method' && scopeEnds?.test(one.callee.name) === true;
}

function mayBeTakenOver(scope: Scope, member: PlaceId): boolean {
  const place = scope.fn.places[member];
  if (place?.kind !== 'local') return false;
  const type = scope.typeOf(member);
  return type === null || scope.world.isCloseable(type) !== false;
}

function wrapperAcquisition(scope: Scope, call: CallInstruction): readonly Acquisition[] {
  const type = scope.resolved(call).ownerType;
  const resource = type === null ? GENERIC_RESOURCE : resourceOfType(scope.world, type);
  if (resource === null) return [];
  // Released by its own name as well, what was given is gone, and the wrapper holds no more.
  return [{ ...presumedResult(resource, type, null), heldBy: streamGiven(scope, call) }];
}

function presumedResult(resource: ResourceKind, type: string | null, given: Acquisition['given']): Acquisition {
  return { slot: { at: 'result', index: 0 }, resource, type, heldBy: [], isPresumed: true, given };
}
