/** What a function does to its arguments whose name says that its result works on them; nobody knows its body. */
import type { Effect, Guard, Slot } from '../effects/effect.ts';
import type { CallInstruction } from '../ir/ir.ts';
import type { ResolvedCall } from '../resolve/resolve-call.ts';
import type { Scope } from '../resolve/scope.ts';
import { successGuard } from './call-knowledge.ts';

/** `r, err := zstd.NewReader(f)`: the result works on the argument; where it failed it may have released it. */
export function wrappedByName(
  scope: Scope,
  call: CallInstruction,
  resolved: ResolvedCall,
  from: Slot,
): readonly Effect[] {
  const success = successGuard(scope, call, resolved);
  const alias: Effect = { kind: 'alias', from, into: { at: 'result', index: 0 }, on: 'return', certainty: 'may' };
  if (success === null) return [alias];
  const failure: Guard = { ...success, is: success.is === 'null' ? 'set' : 'false' };
  return [
    { ...alias, given: success },
    { kind: 'escape', slot: from, on: 'both', certainty: 'may', given: failure },
  ];
}
