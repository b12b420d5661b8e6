/**
 * Listeners: functions left with an object that outlives what they are for. Nobody can see from one function how long
 * an object lives, so each listener needs a sign that it is this function's, or its class's, to take back: it does so
 * on another way; what listens ends with the call, and the object was there before; or what listens has an end of its
 * own, and the object is as old as the process.
 */
import type { Effect, ResourceKind, Slot } from '../effects/effect.ts';
import { slotPlaces } from '../engine/apply-effects.ts';
import { functionFacts } from '../engine/function-facts.ts';
import type { ClosureInstruction, PlaceId } from '../ir/ir.ts';
import type { Declaration } from '../languages/language.ts';
import type { Scope } from '../resolve/scope.ts';
import { calleeLabel, GENERIC_RESOURCE, resourceOfType } from './call-names.ts';
import type { Demand } from './demand.ts';
import { isLeftBehind, type HandedOn } from './left-behind.ts';
import { isGiven, originsOf, type Origin } from './origins.ts';
import { endsFor } from './owner-ends.ts';
import { isReleasedIn } from './release-sites.ts';

/** `resource`: what kind of listener it is. */
export function isOursToRemove(demand: Demand, scope: Scope, handed: HandedOn, resource: ResourceKind): boolean {
  const { call, place } = handed;
  if (mayBeEnded(handed)) return false;
  if (scope.world.models.resource(resource).isOfOwner) return isForgottenByOwner(demand, scope, handed);
  if (isTakenBackAround(demand, scope, place, resource)) return false;
  if (call.receiver === null) {
    return isReleasedIn(demand, scope, place, resource) || outlivesWhatListens(demand, scope, handed, resource);
  }
  if (isReused(demand, scope, call.receiver)) return true;
  const origins = originsOf(scope, call.receiver);
  // What an object hears from itself ends with it.
  if (isItself(scope, call.receiver)) return false;
  if (isLeftBehind(demand, scope, handed)) return true;
  if (!isGiven(origins)) return false;
  if (isReleasedIn(demand, scope, place, resource)) return true;
  if (handed.isOnce) return false;
  if (isTakenBackElsewhere(demand, scope, place, resource)) return true;
  if (isShortLived(scope, call.receiver, origins)) return false;
  return servesThisCall(demand, scope, place) || endsWithOwner(demand, scope, place, resource, 'constructor');
}

function isItself(scope: Scope, receiver: PlaceId): boolean {
  if (receiver === scope.fn.receiver) return true;
  const outer = outwards(scope, receiver);
  return outer !== null && isItself(outer.scope, outer.place);
}

/** The captured variable in the function around. */
function outwards({ fn, around }: Scope, place: PlaceId): { readonly scope: Scope; readonly place: PlaceId } | null {
  const captured = around?.closure.captures[fn.captures.indexOf(place)];
  return captured === undefined || around === null ? null : { scope: around.scope, place: captured };
}

/** `{ signal: other.signal }`: options that were put together here may say when it ends. */
function mayBeEnded({ call, place }: HandedOn): boolean {
  const at = call.args.findIndex(({ value }) => value.kind === 'place' && value.place === place);
  return call.args.slice(at + 1).some(({ value }) => value.kind === 'place');
}

/** It goes back to where others take it from, with all that was left with it. */
function isReused(demand: Demand, scope: Scope, receiver: PlaceId): boolean {
  const type = scope.typeOf(receiver);
  const kind = type === null ? null : resourceOfType(scope.world, type);
  if (kind === null || kind === GENERIC_RESOURCE || !scope.world.models.resource(kind).isReused) return false;
  return isReleasedIn(demand, scope, receiver, kind);
}

/** `const cleanup = () => signal.removeEventListener('abort', stop)` in a function around. */
function isTakenBackAround(demand: Demand, scope: Scope, place: PlaceId, resource: ResourceKind): boolean {
  for (let at = outwards(scope, place); at !== null; at = outwards(at.scope, at.place)) {
    if (isReleasedIn(demand, at.scope, at.place, resource)) return true;
  }
  return false;
}

/** What cleans up here takes the same function back from another object, or for another event. */
function isTakenBackElsewhere(demand: Demand, scope: Scope, place: PlaceId, resource: ResourceKind): boolean {
  const removers = scope.world.models.releasingMembers(resource);
  return demand.closuresOf(scope).some(({ closure, inner }) => {
    const own = inner.fn.captures[closure.captures.indexOf(place)];
    if (own === undefined) return false;
    return inner.fn.blocks.some(({ instructions }) =>
      instructions.some(
        (instruction) =>
          instruction.op === 'call' &&
          removers.has(calleeLabel(instruction)) &&
          instruction.args.some(({ value }) => value.kind === 'place' && value.place === own),
      ),
    );
  });
}

/** `request.signal`: by its name it ends with the call, or soon after. */
function isShortLived({ fn, world }: Scope, receiver: PlaceId, origins: readonly Origin[]): boolean {
  const { shortLivedNames } = world.models.conventions;
  if (shortLivedNames === null) return false;
  const place = fn.places[receiver];
  const fields = place?.kind === 'path' ? place.fields : [];
  const names = origins.map((origin) => origin.scope.fn.places[origin.place]);
  return (
    fields.some((field) => shortLivedNames.test(field)) ||
    names.some((one) => one?.kind === 'local' && one.name !== null && shortLivedNames.test(one.name))
  );
}

/** What listens is made here, and is over with the call: nobody would miss it, but the listener keeps it. */
function servesThisCall(demand: Demand, scope: Scope, place: PlaceId): boolean {
  return mentionedBy(scope, place).some((one) => {
    const origins = originsOf(scope, one);
    if (origins.length === 0 || isGiven(origins)) return false;
    const type = scope.typeOf(one);
    const isCollected = type !== null && resourceOfType(scope.world, type) === null;
    return isCollected || endsHere(demand, scope, one);
  });
}

/** The object lives as long as the process; the end of what listens is waited for here, or is an object with an end of its own. */
function outlivesWhatListens(demand: Demand, scope: Scope, { place }: HandedOn, resource: ResourceKind): boolean {
  const { processEntries } = scope.world.models.conventions;
  if (scope.fn.kind === 'module') return false;
  if (scope.fn.kind === 'function' && processEntries.test(scope.fn.name)) return false;
  const isAwaited = mentionedBy(scope, place).some(
    (one) => !isGiven(originsOf(scope, one)) && isWaitedFor(demand, scope, one),
  );
  return isAwaited || endsWithOwner(demand, scope, place, resource, 'any');
}

/** The function releases it, or somebody waits for its end. */
function endsHere(demand: Demand, scope: Scope, place: PlaceId): boolean {
  return isEndedBy(demand, scope, place, isEnd) || isWaitedFor(demand, scope, place);
}

/** In functions made here too. A release there may be the listener's own, and says nothing. */
function isWaitedFor(demand: Demand, scope: Scope, place: PlaceId): boolean {
  if (isEndedBy(demand, scope, place, isWait)) return true;
  return demand.closuresOf(scope).some(({ closure, inner }) => {
    const own = inner.fn.captures[closure.captures.indexOf(place)];
    return own !== undefined && isWaitedFor(demand, inner, own);
  });
}

/** The slot that the effect ends the life of. */
type End = (effect: Effect) => Slot | null;

const isWait: End = (effect) => (effect.kind === 'transfer' && effect.to === 'runtime' ? effect.from : null);
const isEnd: End = (effect) => (effect.kind === 'release' ? effect.slot : isWait(effect));

function isEndedBy(demand: Demand, scope: Scope, place: PlaceId, end: End): boolean {
  const groups = demand.groups(scope);
  const machine = { facts: functionFacts(scope.fn) };
  const isMeant = (one: PlaceId): boolean => groups.group(one) === groups.group(place);
  return scope.fn.blocks.some(({ instructions }) =>
    instructions.some((call) => {
      if (call.op !== 'call') return false;
      const given = call.args.flatMap(({ value }) => (value.kind === 'place' ? [value.place] : []));
      if (!(call.receiver === null ? given : [call.receiver, ...given]).some(isMeant)) return false;
      return demand.knowledge(scope, call).effects.some((effect) => {
        const slot = end(effect);
        return slot !== null && slotPlaces(machine, call, slot).some(isMeant);
      });
    }),
  );
}

/**
 * The class has a method that ends its objects' lives, an object of it listens, and that method does not stop it. A
 * function that nothing keeps cannot be taken back at all.
 */
function endsWithOwner(
  demand: Demand,
  scope: Scope,
  place: PlaceId,
  resource: ResourceKind,
  where: 'constructor' | 'any',
): boolean {
  const { owner, kind } = scope.fn;
  if (owner === null || (where === 'constructor' && kind !== 'constructor')) return false;
  const { declarations } = scope.file.index;
  if ((endsFor(scope, owner).length === 0 && !isStart(scope)) || !mentionsOwner(scope, place)) return false;
  if (endsOwner(demand, scope, place)) return false;
  if (scope.fn.places[place]?.kind === 'local' && place !== scope.fn.receiver) return true;
  const removers = scope.world.models.releasingMembers(resource);
  return !declarations.some((one) => [...one.calls].some((name) => removers.has(name)));
}

/**
 * A constructor is given an object, or a method has one as old as the program, that calls the owner; nothing takes that
 * back when the owner ends:
 *
 *     constructor(private readonly store: Store) { store.on('removed', (id) => this.forget(id)); }
 *     close() { this.entries.clear(); }
 */
function isForgottenByOwner(demand: Demand, scope: Scope, handed: HandedOn): boolean {
  const { owner, kind } = scope.fn;
  const { receiver } = handed.call;
  if (owner === null || handed.isOnce || !mentionsOwner(scope, handed.place)) return false;
  if (endsOwner(demand, scope, handed.place)) return false;
  const ends = endsFor(scope, owner);
  if (ends.length === 0 && !isStart(scope)) return false;
  const isAsOldAsProgram = receiver === null || isGlobal(scope, receiver);
  const given = isAsOldAsProgram ? nothing : kind === 'constructor' ? givenTo(scope, receiver) : null;
  if (given === null) return false;
  if (!isAsOldAsProgram && isShortLived(scope, receiver, originsOf(scope, receiver))) return false;
  const removers = scope.world.models.removingMembers;
  const mayRemove = scope.file.index.declarations.filter((one) => one.owner === owner || one.owner === null);
  if (mayRemove.some((one) => [...one.calls].some((name) => removers.has(name)))) return false;
  return !ends.some((end) => endsField(demand, scope, end, given));
}

/** `process.once('beforeExit', () => this.dispose())`: what listens is the end. */
function endsOwner(demand: Demand, scope: Scope, place: PlaceId): boolean {
  const { lifecycleEnd } = scope.world.models.conventions;
  const made = demand.closuresOf(scope).filter(({ closure }) => closure.dest === place);
  return made.some(({ inner }) =>
    inner.fn.blocks.some(({ instructions }) =>
      instructions.some(
        (one) =>
          one.op === 'call' &&
          one.receiver !== null &&
          isItself(inner, one.receiver) &&
          lifecycleEnd.test(calleeLabel(one)),
      ),
    ),
  );
}

const nothing: ReadonlySet<string> = new Set();

/** A variable of a module, or what is in it. */
function isGlobal({ fn }: Scope, id: PlaceId): boolean {
  const place = fn.places[id];
  return place?.kind === 'global' || (place?.kind === 'path' && fn.places[place.root]?.kind === 'global');
}

/** A framework calls it when the object's life begins, and ends that life some day. */
function isStart({ fn, world }: Scope): boolean {
  return world.models.conventions.startHooks?.test(fn.name) === true;
}

/** Whether the class's ends end the object in one of these fields: then it goes with its listeners. */
function endsField(demand: Demand, scope: Scope, end: Declaration, fields: ReadonlySet<string>): boolean {
  const { lifecycleEnd } = scope.world.models.conventions;
  const released = demand.classes.fieldReleases(scope.file);
  if ([...fields].some((field) => released.has(field))) return true;
  return demand.body(scope.file, end).some(({ fn }) =>
    fn.blocks.some(({ instructions }) =>
      instructions.some((one) => {
        if (one.op !== 'call' || one.receiver === null || !lifecycleEnd.test(calleeLabel(one))) return false;
        const path = fn.places[one.receiver];
        return path?.kind === 'path' && path.fields.some((field) => fields.has(field));
      }),
    ),
  );
}

/** The fields that a constructor keeps its argument in, where the place is one or comes from one; null: it is nobody's argument. */
function givenTo(scope: Scope, receiver: PlaceId): ReadonlySet<string> | null {
  const { fn } = scope;
  const kept = fn.blocks.flatMap(({ instructions }) =>
    instructions.flatMap((one) => {
      const path = one.op === 'assign' ? fn.places[one.dest] : undefined;
      if (one.op !== 'assign' || path?.kind !== 'path' || path.root !== fn.receiver) return [];
      return one.source.kind === 'place' ? [{ field: path.fields[0] ?? '', source: one.source.place }] : [];
    }),
  );
  const path = fn.places[receiver];
  const own = path?.kind === 'path' && path.root === fn.receiver ? path.fields[0] : undefined;
  const from = own === undefined ? receiver : kept.find(({ field }) => field === own)?.source;
  if (from === undefined) return null;
  const parameters = originsOf(scope, from).filter((one) => one.kind === 'parameter' && one.scope === scope);
  if (parameters.length === 0) return null;
  const isSame = (place: PlaceId): boolean =>
    originsOf(scope, place).some((one) => parameters.some((known) => known.place === one.place));
  return new Set(kept.filter(({ source }) => isSame(source)).map(({ field }) => field));
}

/** It keeps the owner: a value that was read from one of its fields before keeps nothing but itself. */
function mentionsOwner(scope: Scope, place: PlaceId): boolean {
  if (originsOf(scope, place).some(({ kind }) => kind === 'owner')) return true;
  return mentionedBy(scope, place).some((one) => {
    const { fn } = scope;
    return one === fn.receiver || functionFacts(fn).receiverAliases.has(one) || isItself(scope, one);
  });
}

/** What the function in a place captures, itself or by way of other functions. */
function mentionedBy(scope: Scope, place: PlaceId): readonly PlaceId[] {
  const { closures } = functionFacts(scope.fn);
  const first = closures.get(place);
  const found = new Set<ClosureInstruction>(first === undefined ? [] : [first]);
  const mentioned = new Set<PlaceId>();
  for (const closure of found) {
    for (const captured of closure.captures) {
      const inner = closures.get(captured);
      if (inner === undefined) mentioned.add(captured);
      else found.add(inner);
    }
  }
  return [...mentioned];
}
