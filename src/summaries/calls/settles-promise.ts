/**
 * Calls that settle a promise. What `resolve(socket)` is given comes out where the promise is awaited, as if it were
 * returned: whatever else is done with it here on other paths, it is no longer this function's.
 */
import type { CallInstruction } from '../../ir/ir.ts';
import { outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';

/** The function is handed to a constructor that runs it. */
export function isExecutor(scope: Scope): boolean {
  const call = scope.handedTo();
  if (call?.callee.kind !== 'construct') return false;
  const effects = scope.resolvedAround(call)?.models[0]?.summary.effects ?? [];
  return effects.some((effect) => effect.kind === 'invoke' && effect.when === 'now');
}

/** By what an executor was given, in it or in a function made there. */
export function settlesPromise(scope: Scope, { callee }: CallInstruction): boolean {
  if (callee.kind !== 'value') return false;
  let at = { scope, place: callee.place };
  for (let outer = outwards(at.scope, at.place); outer !== null; outer = outwards(at.scope, at.place)) at = outer;
  return at.scope.fn.params.includes(at.place) && isExecutor(at.scope);
}
