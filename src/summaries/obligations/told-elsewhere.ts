/**
 * What other functions show of a call whose result this one does not release: others of the file that make the same call do,
 * or the class does that keeps it in a field. Asked twice: whether a call that nobody knows acquires, and how sure it is that
 * what it gives is a duty.
 */
import type { CallInstruction, PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';
import { calleeLabel } from '../call-names.ts';
import type { CallKnowledge } from '../calls/call-knowledge.ts';
import type { Demand } from '../demand.ts';
import { isPutInOwner, isReleasedByOwner, mayOpen } from './released-by-owner.ts';

/** Where to look for what says that a call nobody knows hands something over. */
export type Witnesses = 'function' | 'file';

/** Is what is known to be due here released elsewhere? `place`: where it is first. */
export function isToldElsewhere(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  knowledge: CallKnowledge,
  place: PlaceId,
): boolean {
  if (isReleasedByOthers(demand, scope, call, knowledge) || isReleasedByOwner(demand, scope, place)) return true;
  return mayOpen(scope, call) && isPutInOwner(demand, scope, place);
}

/** A handle on what it was asked of, or a wrapper, ends with that. */
export function isReleasedByOthers(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  knowledge: CallKnowledge,
): boolean {
  const { gettersKeep, accessors } = scope.world.models.conventions;
  if (gettersKeep && accessors.test(calleeLabel(call))) return false;
  if (!demand.releasedByOthers.has(scope, call) || hasCaretaker(scope, call)) return false;
  return !isHandle(knowledge);
}

/** Of a call that nobody says to acquire: a field that its class releases says so only where the name of the call does. */
export function isOpenedForOwner(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  knowledge: CallKnowledge,
): boolean {
  const dest = call.dests[0];
  if (dest === undefined || !mayOpen(scope, call)) return false;
  if (scope.fn.kind === 'constructor') return isReleasedByOwner(demand, scope, dest);
  // What has a body tells itself whether anything is open yet: `&Store{path: path}` is not.
  if (scope.resolved(call).declarations.length > 0 || isHandle(knowledge)) return false;
  return isPutInOwner(demand, scope, dest);
}

/** On what it was asked of, or around what it was given: it ends with that. */
function isHandle({ effects }: CallKnowledge): boolean {
  return effects.some(({ kind }) => kind === 'alias');
}

/** `store := newStore(t)`: who is told of the test may leave it to that. */
function hasCaretaker(scope: Scope, { args }: CallInstruction): boolean {
  const { caretakerTypes } = scope.world.models.conventions;
  if (caretakerTypes === null) return false;
  return args.some(({ value }) => {
    const type = value.kind === 'place' ? scope.typeOf(value.place) : null;
    return type !== null && caretakerTypes.test(erase(type));
  });
}
