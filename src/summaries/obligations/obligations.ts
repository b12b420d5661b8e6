/** The resources a function acquires, each with what is known of it before anything is simulated. */
import { GENERIC_RESOURCE, type Resolution, type ResourceKind } from '../../effects/effect.ts';
import type { ResourceFamily } from '../../effects/resource-family.ts';
import { inputsWith } from '../../effects/inputs.ts';
import type { Seed } from '../../engine/simulate.ts';
import type { CallInstruction, IrFunction, PlaceId, Span } from '../../ir/ir.ts';
import type { ResourceInfo } from '../../models/model-set.ts';
import type { Scope } from '../../resolve/scope.ts';
import { isQualified, simpleName } from '../../resolve/type-names.ts';
import { knownResource, seedOf, type Acquiring } from './acquiring.ts';
import { isBalancedByOthers } from './balanced-locks.ts';
import type { Acquisition, CallKnowledge } from '../calls/call-knowledge.ts';
import { isGivenAny } from '../calls/constants-given.ts';
import { calleeLabel, slotPlace } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import { appearsOnce } from './mounting.ts';
import { isMadeAnew } from './what-listens.ts';
import { isLeftBehind, settlersOf } from './left-behind.ts';
import { leftInVariables } from './left-in-variables.ts';
import type { Carrier } from './literal-parts.ts';
import { isOursToRemove } from './listeners.ts';
import { originsOf } from './origins.ts';
import { behindCast, isNamedPlace, lockName, namedForward, placeName } from '../place-names.ts';
import { isReleasedHere, presumedAcquisitions } from './presumed-acquisitions.ts';
import { isReleasedByItself, type Position } from './release-sites.ts';
import { isReleasedElsewhere } from './released-elsewhere.ts';
import { siblingAcquisitions } from './sibling-acquisitions.ts';
import { isToldElsewhere, type Witnesses } from './told-elsewhere.ts';
import { isUnlockedElsewhere } from './unlocked-elsewhere.ts';

export interface Obligation {
  readonly call: CallInstruction;
  readonly resource: ResourceKind;
  readonly title: string;
  readonly family: ResourceFamily;
  /** Simple name of the resource's type, for messages. */
  readonly typeName: string;
  readonly type: string | null;
  readonly carrier: Carrier;
  /** The variable or field it first goes to by name; null: it has none. */
  readonly variable: string | null;
  /** What a reader calls it by, where the variable's name alone says too little: `lock.writeLock()`. */
  readonly shownAs: string | null;
  /** Further names for it: the variable of a wrapper. */
  readonly wrappers: readonly string[];
  readonly isPresumed: boolean;
  readonly resolution: Resolution;
  readonly hasSiblingRelease: boolean;
  /** Not the function itself releases it: others of the file show that they would. */
  readonly isToldElsewhere: boolean;
  /** A lock that other functions of the file take and give back. */
  readonly isBalancedElsewhere: boolean;
  /** It is meant to be made once; what making one costs. */
  readonly shared: string | null;
  /** It is called like what hands out what was there before: a release on one path may be an order, not a duty. */
  readonly mayBeKeptElsewhere: boolean;
  /** Of a call nobody knows that is called like many whose results need no release. */
  readonly isFromDoubtfulSource: boolean;
  /** A listener that a component adds as it appears, which does not say what happens when it goes. */
  readonly isAddedOnce: boolean;
  /** What is to be released is what the call is made on: a lock. */
  readonly isOnReceiver: boolean;
  /** A function handed on before releases it: nobody's duty here, unless others come in its place. */
  readonly isReleasedElsewhere: boolean;
  readonly span: Span;
  readonly seed: Seed;
}

/** What is true of what no call of the function acquires: it was opened before, and is this function's from its entry. */
export const heldBefore = {
  carrier: { parts: [], endedBy: [] },
  wrappers: [],
  resolution: 'typed',
  isToldElsewhere: false,
  isBalancedElsewhere: false,
  mayBeKeptElsewhere: false,
  isFromDoubtfulSource: false,
  isAddedOnce: false,
  shared: null,
  isOnReceiver: false,
  isReleasedElsewhere: false,
} as const satisfies Partial<Obligation>;

export function obligations(demand: Demand, scope: Scope, witnesses: Witnesses): readonly Obligation[] {
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
        const info = knownResource(scope, acquisition);
        const place = slotPlace(instruction, acquisition.slot);
        const obligation = obligationOf(demand, scope, {
          call: instruction,
          knowledge,
          block: block.id,
          index,
          acquisition,
          witnesses,
          place: info.family === 'listener' && place !== null ? behindCast(scope.fn, place) : place,
          info,
          isOnReceiver: acquisition.slot.at === 'receiver',
        });
        if (obligation === null || (obligation.isReleasedElsewhere && witnesses === 'function')) continue;
        seen.add(callKey(instruction));
        found.push(obligation);
      }
      for (const left of leftInVariables(demand, scope, block, index)) {
        const info = knownResource(scope, left.acquisition);
        const obligation = obligationOf(demand, scope, { ...left, witnesses, info, isOnReceiver: false });
        if (obligation !== null && !obligation.isReleasedElsewhere) found.push(obligation);
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

/** `pipeline(response.body, file)`: what is handed on to be used says nothing of other paths. */
function isToldByRelease(demand: Demand, scope: Scope, place: PlaceId, { resource, carrier }: Acquisition): boolean {
  return scope.world.models.resource(resource).isHandedOn
    ? isReleasedByItself(demand, scope, place, resource)
    : isReleasedHere(demand, scope, place, resource, carrier?.parts);
}

function obligationOf(demand: Demand, scope: Scope, acquiring: Acquiring): Obligation | null {
  const { call, knowledge, acquisition, place, info, isOnReceiver, witnesses } = acquiring;
  const isBalanced = isBalancedElsewhere(demand, scope, acquiring);
  const hasSiblingRelease = isBalanced || (place !== null && isToldByRelease(demand, scope, place, acquisition));
  if (!isOurs(demand, scope, acquiring, hasSiblingRelease) || isGivenAny(scope, call, info.noneGiven)) return null;
  if (info.freedIn?.test(scope.file.path) === true) return null;
  const { block, index } = acquiring;
  // A lock or transaction on something given is ended where it is begun, whoever else ends one of theirs.
  const isElsewhere =
    place !== null &&
    !isOnReceiver &&
    isReleasedElsewhere(demand, scope, place, acquisition.resource, { block, index });
  if (isElsewhere && settlersOf(scope).length === 0) return null;
  const isListener = info.family === 'listener';
  // A finding shows the handle, `timer`, and not the callback; of a listener it shows the callback.
  const shown = !isListener && info.takenBack.has(calleeLabel(call)) ? (call.dests[0] ?? null) : place;
  const name = shown === null ? null : namedForward(demand, scope, shown);
  if (acquisition.isByName === true && acquisition.slot.at !== 'param' && name === null) return null;
  const names = place === null ? [] : demand.groups(scope).forward(place);
  const named = isOnReceiver ? place : name;
  const variable = named === null ? null : placeName(scope.fn, named);
  const isTold =
    acquisition.isPresumed &&
    !hasSiblingRelease &&
    place !== null &&
    name !== null &&
    witnesses === 'file' &&
    isToldElsewhere(demand, scope, call, knowledge, place);
  return {
    call,
    resource: acquisition.resource,
    title: info.title,
    family: info.family,
    typeName: isListener || acquisition.type === null ? typeless(info, call) : simpleName(acquisition.type),
    type: acquisition.type,
    carrier: acquisition.carrier ?? { parts: [], endedBy: [] },
    variable,
    shownAs: named === null ? null : lockName(scope, named),
    wrappers: [...new Set(names.flatMap((one) => placeName(scope.fn, one) ?? []))].filter((one) => one !== variable),
    isPresumed: acquisition.isPresumed && !isListener,
    resolution: resolutionOf(acquisition, knowledge),
    hasSiblingRelease: hasSiblingRelease || isTold,
    isToldElsewhere: isTold,
    isBalancedElsewhere: isBalanced,
    mayBeKeptElsewhere: acquisition.isPresumed && isNamedLikeGetter(scope, call, knowledge),
    isFromDoubtfulSource: !isTold && isDoubtful(scope, acquiring),
    isAddedOnce: isListener && place !== null && appearsOnce(scope) && isMadeAnew(scope, place),
    shared: info.shared,
    isOnReceiver,
    isReleasedElsewhere: isElsewhere,
    span: call.span,
    seed: seedOf(demand, scope, acquiring, hasSiblingRelease),
  };
}

/** How well it is known what was called, by what it gives where nobody declares the call: rules name the type of what `ClientSession()` makes. */
function resolutionOf(acquisition: Acquisition, { resolution }: CallKnowledge): Resolution {
  const { type, resource, isPresumed } = acquisition;
  if (type !== null && !isQualified(type) && !isPresumed) return 'exact';
  if (acquisition.isOfInterface === true) return 'name-only';
  // By a name all the way down: `open(path)` of the project hands out what `pkg.Open(path)` gave.
  if (type === null && resource === GENERIC_RESOURCE && resolution === 'exact') return 'name-only';
  const isNamedByRules = type !== null && !isPresumed && resource !== GENERIC_RESOURCE;
  return resolution === 'unknown' && isNamedByRules ? 'typed' : resolution;
}

/** `nodes.createSource(stream)`: that it is closed somewhere may end a page, a view or a part of something. */
function isDoubtful({ world }: Scope, { call, acquisition, knowledge }: Acquiring): boolean {
  const { accessors } = world.models.conventions;
  // Of what is known to be declared somewhere, only what is called like a getter.
  if (call.callee.kind === 'construct' || (knowledge.resolution !== 'unknown' && !accessors.test(knowledge.label)))
    return false;
  if (!acquisition.isPresumed || acquisition.resource !== GENERIC_RESOURCE) return false;
  return world.models.conventions.doubtfulSources?.test(knowledge.label) === true;
}

/** `desk.windowOf(view)`, and not `store.getInputStream(name)`. */
function isNamedLikeGetter({ world }: Scope, call: CallInstruction, { label, resolution }: CallKnowledge): boolean {
  const { keptGetters, streamGetters } = world.models.conventions;
  return (
    call.callee.kind !== 'construct' &&
    resolution === 'unknown' &&
    keptGetters?.test(label) === true &&
    !streamGetters.test(label)
  );
}

function isBalancedElsewhere(demand: Demand, scope: Scope, acquiring: Acquiring): boolean {
  const { call, acquisition, info, isOnReceiver, witnesses } = acquiring;
  if (!isOnReceiver || witnesses !== 'file' || info.family !== 'lock') return false;
  return isBalancedByOthers(demand, scope, call, acquisition.resource);
}

/** What the call does to something that was there before is its duty only if this function shows that it is. */
function isOurs(demand: Demand, scope: Scope, acquiring: Acquiring, hasSiblingRelease: boolean): boolean {
  const { call, block, index, acquisition, place, info, isOnReceiver } = acquiring;
  if (isOnReceiver) {
    // A lock or transaction on something given is ours to end only if this function ends it anywhere.
    if (place === null) return false;
    if (info.family === 'resource' && isConstructedHere(scope, place))
      return !isKeptBefore(demand, scope, place, { block, index });
    if (!isNamedPlace(scope.fn, place) || !hasSiblingRelease) return false;
    return info.family !== 'lock' || !isUnlockedElsewhere(demand, scope, place, acquisition.resource, { block, index });
  }
  if (acquisition.slot.at !== 'param') return !isHandedOnWhole(scope.fn, acquiring);
  if (place === null) return false;
  // `client.execute(method)`: what it opens is an object that is given, and not a function left with it.
  if (info.family === 'resource' && isConstructedHere(scope, place))
    return !isKeptBefore(demand, scope, place, { block, index });
  const isListener = info.family === 'listener';
  const isOnce = isListener ? acquisition.isPresumed : call.receiver === null;
  const handed = { call, block, index, place, isOnce, isForLast: info.states.size > 0 };
  return isListener ? isOursToRemove(demand, scope, handed, acquisition.resource) : isLeftBehind(demand, scope, handed);
}

/** `hook(context.WithTimeout(ctx, limit))`: what a call gives beside its first result is an argument as well, if that is the only one. */
function isHandedOnWhole(fn: IrFunction, { call, block, index, acquisition }: Acquiring): boolean {
  const [first, second] = call.dests;
  if (acquisition.slot.at !== 'result' || acquisition.slot.index === 0) return false;
  if (first === undefined || second !== undefined || placeName(fn, first) !== null) return false;
  const next = fn.blocks[block]?.instructions[index + 1];
  if (next?.op !== 'call' || next.args.length !== 1) return false;
  const [only] = next.args;
  return only?.value.kind === 'place' && only.value.place === first;
}

/** `const source = new Source(options); await source.open();`: what opens it had nobody else open before. */
function isConstructedHere(scope: Scope, place: PlaceId): boolean {
  if (scope.fn.places[place]?.kind !== 'local') return false;
  const origins = originsOf(scope, place);
  return origins.length > 0 && origins.every((one) => one.scope === scope && one.call?.callee.kind === 'construct');
}

/** `this.trackers.add(tracker); tracker.open();`: who has it ends it, as ever it was opened. */
function isKeptBefore(demand: Demand, scope: Scope, place: PlaceId, { block, index }: Position): boolean {
  const groups = demand.groups(scope);
  const isIt = (one: PlaceId): boolean => groups.group(one) === groups.group(place);
  return scope.fn.blocks.some(
    ({ id, instructions }) =>
      id <= block &&
      instructions
        .slice(0, id === block ? index : undefined)
        .some((one) => one.op === 'call' && isKeptBy(demand, scope, one, isIt)),
  );
}

function isKeptBy(demand: Demand, scope: Scope, call: CallInstruction, isIt: (place: PlaceId) => boolean): boolean {
  if (!call.args.some(({ value }) => value.kind === 'place' && isIt(value.place))) return false;
  const { conventions } = scope.world.models;
  if (call.callee.kind !== 'method' || !conventions.containerMethods.test(call.callee.name)) return false;
  return demand
    .knowledge(scope, call)
    .effectsOn(inputsWith(call, isIt))
    .some(({ kind }) => kind === 'transfer');
}

function typeless(info: ResourceInfo, call: CallInstruction): string {
  return info.family === 'listener' ? info.title : calleeLabel(call);
}
