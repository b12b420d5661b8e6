/** Type variables of the platform's generic types: `T` of `Supplier<T>#get`, seen from a `Supplier<Connection>`. */
import { erase, typeArguments } from './type-names.ts';
import type { World } from './world.ts';

/** As the platform writes them: `E`, `K2`. A nested type has a dot before it. */
const VARIABLE = /(?<![.\w])[A-Z][A-Z0-9]?(?![.\w])/gu;
/** Further up no hierarchy goes. */
const MAX_DEPTH = 12;

/** What `returns`, written where `member` is declared, is for a receiver of `type`; null: a variable that nothing tells of. */
export function withoutVariables(world: World, type: string, member: string, returns: string): string | null {
  if (returns.match(VARIABLE) === null) return returns;
  const owner = world.ancestors(type).find((one) => (world.api.type(one)?.methods(member).length ?? 0) > 0);
  const seen = owner === undefined ? null : asSupertype(world, type, owner, MAX_DEPTH);
  const result = seen === null ? returns : substituted(returns, variablesOf(world, seen), typeArguments(seen));
  return erase(result).match(VARIABLE) === null ? result : null;
}

/** `Collection<URL>`, for a `List<URL>` as a `Collection`. */
function asSupertype(world: World, type: string, owner: string, depth: number): string | null {
  if (erase(type) === owner) return type;
  if (depth === 0) return null;
  const variables = variablesOf(world, type);
  const given = typeArguments(type);
  for (const supertype of world.supertypes(erase(type))) {
    if (!world.ancestors(supertype).includes(owner)) continue;
    return asSupertype(world, substituted(supertype, variables, given), owner, depth - 1);
  }
  return null;
}

function variablesOf(world: World, type: string): readonly string[] {
  const name = erase(type);
  return (world.project.type(name)?.shape ?? world.api.type(name))?.typeParameters ?? [];
}

/** A raw type tells nothing of its variables. */
function substituted(type: string, variables: readonly string[], given: readonly string[]): string {
  if (variables.length === 0 || variables.length !== given.length) return type;
  return type.replace(VARIABLE, (name) => {
    const index = variables.indexOf(name);
    return index < 0 ? name : (given[index]?.replace(/^\?\s*(?:extends\s+|super\s+)?/u, '') ?? name);
  });
}
