/** All calls of a function that nobody outside of its file can call. */
import type { CallInstruction } from '../ir/ir.ts';
import { reaches } from '../ir/operands.ts';
import type { Declaration } from '../languages/language.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from '../summaries/demand.ts';

export interface PrivateCall {
  readonly scope: Scope;
  /** The function it is in, by name. */
  readonly caller: string;
  readonly call: CallInstruction;
  /** In a loop, or in a function made there: nobody knows how often that runs. */
  readonly isRepeated: boolean;
}

/** Empty: others may call it, or nobody does. */
export function privateCallsOf(demand: Demand, { fn, file }: Scope): readonly PrivateCall[] {
  const own = file.index.declarations.find(({ id }) => id === fn.id);
  if (own?.isPrivate !== true) return [];
  const callers = file.index.declarations.filter((one) => one.hasBody && one.calls.has(own.name));
  return callers.flatMap((caller) =>
    demand.body(file, caller).flatMap((scope) => callsIn(scope, own).map((call) => ({ ...call, caller: caller.name }))),
  );
}

function callsIn(scope: Scope, own: Declaration): readonly Omit<PrivateCall, 'caller'>[] {
  return scope.fn.blocks.flatMap(({ id, instructions }) =>
    instructions.flatMap((call) => {
      if (call.op !== 'call' || call.callee.kind === 'construct') return [];
      if (!scope.resolved(call).declarations.some(({ declaration }) => declaration === own)) return [];
      return [{ scope, call, isRepeated: scope.around !== null || reaches(scope.fn, id, id) }];
    }),
  );
}
