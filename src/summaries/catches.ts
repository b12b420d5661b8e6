/** Whether a catch clause takes an exception, from the type hierarchy as far as it is known. */
import type { World } from '../resolve/world.ts';

export function catchVerdict(
  world: World,
  clause: readonly string[],
  thrown: readonly string[] | null,
): 'always' | 'may' | 'never' {
  if (thrown === null || thrown.length === 0) return 'may';
  let isAlways = true;
  let isEver = false;
  for (const type of thrown) {
    const verdicts = clause.map((caught) => verdict(world, type, caught));
    if (!verdicts.includes('always')) isAlways = false;
    if (verdicts.some((one) => one !== 'never')) isEver = true;
  }
  return isAlways ? 'always' : isEver ? 'may' : 'never';
}

function verdict(world: World, thrown: string, caught: string): 'always' | 'may' | 'never' {
  if (thrown === caught) return 'always';
  const isBelow = world.isSubtype(thrown, caught);
  if (isBelow === true) return 'always';
  // The clause may name a subtype of what is announced: `throws IOException`, `catch (EOFException e)`.
  const isAbove = world.isSubtype(caught, thrown);
  if (isBelow === null || isAbove === null || isAbove) return 'may';
  return 'never';
}
