/** Which result of a call says that it succeeded: a last one that is an error, or is tested as one or as a flag. */
import type { Guard } from '../../effects/effect.ts';
import { functionFacts } from '../../engine/function-facts.ts';
import type { CallInstruction } from '../../ir/ir.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { Scope } from '../../resolve/scope.ts';

/** A last result says whether the call succeeded: an error that is null, or a flag that is true. */
export function successGuard(scope: Scope, call: CallInstruction, resolved: ResolvedCall): Guard | null {
  const { errorResult } = scope.world.models.conventions;
  const index = call.dests.length - 1;
  const dest = call.dests[index];
  if (errorResult === null || index < 1 || dest === undefined) return null;
  const type = resolved.resultTypes[index] ?? scope.typeOf(dest);
  if (type !== null && errorResult.test(type)) return { slot: { at: 'result', index }, is: 'null' };
  return namedFlagGuard(scope, call) ?? (type === null ? testedGuard(scope, call) : null);
}

/** `writer, ok, ctx := fromContext(ctx)`: a flag that says by its name that there is something, and is asked for that. */
export function namedFlagGuard({ fn, world }: Scope, { dests }: CallInstruction): Guard | null {
  const { successFlags } = world.models.conventions;
  const index = dests.findIndex((dest, at) => {
    const place = fn.places[dest];
    return at > 0 && place?.kind === 'local' && place.name !== null && successFlags?.test(place.name) === true;
  });
  const dest = dests[index];
  const isTested = dest !== undefined && functionFacts(fn).testKinds.get(dest)?.has('true') === true;
  return isTested ? { slot: { at: 'result', index }, is: 'true' } : null;
}

/** `if err := file.Lock(); err != nil`, `if !m.TryLock()`: what the function tests tells, if it tests it. */
export function testedGuard({ fn }: Scope, { dests }: CallInstruction): Guard | null {
  const index = dests.length - 1;
  const dest = dests[index];
  const tests = dest === undefined ? undefined : functionFacts(fn).testKinds.get(dest);
  return tests === undefined ? null : { slot: { at: 'result', index }, is: tests.has('null') ? 'null' : 'true' };
}
