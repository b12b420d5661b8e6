/**
 * Calls of a function that others may call as well, in its own file and in those of the classes above it, which call what
 * they leave to it: evidence of how it is used, never all there is.
 */
import type { Scope } from '../../resolve/scope.ts';
import { erase, simpleName } from '../../resolve/type-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import { callersIn, callsBy, declarationOf, type Call } from './callers.ts';

/** More say nothing new, and cost. */
const MOST_CALLERS = 12;

/** null: nobody can tell, or too many call it. The parameter tells it from others of its name. */
export function knownCallsOf(demand: Demand, scope: Scope, parameter: number): readonly Call[] | null {
  const own = declarationOf(scope);
  if (own === null || own.isPrivate) return null;
  const type = simpleTypeOf(own.params[parameter]?.type ?? null);
  if (type === null) return null;
  const { world, ownerType } = scope;
  const above =
    ownerType === null ? [] : world.ancestors(ownerType).flatMap((one) => world.project.type(one)?.file ?? []);
  const callers = callersIn([...new Set([scope.file, ...above])], own);
  if (callers.length > MOST_CALLERS) {
    demand.noteLimit('callers of a function');
    return null;
  }
  const isGiven = ({ scope: caller, call: { args } }: Call): boolean => {
    const value = args[parameter]?.value;
    const isOfType = value?.kind === 'place' && simpleTypeOf(caller.typeOf(value.place)) === type;
    return isOfType && args.length === own.params.length;
  };
  return callers.flatMap((caller) => callsBy(demand, caller, own)).filter(isGiven);
}

function simpleTypeOf(type: string | null): string | null {
  return type === null ? null : simpleName(erase(type));
}
