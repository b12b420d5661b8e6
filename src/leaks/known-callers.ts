/**
 * Calls of a function that others may call as well, in its own file and in those of the classes above it, which call what
 * they leave to it: evidence of how it is used, never all there is.
 */
import { callsOf } from '../ir/operands.ts';
import type { Declaration } from '../languages/language.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase, simpleName } from '../resolve/type-names.ts';
import { calleeLabel } from '../summaries/call-names.ts';
import type { Demand } from '../summaries/demand.ts';
import { declarationOf, mayCall, mayMean, type KnownCall } from './private-callers.ts';

/** More say nothing new, and cost. */
const MOST_CALLERS = 12;

/** Empty: nobody is known to call it, or too many are. The parameter tells it from others of its name. */
export function knownCallsOf(demand: Demand, scope: Scope, parameter: number): readonly KnownCall[] {
  const own = declarationOf(scope);
  if (own === null || own.isPrivate) return [];
  const type = simpleTypeOf(own.params[parameter]?.type ?? null);
  if (type === null) return [];
  const { world, ownerType } = scope;
  const above =
    ownerType === null ? [] : world.ancestors(ownerType).flatMap((one) => world.project.type(one)?.file ?? []);
  const callers = [...new Set([scope.file, ...above])].flatMap((file) =>
    file.index.declarations.filter((one) => mayCall(one, own)).map((one) => ({ file, one })),
  );
  if (callers.length > MOST_CALLERS) {
    demand.noteLimit('callers of a function');
    return [];
  }
  return callers.flatMap(({ file, one }) => callsBy(demand, file, one, own, { index: parameter, type }));
}

function callsBy(
  demand: Demand,
  file: Scope['file'],
  caller: Declaration,
  own: Declaration,
  { index, type }: { readonly index: number; readonly type: string },
): readonly KnownCall[] {
  return demand.body(file, caller).flatMap((scope) =>
    callsOf(scope.fn).flatMap((call) => {
      if (calleeLabel(call) !== own.name || call.args.length !== own.params.length) return [];
      const value = call.args[index]?.value;
      if (value?.kind !== 'place' || simpleTypeOf(scope.typeOf(value.place)) !== type) return [];
      return mayMean(scope, call, own) ? [{ scope, caller: caller.name, call, isRepeated: false }] : [];
    }),
  );
}

function simpleTypeOf(type: string | null): string | null {
  return type === null ? null : simpleName(erase(type));
}
