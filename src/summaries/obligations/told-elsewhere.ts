/**
 * What other functions show of a call whose result this one does not release: others of the file that make the same call do,
 * or the class does that keeps it in a field. Asked twice: whether a call that nobody knows acquires, and how sure it is that
 * what it gives is a duty.
 */
import type { CallInstruction, PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { CallKnowledge } from '../calls/call-knowledge.ts';
import type { Demand } from '../demand.ts';
import { isReleasedByOwner, mayOpen } from './released-by-owner.ts';

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
  return isReleasedByOthers(demand, scope, call, knowledge) || isReleasedByOwner(demand, scope, place);
}

/** A handle on what it was asked of, or a wrapper, ends with that. */
export function isReleasedByOthers(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  knowledge: CallKnowledge,
): boolean {
  if (!demand.releasedByOthers.has(scope, call)) return false;
  return !knowledge.effects.some((effect) => effect.kind === 'alias');
}

/** Of a call that nobody says to acquire: a field that its class releases says so only where the name of the call does. */
export function isOpenedForOwner(demand: Demand, scope: Scope, call: CallInstruction): boolean {
  const dest = call.dests[0];
  if (dest === undefined || scope.fn.kind !== 'constructor') return false;
  return mayOpen(scope, call) && isReleasedByOwner(demand, scope, dest);
}
