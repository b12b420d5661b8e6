/**
 * Listeners: functions left with an object that outlives what they are for. Nobody can see from one function how long
 * an object lives, so each listener needs a sign that it is this function's, or its class's, to take back: it does so
 * on another path; what listens ends with the call, and the object was there before; or what listens has an end of its
 * own, and the object is as old as the process.
 */
import type { Effect, ResourceKind, Slot } from '../../effects/effect.ts';
import { slotPlaces } from '../../engine/slots.ts';
import { functionFacts } from '../../engine/function-facts.ts';
import { isNamed } from '../../engine/machine.ts';
import type { Argument, CallInstruction, PlaceId } from '../../ir/ir.ts';
import { placesLeaving } from '../../ir/operands.ts';
import { inwards, outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel, resourceOfType } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import { behindCast } from '../place-names.ts';
import { answersRequests } from '../functions/request-handlers.ts';
import { isLeftBehind, settlersOf, type HandedOn } from './left-behind.ts';
import { isMounting } from './mounting.ts';
import { isGiven, originsOf } from './origins.ts';
import { endsWithOwner, isForgottenByOwner, isGlobal, mayOwnerTakeBack } from './owner-listeners.ts';
import { releasesGroup } from './released-elsewhere.ts';
import { isReleasedAfter, isReleasedIn } from './release-sites.ts';
import { isRendered, outlivesRendering } from './rendered.ts';
import { captureBehind, valueUses } from '../value-uses.ts';
import { isTakenBackInVain } from './vain-removals.ts';
import { isItself, isMadeAnew, isPartOfRequest, isShortLived, mentionedBy } from './what-listens.ts';

/** `resource`: what kind of listener it is. */
export function isOursToRemove(demand: Demand, scope: Scope, handed: HandedOn, resource: ResourceKind): boolean {
  const { call, place } = handed;
  if (mayBeEnded(scope, handed) || isTakenBackByResult(scope, call, resource)) return false;
  if (isAddedByRendering(scope, handed) || isTakenBackInVain(demand, scope, handed)) return true;
  if (scope.world.models.resource(resource).isOfOwner) {
    if (mayListenOnce(scope, handed)) return false;
    if (isLeftByRequest(scope, handed)) return true;
    return isForgottenByOwner(demand, scope, handed) || isForPromise(demand, scope, handed, resource);
  }
  if (isTakenBackAround(demand, scope, place, resource)) return false;
  if (call.receiver === null) {
    return (
      isReleasedAfter(demand, scope, place, resource, handed) || outlivesWhatListens(demand, scope, handed, resource)
    );
  }
  if (isReused(demand, scope, call.receiver)) return true;
  const origins = originsOf(scope, call.receiver);
  // What an object hears from itself ends with it.
  if (isItself(scope, call.receiver)) return false;
  const isOfRequest = isPartOfRequest(scope, call.receiver);
  if (!isOfRequest && isLeftBehind(demand, scope, handed)) return true;
  if (!isGiven(origins)) return false;
  if (isReleasedAfter(demand, scope, place, resource, handed)) return true;
  if (handed.isOnce) return false;
  if (isTakenBackElsewhere(demand, scope, place, resource)) return true;
  if (isOfRequest || isShortLived(scope, call.receiver, origins)) return false;
  return servesThisCall(demand, scope, place) || endsWithOwner(demand, scope, place, resource, 'constructor');
}

/** `{ signal: other.signal }`: options that were put together here may say when it ends. */
function mayBeEnded(scope: Scope, handed: HandedOn): boolean {
  return optionsOf(scope, handed).some(({ value }) => value.kind === 'place');
}

/** `{ once: true }`: it goes with the first event; what an object written here says is not known. */
function mayListenOnce(scope: Scope, handed: HandedOn): boolean {
  return handed.isOnce || optionsOf(scope, handed).some(({ value }) => value.kind === 'fresh');
}

/** What the call is given behind the function. */
function optionsOf({ fn }: Scope, { call: { args }, place }: HandedOn): readonly Argument[] {
  const isIt = ({ value }: Argument): boolean => value.kind === 'place' && behindCast(fn, value.place) === place;
  return args.slice(args.findIndex(isIt) + 1);
}

/**
 * `disposables.push(bus.on('changed', update))`: what somebody keeps of it is there to take it back by; so is what the
 * function gives back, `return window.onDidChangeActiveTextEditor(update)`, where it is not `bus` itself.
 */
function isTakenBackByResult({ fn, world }: Scope, call: CallInstruction, resource: ResourceKind): boolean {
  const [dest] = call.dests;
  if (dest === undefined) return false;
  const uses = valueUses(fn);
  const held = [dest, ...uses.copies(dest)];
  if (uses.takers(dest).length > 0 || held.some((one) => isNamed(fn, one))) return true;
  const isByResultAlone = !world.models.resource(resource).takenBack.has(calleeLabel(call));
  return (
    isByResultAlone && fn.blocks.some(({ terminator }) => held.some((one) => placesLeaving(terminator).includes(one)))
  );
}

/** `orders.on('changed', (order) => res.write(order))`, in a handler: the request is over, and what is as old as the program writes on. */
function isLeftByRequest(scope: Scope, { call: { receiver }, place }: HandedOn): boolean {
  if (receiver === null || !isGlobal(scope, receiver) || !answersRequests(scope)) return false;
  return mentionedBy(scope, place).some((one) => scope.fn.params.includes(one));
}

/** A function made here takes it back, and one settles a promise: whichever does that has to take it back as well. */
function isForPromise(
  demand: Demand,
  scope: Scope,
  { call: { receiver }, place }: HandedOn,
  resource: ResourceKind,
): boolean {
  if (receiver === null || isItself(scope, receiver) || settlersOf(scope).length === 0) return false;
  if (originsOf(scope, receiver).some(({ scope: maker, call }) => maker === scope && call !== null)) return false;
  const group = demand.groups(scope).group(place);
  return demand.closuresOf(scope).some(({ closure }) => releasesGroup(demand, scope, closure, group, resource));
}

/** `stdout.on('resize', () => setWidth(stdout.columns))` in a component: one more with each rendering. */
function isAddedByRendering(scope: Scope, handed: HandedOn): boolean {
  const { receiver } = handed.call;
  if (mayListenOnce(scope, handed) || !isMadeAnew(scope, handed.place) || !isRendered(scope, handed.block))
    return false;
  return receiver === null || outlivesRendering(scope, receiver);
}

/** It goes back to where others take it from, with all that was left with it. */
function isReused(demand: Demand, scope: Scope, receiver: PlaceId): boolean {
  const type = scope.typeOf(receiver);
  const kind = type === null ? null : resourceOfType(scope.world, type);
  if (kind === null || !scope.world.models.resource(kind).isReused) return false;
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
  return demand.closuresOf(scope).some(({ inner }) => {
    const own = inwards(inner, place);
    if (own === null) return false;
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
function outlivesWhatListens(demand: Demand, scope: Scope, handed: HandedOn, resource: ResourceKind): boolean {
  const { place } = handed;
  const { processEntries } = scope.world.models.conventions;
  if (scope.fn.kind === 'module') return false;
  if (scope.fn.kind === 'function' && processEntries.test(scope.fn.name)) return false;
  if (endsProcess(demand, scope, place)) return false;
  // Each time it is another function, even if it keeps nothing.
  const isAnew = !mayListenOnce(scope, handed) && isMounting(scope) && isMadeAnew(scope, place);
  if (isAnew && !mayOwnerTakeBack(scope, place, resource)) return true;
  const isAwaited = mentionedBy(scope, place).some(
    (one) => !isGiven(originsOf(scope, one)) && isWaitedFor(demand, scope, one),
  );
  return isAwaited || endsWithOwner(demand, scope, place, resource, 'any');
}

/** `process.on('SIGTERM', () => { save(); process.exit(); })`: as long as there is a process, that is how it ends. */
function endsProcess(demand: Demand, scope: Scope, place: PlaceId, seen = new Set<PlaceId>()): boolean {
  if (seen.has(place)) return false;
  seen.add(place);
  const made = functionFacts(scope.fn).closures.get(place);
  return demand.closuresOf(scope).some(
    ({ closure, inner }) =>
      closure === made &&
      inner.fn.blocks.some(({ instructions }) =>
        instructions.some((call) => {
          if (call.op !== 'call') return false;
          if (demand.knowledge(inner, call).neverReturns) return true;
          // `() => cleanUp('SIGTERM')`, where `cleanUp` is made here as well.
          const around = call.callee.kind === 'value' ? captureBehind(inner.fn, call.callee.place) : null;
          const captured = around === null ? undefined : closure.captures[around];
          return captured !== undefined && endsProcess(demand, scope, captured, seen);
        }),
      ),
  );
}

/** The function releases it, or somebody waits for its end. */
function endsHere(demand: Demand, scope: Scope, place: PlaceId): boolean {
  return isEndedBy(demand, scope, place, isEnd) || isWaitedFor(demand, scope, place);
}

/** In functions made here too. A release there may be the listener's own, and says nothing. */
function isWaitedFor(demand: Demand, scope: Scope, place: PlaceId): boolean {
  if (isEndedBy(demand, scope, place, isWait)) return true;
  return demand.closuresOf(scope).some(({ inner }) => {
    const own = inwards(inner, place);
    return own !== null && isWaitedFor(demand, inner, own);
  });
}

/** The slot that the effect ends the life of. */
type End = (effect: Effect) => Slot | null;

const isWait: End = (effect) => (effect.kind === 'transfer' && effect.to === 'runtime' ? effect.from : null);
const isEnd: End = (effect) => (effect.kind === 'release' ? effect.slot : isWait(effect));

function isEndedBy(demand: Demand, scope: Scope, place: PlaceId, end: End): boolean {
  const groups = demand.groups(scope);
  const facts = functionFacts(scope.fn);
  const isMeant = (one: PlaceId): boolean => groups.group(one) === groups.group(place);
  return scope.fn.blocks.some(({ instructions }) =>
    instructions.some((call) => {
      if (call.op !== 'call') return false;
      const given = call.args.flatMap(({ value }) => (value.kind === 'place' ? [value.place] : []));
      if (!(call.receiver === null ? given : [call.receiver, ...given]).some(isMeant)) return false;
      return demand.knowledge(scope, call).effects.some((effect) => {
        const slot = end(effect);
        return slot !== null && slotPlaces(facts, call, slot).some(isMeant);
      });
    }),
  );
}
