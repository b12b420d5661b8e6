/** The resources a function acquires, each with what is known of it before anything is simulated. */
import type { Guard, Resolution, ResourceKind } from '../effects/effect.ts';
import { slotPlaces } from '../engine/slots.ts';
import { entryFacts } from '../engine/entry-facts.ts';
import { functionFacts } from '../engine/function-facts.ts';
import type { Seed } from '../engine/simulate.ts';
import { write, type Store } from '../engine/store.ts';
import { FALSE, NON_NULL, NULL, TRUE } from '../engine/value.ts';
import type { BlockId, CallInstruction, IrFunction, PlaceId, Span } from '../ir/ir.ts';
import type { ResourceFamily } from '../effects/resource-family.ts';
import type { Scope } from '../resolve/scope.ts';
import { isCopy } from '../ir/operands.ts';
import { isQualified, simpleName } from '../resolve/type-names.ts';
import { calleeLabel, GENERIC_RESOURCE, indexInOne, resourceOfType, slotPlace } from './call-names.ts';
import { declaredResultType } from './assumed-knowledge.ts';
import type { Acquisition, CallKnowledge } from './call-knowledge.ts';
import type { Demand } from './demand.ts';
import { isBalancedByOthers } from './balanced-locks.ts';
import { isUnlockedElsewhere } from './unlocked-elsewhere.ts';
import { isReleasedElsewhere } from './released-elsewhere.ts';
import { isLeftBehind, settlersOf } from './left-behind.ts';
import { isOursToRemove } from './listeners.ts';
import { assumeNoError, ownedParts } from './owned-parts.ts';
import { isReleasedHere, placesThrough, presumedAcquisitions } from './presumed-acquisitions.ts';
import { isReleasedIn, releasesOf } from './release-sites.ts';
import { successGuard } from './success-guard.ts';
import { isReleasedByOwner, mayOpen } from './released-by-owner.ts';

export interface Obligation {
  readonly call: CallInstruction;
  readonly resource: ResourceKind;
  readonly title: string;
  readonly family: ResourceFamily;
  /** Simple name of the resource's type, for messages. */
  readonly typeName: string;
  readonly type: string | null;
  /** The variable or field it first goes to by name; null: it has none. */
  readonly variable: string | null;
  /** Further names for it: the variable of a wrapper. */
  readonly wrappers: readonly string[];
  readonly isPresumed: boolean;
  readonly resolution: Resolution;
  readonly hasSiblingRelease: boolean;
  /** Not the function itself releases it: others of the file show that they would. */
  readonly isToldElsewhere: boolean;
  /** It is meant to be made once; what making one costs. */
  readonly shared: string | null;
  /** What is to be released is what the call is made on: a lock. */
  readonly isOnReceiver: boolean;
  /** A function handed on before releases it: nobody's duty here, unless others come in its place. */
  readonly isReleasedElsewhere: boolean;
  readonly span: Span;
  readonly seed: Seed;
}

/** Where to look for what says that a call nobody knows hands something over. */
export type Witnesses = 'function' | 'file';

export function obligations(demand: Demand, scope: Scope, witnesses: Witnesses = 'function'): readonly Obligation[] {
  const found: Obligation[] = [];
  const seen = new Set<string>();
  for (const block of scope.fn.blocks) {
    for (const [index, instruction] of block.instructions.entries()) {
      if (instruction.op !== 'call' || seen.has(callKey(instruction))) continue;
      const knowledge = demand.knowledge(scope, instruction);
      const acquisitions =
        knowledge.acquisitions.length > 0
          ? knowledge.acquisitions
          : unknownAcquisitions(demand, scope, instruction, knowledge, witnesses);
      for (const acquisition of acquisitions) {
        const obligation = obligationOf(demand, scope, block.id, index, instruction, knowledge, acquisition, witnesses);
        if (obligation === null || (obligation.isReleasedElsewhere && witnesses === 'function')) continue;
        seen.add(callKey(instruction));
        found.push(obligation);
      }
    }
  }
  return found;
}

/** The same for a call in all lowerings of its cleanup region; what the compiler adds there is another call. */
function callKey({ span, isImplicit }: CallInstruction): string {
  return `${String(span.start)}${isImplicit ? ' implicit' : ''}`;
}

function unknownAcquisitions(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  knowledge: CallKnowledge,
  witnesses: Witnesses,
): readonly Acquisition[] {
  const released = siblingAcquisitions(demand, scope, call, knowledge, witnesses);
  return released.length > 0 ? released : presumedAcquisitions(demand, scope, call, knowledge);
}

/**
 * Nobody says the call acquires, but its result is released here on some path: the function plainly
 * believes it owns it.
 */
function siblingAcquisitions(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  knowledge: CallKnowledge,
  witnesses: Witnesses,
): readonly Acquisition[] {
  const dest = call.dests[0];
  if (dest === undefined || !functionFacts(scope.fn).reads.has(dest)) return [];
  const isKept = witnesses === 'file' && isOpenedForOwner(demand, scope, call);
  // What knows the call is asked last: it may have to look into the callee.
  const isTold = isKept || (isReleasedByOthers(demand, scope, call, knowledge, witnesses) && knowledge.mayReturnFresh);
  if (!isTold && !demand.mayRelease(scope)) return [];
  if (call.callee.kind === 'construct') {
    // What only has its fields set takes nothing over: they may be released through it, and elsewhere.
    if (scope.world.models.conventions.constructsByFields) return [];
    if (isTakenOver(demand, scope, call, knowledge)) return wrapperAcquisition(scope, call);
  }
  if (!knowledge.mayReturnFresh) return [];
  if (call.callee.kind === 'delegate' || call.callee.kind === 'aggregate' || call.callee.kind === 'value') return [];
  const name = namedForward(demand, scope, dest);
  if (name === null || (!isKept && scope.fn.places[name]?.kind !== 'local')) return [];
  if (isHarmlessByName(demand, scope, dest)) return [];
  const type = declaredResultType(scope, call) ?? scope.resolved(call).resultType;
  if (type !== null && scope.world.isCloseable(type) === false) return [];
  if (type !== null && scope.world.models.conventions.presumedHarmless.test(simpleName(type))) return [];
  const resource = type === null ? GENERIC_RESOURCE : resourceOfType(scope.world, type);
  if (resource === null) return [];
  if (!isTold && !isReleasedIn(demand, scope, dest, resource)) return [];
  const given = successGuard(scope, call, scope.resolved(call));
  return [{ slot: { at: 'result', index: 0 }, resource, type, heldBy: null, isPresumed: true, given }];
}

/** `url = encoded(url)`, `lock = make_lock()`: what it is called tells that nothing is due. */
function isHarmlessByName(demand: Demand, scope: Scope, dest: PlaceId): boolean {
  const { harmlessNames } = scope.world.models.conventions;
  if (harmlessNames === null) return false;
  const names = demand.groups(scope).forward(dest);
  return names.some((place) => harmlessNames.test(placeName(scope.fn, place) ?? ''));
}

function isOpenedForOwner(demand: Demand, scope: Scope, call: CallInstruction): boolean {
  const dest = call.dests[0];
  if (dest === undefined || scope.fn.kind !== 'constructor') return false;
  return mayOpen(scope, call) && isReleasedByOwner(demand, scope, dest);
}

/** A handle on what it was asked of, or a wrapper, ends with that. */
function isReleasedByOthers(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  knowledge: CallKnowledge,
  witnesses: Witnesses,
): boolean {
  if (witnesses === 'function' || !demand.releasedByOthers.has(scope, call)) return false;
  return !knowledge.effects.some((effect) => effect.kind === 'alias');
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

/** Releasing what is wrapped by its own name says nothing: whoever gave it may have asked for that on one path. */
function isReleasedAsWrapper(demand: Demand, scope: Scope, wrapper: PlaceId): boolean {
  const places = demand.groups(scope).forward(wrapper);
  return releasesOf(demand, scope, wrapper, null).some(
    (site) => !site.isAfterFailure && !site.isOccasional && places.includes(site.place),
  );
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
  return [{ slot: { at: 'result', index: 0 }, resource, type, heldBy: null, isPresumed: true, given: null }];
}

function obligationOf(
  demand: Demand,
  scope: Scope,
  block: BlockId,
  index: number,
  call: CallInstruction,
  knowledge: CallKnowledge,
  acquisition: Acquisition,
  witnesses: Witnesses,
): Obligation | null {
  const place = slotPlace(call, acquisition.slot);
  const groups = demand.groups(scope);
  const info = resourceInfo(scope, acquisition);
  const isOnReceiver = acquisition.slot.at === 'receiver';
  const isBalancedElsewhere =
    isOnReceiver &&
    witnesses === 'file' &&
    info.family === 'lock' &&
    isBalancedByOthers(demand, scope, call, acquisition.resource);
  const hasSiblingRelease =
    isBalancedElsewhere || (place !== null && isReleasedHere(demand, scope, place, acquisition.resource));
  // A lock or transaction on something given is ours to end only if this function ends it anywhere.
  if (isOnReceiver && (place === null || !isNamedPlace(scope.fn, place) || !hasSiblingRelease)) return null;
  const isLock = isOnReceiver && info.family === 'lock' && place !== null;
  if (isLock && isUnlockedElsewhere(demand, scope, place, acquisition.resource, { block, index })) return null;
  const isListener = info.family === 'listener';
  if (acquisition.slot.at === 'param') {
    if (place === null) return null;
    const handed = { call, block, index, place, isOnce: isListener ? acquisition.isPresumed : call.receiver === null };
    const isOurs = isListener
      ? isOursToRemove(demand, scope, handed, acquisition.resource)
      : isLeftBehind(demand, scope, handed);
    if (!isOurs) return null;
  }
  // A lock or transaction on something given is ended where it is begun, whoever else ends one of theirs.
  const isElsewhere = place !== null && !isOnReceiver && isReleasedElsewhere(demand, scope, place, block, index);
  if (isElsewhere && settlersOf(scope).length === 0) return null;
  const holders = place === null ? [] : [...groups.holders(place)];
  const name = place === null ? null : namedForward(demand, scope, place);
  if (acquisition.isByName === true && name === null) return null;
  const names = place === null ? [] : groups.forward(place).flatMap((one) => placeName(scope.fn, one) ?? []);
  const variable =
    isOnReceiver && place !== null ? placeName(scope.fn, place) : name === null ? null : placeName(scope.fn, name);
  let facts = entryFacts(scope.fn, demand.context(scope)).before(block, index);
  const { given } = acquisition;
  for (const guard of guardsOf(scope, call, given ?? null))
    facts = facts.map((store) => assumeGuard(scope.fn, call, guard, store));
  if (acquisition.resource === GENERIC_RESOURCE && place !== null)
    facts = facts.map((store) => assumeNoError(scope, place, store));
  const through = [...info.through, ...ownedParts(demand, scope, place, acquisition), ...releaseMethodsNamed(scope)];
  const isToldElsewhere =
    acquisition.isPresumed &&
    !hasSiblingRelease &&
    place !== null &&
    name !== null &&
    witnesses === 'file' &&
    (isReleasedByOthers(demand, scope, call, knowledge, witnesses) || isReleasedByOwner(demand, scope, place));
  return {
    call,
    resource: acquisition.resource,
    title: info.title,
    family: info.family,
    typeName: isListener || acquisition.type === null ? typeless(info, call) : simpleName(acquisition.type),
    type: acquisition.type,
    variable,
    wrappers: [...new Set(names)].filter((one) => one !== variable),
    isPresumed: acquisition.isPresumed && !isListener,
    resolution:
      acquisition.type !== null && !isQualified(acquisition.type) && !acquisition.isPresumed
        ? 'exact'
        : knowledge.resolution,
    hasSiblingRelease: hasSiblingRelease || isToldElsewhere,
    isToldElsewhere,
    shared: info.shared,
    isOnReceiver,
    isReleasedElsewhere: isElsewhere,
    span: call.span,
    seed: {
      tracked: {
        resource: acquisition.resource,
        // Whoever else gets the function only calls it.
        hasSiblingRelease: hasSiblingRelease || isListener,
        through: [...new Set(through)],
        resultIndex: indexInOne(call, acquisition.slot),
      },
      block,
      index: index + 1,
      places:
        place === null
          ? []
          : [
              place,
              ...placesThrough(scope, place, through),
              ...(isOnReceiver ? [...temporariesOf(scope.fn, place), ...returnedToo(call, knowledge)] : []),
            ],
      holders,
      isState: isOnReceiver && info.family !== 'resource',
      facts,
      span: call.span,
      label: calleeLabel(call),
    },
  };
}

/** `defer mu.Unlock()` keeps the lock in a temporary, from before it is locked once more. */
function temporariesOf(fn: IrFunction, place: PlaceId): readonly PlaceId[] {
  return fn.blocks.flatMap(({ instructions }) =>
    instructions.flatMap((one) =>
      isCopy(one) && one.source.place === place && !isNamedPlace(fn, one.dest) ? [one.dest] : [],
    ),
  );
}

/** `with lock.acquire():` gives back what it is called on. */
function returnedToo({ dests }: CallInstruction, { effects }: CallKnowledge): readonly PlaceId[] {
  const isSame = effects.some(
    (effect) => effect.kind === 'alias' && effect.from.at === 'receiver' && effect.into.at === 'result',
  );
  return isSame ? dests : [];
}

/** `Protocol(link.read, link.close)`: whoever gets a method that releases it has it. */
function releaseMethodsNamed({ fn, world }: Scope): readonly string[] {
  const { releaseMethods } = world.models.conventions;
  return fn.places.flatMap((place) =>
    place.kind === 'path' && place.fields.length === 1 ? place.fields.filter((field) => releaseMethods.has(field)) : [],
  );
}

function typeless(info: KnownResource, call: CallInstruction): string {
  return info.family === 'listener' ? info.title : calleeLabel(call);
}

/** `file, ok, err := open(name)`: what comes where `ok` is true comes without an error as well. */
function guardsOf(scope: Scope, call: CallInstruction, given: Guard | null): readonly Guard[] {
  if (given === null) return [];
  const success = given.is === 'true' ? successGuard(scope, call, scope.resolved(call)) : null;
  return success === null || success.is === 'true' ? [given] : [given, success];
}

function assumeGuard(fn: IrFunction, call: CallInstruction, given: Guard, facts: Store): Store {
  if (given.slot.at !== 'result') return facts;
  const [place] = slotPlaces(functionFacts(fn), call, given.slot);
  if (place === undefined) return facts;
  if (given.is === 'true') return write(facts, place, TRUE);
  if (given.is === 'false') return write(facts, place, FALSE);
  return write(facts, place, given.is === 'null' ? NULL : NON_NULL);
}

interface KnownResource {
  readonly title: string;
  readonly family: ResourceFamily;
  readonly through: readonly string[];
  readonly shared: string | null;
}

function resourceInfo(scope: Scope, acquisition: Acquisition): KnownResource {
  if (acquisition.resource !== GENERIC_RESOURCE) return scope.world.models.resource(acquisition.resource);
  const title = acquisition.type === null ? 'resource' : simpleName(acquisition.type);
  return { title, family: 'resource', through: [], shared: null };
}

function namedForward(demand: Demand, scope: Scope, place: PlaceId): PlaceId | null {
  return (
    demand
      .groups(scope)
      .forward(place)
      .find((one) => isNamedPlace(scope.fn, one)) ?? null
  );
}

function isNamedPlace(fn: IrFunction, place: PlaceId): boolean {
  return placeName(fn, place) !== null;
}

export function placeName(fn: IrFunction, id: PlaceId): string | null {
  const place = fn.places[id];
  if (place === undefined || place.kind === 'predicate') return null;
  if (place.kind === 'local') return place.name;
  if (place.kind === 'global') return place.name.slice(place.name.lastIndexOf('.') + 1);
  return place.fields.filter((field) => field !== '[]').at(-1) ?? null;
}
