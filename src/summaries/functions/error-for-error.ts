/**
 * Does a function give an error wherever it is given one? `toStatus(err)`, which asks what the error is and gives another:
 * nothing that it returns then is null.
 */
import { entryFacts } from '../../engine/entry-facts.ts';
import { emptyStore, write } from '../../engine/store.ts';
import { isNonNull, NON_NULL } from '../../engine/value.ts';
import type { BasicBlock } from '../../ir/ir.ts';
import type { Declaration } from '../../languages/language.ts';
import type { Scope } from '../../resolve/scope.ts';
import { resultTypes } from '../../resolve/type-names.ts';
import type { World } from '../../resolve/world.ts';
import type { Demand } from '../demand.ts';

/** Asked first, as it needs no body: this parameter and the one result are errors. */
export function mapsErrors({ models }: World, { params, returnType }: Declaration, parameter: number): boolean {
  const { errorResult } = models.conventions;
  const type = params[parameter]?.type ?? null;
  const [result, ...others] = returnType === null ? [] : resultTypes(returnType);
  if (errorResult === null || type === null || result === undefined || others.length > 0) return false;
  return errorResult.test(type) && errorResult.test(result);
}

export function givesErrorForError(demand: Demand, scope: Scope, parameter: number): boolean {
  const { fn } = scope;
  const place = fn.params[parameter];
  if (place === undefined) return false;
  const facts = entryFacts(fn, demand.context(scope), write(emptyStore, place, NON_NULL));
  const ends = fn.blocks.filter(({ id, terminator }) => terminator.op === 'return' && facts.isReached(id));
  return (
    ends.length > 0 && ends.every((block) => isOfItself(scope, block) || facts.returned(block.id).every(isNonNull))
  );
}

/** `return toStatus(e.Err)`, in `toStatus`: what an error wraps is one as well. */
function isOfItself(scope: Scope, { instructions, terminator }: BasicBlock): boolean {
  const [value] = terminator.op === 'return' ? terminator.values : [];
  const { fn, file } = scope;
  return (
    value?.kind === 'place' &&
    instructions.some((one) => {
      if (one.op !== 'call' || one.dests[0] !== value.place || one.args.some((arg) => arg.value.kind === 'literal'))
        return false;
      const [only, ...others] = scope.resolved(one).declarations;
      const isOwn = only?.file === file && only.declaration.name === fn.name && only.declaration.owner === fn.owner;
      return isOwn && others.length === 0;
    })
  );
}
