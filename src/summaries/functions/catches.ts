/** Whether a catch clause takes an exception, from the type hierarchy as far as it is known. */
import type { CatchVerdict } from '../../engine/context.ts';
import { simpleName } from '../../resolve/type-names.ts';
import type { World } from '../../resolve/world.ts';

export function catchVerdict(world: World, clause: readonly string[], thrown: readonly string[] | null): CatchVerdict {
  if (thrown === null || thrown.length === 0) return 'may';
  let isAlways = true;
  let isEver = false;
  for (const type of thrown) {
    const verdicts = clause.map((caught) => verdict(world, type, caught));
    if (!verdicts.includes('always')) isAlways = false;
    if (verdicts.some((one) => one !== 'never')) isEver = true;
  }
  if (isAlways) return 'always';
  if (!isEver) return 'never';
  // `throws Exception` rarely means the one runtime exception that a clause singles out, and `throws IOException` no missing file.
  const { unchecked, ofOpening } = world.models.exceptions;
  const isRare = (type: string): boolean => unchecked.has(simpleName(type)) || ofOpening.has(simpleName(type));
  return clause.every(isRare) ? 'hardly' : 'may';
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
