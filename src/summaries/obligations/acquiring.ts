/** A call that acquires, and from where on, with what known, its resource is followed. */
import { GENERIC_RESOURCE, type Guard } from '../../effects/effect.ts';
import { entryFacts } from '../../engine/entry-facts.ts';
import { functionFacts } from '../../engine/function-facts.ts';
import type { Seed } from '../../engine/simulate.ts';
import { slotPlaces } from '../../engine/slots.ts';
import { write, type Store } from '../../engine/store.ts';
import { FALSE, NON_NULL, NULL, TRUE } from '../../engine/value.ts';
import type { BlockId, CallInstruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { isCopy } from '../../ir/operands.ts';
import { elementField } from '../../ir/places.ts';
import type { ResourceInfo } from '../../models/model-set.ts';
import type { Scope } from '../../resolve/scope.ts';
import { simpleName } from '../../resolve/type-names.ts';
import type { Acquisition, CallKnowledge } from '../calls/call-knowledge.ts';
import { calleeLabel, indexInOne, slotPlace } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import { literalParts } from './literal-parts.ts';
import { assumeNoError, ownedParts } from '../classes/owned-parts.ts';
import { isNamedPlace } from '../place-names.ts';
import { knownBehindLock } from './known-behind-lock.ts';
import { placesThrough } from './presumed-acquisitions.ts';
import { servedCopies } from './served-copies.ts';
import type { Witnesses } from './told-elsewhere.ts';
import { namedFlagGuard, successGuard } from '../calls/success-guard.ts';

export interface Acquiring {
  readonly call: CallInstruction;
  readonly knowledge: CallKnowledge;
  readonly block: BlockId;
  /** Of the call in its block. */
  readonly index: number;
  readonly acquisition: Acquisition;
  /** Where the resource is first; null: nowhere, it is dropped at once. */
  readonly place: PlaceId | null;
  readonly info: ResourceInfo;
  /** What is to be released is what the call is made on: a lock. */
  readonly isOnReceiver: boolean;
  readonly witnesses: Witnesses;
}

/** What rules say of its kind; what no rule is about has its type's name. */
export function knownResource({ world }: Scope, { resource, type }: Acquisition): ResourceInfo {
  const info = world.models.resource(resource);
  return resource === GENERIC_RESOURCE && type !== null ? { ...info, title: simpleName(type) } : info;
}

export function seedOf(demand: Demand, scope: Scope, acquiring: Acquiring, hasSiblingRelease: boolean): Seed {
  const { call, knowledge, block, index, acquisition, place, info, isOnReceiver } = acquiring;
  const through = [
    ...info.through,
    ...(isAmongResults(demand, scope, acquiring) ? [elementField] : []),
    ...ownedParts(demand, scope, place, acquisition),
    ...(acquisition.carrier?.parts ?? []),
    ...literalParts(demand, scope, place),
    ...releaseMethodsNamed(scope),
  ];
  const onReceiver =
    isOnReceiver && place !== null ? [...temporariesOf(scope.fn, place), ...returnedToo(call, knowledge)] : [];
  const heldBy = acquisition.heldBy.flatMap((slot) => slotPlace(call, slot) ?? []);
  const holders =
    place === null ? [] : [...holdersOf(demand, scope, place, heldBy), ...outerOf(demand, scope, acquiring)];
  return {
    tracked: {
      resource: acquisition.resource,
      // Whoever else gets the function only calls it.
      hasSiblingRelease: hasSiblingRelease || info.family === 'listener',
      through: [...new Set(through)],
      endedBy: new Set(acquisition.carrier?.endedBy),
      resultIndex: indexInOne(call, acquisition.slot),
      states: info.states,
      emptyWith: info.emptyWith,
      outlets: info.outlets,
      spentBy: new Map(info.spentBy.map((field) => [field, [acquisition.resource]])),
      copies: servedCopies(demand, scope, info.copiedTo, place),
    },
    block,
    index: index + 1,
    places:
      place === null
        ? []
        : [place, ...placesThrough(scope, place, through), ...onReceiver, ...(info.isWithHolder ? holders : [])],
    holders: info.isWithHolder ? [] : holders,
    isState: isOnReceiver && info.family !== 'resource',
    facts: factsBehind(demand, scope, acquiring),
    span: call.span,
    label: calleeLabel(call),
  };
}

/** `with open_stream(path)[0] as file`: an element of what stands for all results of a function that has several. */
function isAmongResults(demand: Demand, scope: Scope, { call, place, acquisition }: Acquiring): boolean {
  if (place === null || acquisition.slot.at !== 'result' || call.dests.length !== 1) return false;
  if (placesThrough(scope, place, [elementField]).length === 0) return false;
  return scope
    .resolved(call)
    .declarations.some(({ file, declaration }) =>
      demand
        .body(file, declaration)[0]
        ?.fn.blocks.some(({ terminator }) => terminator.op === 'return' && terminator.values.length > 1),
    );
}

/** What is acquired for its release alone is held as well: groups know only of what a rule or a body says. */
function holdersOf(demand: Demand, scope: Scope, place: PlaceId, heldBy: readonly PlaceId[]): readonly PlaceId[] {
  const groups = demand.groups(scope);
  const known = groups.holders(place);
  const others = heldBy.filter((holder) => !known.includes(holder));
  return [...known, ...others.flatMap((holder) => [...groups.members(holder), ...groups.holders(holder)])];
}

/**
 * What was acquired before, and ends what this is within:
 *
 *     ctx, cancel := context.WithCancel(parent)
 *     ctx, _ = context.WithTimeout(ctx, limit) // over with cancel()
 */
function outerOf(demand: Demand, scope: Scope, { call, acquisition, block, index }: Acquiring): readonly PlaceId[] {
  const { within } = acquisition;
  const part = within === undefined ? null : slotPlace(call, within);
  if (part === null) return [];
  const groups = demand.groups(scope);
  const { blocks } = scope.fn;
  return blocks.slice(0, block + 1).flatMap(({ id, instructions }) =>
    instructions.slice(0, id === block ? index : undefined).flatMap((one) => {
      if (one.op !== 'call' || !one.dests.some((dest) => groups.group(dest) === groups.group(part))) return [];
      return demand.knowledge(scope, one).acquisitions.flatMap(({ slot, makes }) => {
        const made = makes === undefined ? null : slotPlace(one, makes);
        const ends = slotPlace(one, slot);
        if (made === null || ends === null || groups.group(made) !== groups.group(part)) return [];
        return groups.members(ends);
      });
    }),
  );
}

/** What is known once the call has acquired. */
function factsBehind(
  demand: Demand,
  scope: Scope,
  { call, block, index, acquisition, place, info }: Acquiring,
): readonly Store[] {
  const guards = guardsOf(scope, call, acquisition.given ?? null);
  const isUnknown = acquisition.resource === GENERIC_RESOURCE || acquisition.isPresumed;
  return entryFacts(scope.fn, demand.context(scope))
    .before(block, index)
    .map((before) => (info.family === 'lock' ? knownBehindLock(scope.fn, block, before) : before))
    .map((before) => guards.reduce((facts, guard) => assumeGuard(scope.fn, call, guard, facts), before))
    .map((facts) => (isUnknown && place !== null ? assumeNoError(scope, place, facts) : facts));
}

/** `file, ok, err := open(name)`: there is something where `ok` is true and no error came with it. */
function guardsOf(scope: Scope, call: CallInstruction, given: Guard | null): readonly Guard[] {
  if (given === null) return [];
  const other = given.is === 'true' ? successGuard(scope, call, scope.resolved(call)) : namedFlagGuard(scope, call);
  return other === null || other.is === given.is ? [given] : [given, other];
}

function assumeGuard(fn: IrFunction, call: CallInstruction, given: Guard, facts: Store): Store {
  if (given.slot.at !== 'result') return facts;
  const [place] = slotPlaces(functionFacts(fn), call, given.slot);
  if (place === undefined) return facts;
  if (given.is === 'true') return write(facts, place, TRUE);
  if (given.is === 'false') return write(facts, place, FALSE);
  return write(facts, place, given.is === 'null' ? NULL : NON_NULL);
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
