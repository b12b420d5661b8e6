/** The function that was left as a listener, the objects it keeps, and the one it was left with. */
import { functionFacts } from '../../engine/function-facts.ts';
import { isReceiver } from '../../engine/receiver.ts';
import type { ClosureInstruction, PlaceId } from '../../ir/ir.ts';
import { outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase, simpleName } from '../../resolve/type-names.ts';
import { calleeLabel } from '../call-names.ts';
import { originsOf, wayBack, type Origin } from './origins.ts';

export function isItself(scope: Scope, receiver: PlaceId): boolean {
  if (isReceiver(scope.fn, receiver)) return true;
  const outer = outwards(scope, receiver);
  return outer !== null && isItself(outer.scope, outer.place);
}

/** A function of its own for each component that appears: made here, in the function around, or by `debounce(update)`. */
export function isMadeAnew(scope: Scope, place: PlaceId): boolean {
  const { fn, world } = scope;
  if (fn.kind === 'module') return false;
  if (functionFacts(fn).closures.has(place)) return true;
  const { makesFunctions } = world.models.conventions;
  const isMade = originsOf(scope, place).some(
    ({ call, scope: { fn: maker } }) =>
      call !== null && maker.kind !== 'module' && makesFunctions?.test(calleeLabel(call)) === true,
  );
  if (isMade) return true;
  const outer = outwards(scope, place);
  return outer !== null && isMadeAnew(outer.scope, outer.place);
}

/** What the function in a place captures, itself or by way of other functions. */
export function mentionedBy(scope: Scope, place: PlaceId): readonly PlaceId[] {
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

/** It keeps the owner: a value that was read from one of its fields before keeps nothing but itself. */
export function mentionsOwner(scope: Scope, place: PlaceId): boolean {
  if (originsOf(scope, place).some(({ kind }) => kind === 'owner')) return true;
  return mentionedBy(scope, place).some((one) => isReceiver(scope.fn, one) || isItself(scope, one));
}

/** `request.signal`: by its name it ends with the call, or soon after; an element, with what it is shown for. */
export function isShortLived(scope: Scope, receiver: PlaceId, origins: readonly Origin[]): boolean {
  const { fn, world } = scope;
  const { shortLivedNames } = world.models.conventions;
  if (shortLivedNames === null) return false;
  const type = scope.typeOf(receiver);
  if (type !== null && shortLivedNames.test(simpleName(erase(type)))) return true;
  const place = fn.places[receiver];
  const fields = place?.kind === 'path' ? place.fields : [];
  const names = origins.map((origin) => origin.scope.fn.places[origin.place]);
  return (
    fields.some((field) => shortLivedNames.test(field)) ||
    names.some((one) => one?.kind === 'local' && one.name !== null && shortLivedNames.test(one.name))
  );
}

/**
 * A part of a request, by the name of either: `const { req } = options; req.signal`. What a request came by outlives it, as
 * its socket does.
 */
export function isPartOfRequest(scope: Scope, receiver: PlaceId): boolean {
  const { requestNames, shortLivedNames } = scope.world.models.conventions;
  const [own] = scope.fn.places[receiver]?.kind === 'path' ? scope.fn.places[receiver].fields.slice(-1) : [];
  if (requestNames === null || (own !== undefined && shortLivedNames?.test(own) === true)) return false;
  return wayBack(scope, receiver).some(({ scope: { fn }, place }) => {
    const one = fn.places[place];
    if (one?.kind === 'path') return one.fields.slice(0, -1).some((field) => requestNames.test(field));
    const isItself = fn === scope.fn && place === receiver;
    return one?.kind === 'local' && one.name !== null && !isItself && requestNames.test(one.name);
  });
}
