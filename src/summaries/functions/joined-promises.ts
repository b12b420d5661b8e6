/** Promises that are given to a function beside others, in a list: `Promise.all(names.map(read))`. */
import type { PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import { valueUses } from '../value-uses.ts';

/** `joins`: functions, as `Type.name`; one of the places holds a promise, or a list of them. */
export function isJoined(scope: Scope, held: readonly PlaceId[], joins: RegExp | null): boolean {
  if (joins === null) return false;
  const lists = new Set(held);
  for (const one of lists) {
    for (const { callee, dests } of valueUses(scope.fn).takers(one)) {
      if (callee.kind === 'aggregate') for (const dest of dests) lists.add(dest);
      else if (callee.kind === 'function' && joins.test(`${callee.scope ?? ''}.${callee.name}`)) return true;
    }
  }
  return false;
}

/** `Promise.race([answer, new Promise((_, reject) => setTimeout(reject, 5000))])`, for a function that settles the second one. */
export function isRaced(executor: Scope): boolean {
  const { around, world } = executor;
  const made = executor.handedTo()?.dests[0];
  if (around === null || made === undefined) return false;
  const held = [made, ...valueUses(around.scope.fn).copies(made)];
  return isJoined(around.scope, held, world.models.conventions.racesPromises);
}
