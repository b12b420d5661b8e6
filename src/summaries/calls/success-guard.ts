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
  if (type !== null) return errorResult.test(type) ? { slot: { at: 'result', index }, is: 'null' } : null;
  return testedGuard(scope, call);
}

/** `if err := file.Lock(); err != nil`, `if !m.TryLock()`: what the function tests tells, if it tests it. */
export function testedGuard({ fn }: Scope, { dests }: CallInstruction): Guard | null {
  const index = dests.length - 1;
  const dest = dests[index];
  const tests = dest === undefined ? undefined : functionFacts(fn).testKinds.get(dest);
  return tests === undefined ? null : { slot: { at: 'result', index }, is: tests.has('null') ? 'null' : 'true' };
}
