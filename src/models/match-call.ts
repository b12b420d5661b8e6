/**
 * Which of a member's models a call means. Candidates come from `ModelSet.calls`, most specific first;
 * finding the owner among the receiver's supertypes is the caller's part.
 */
import type { CallModel } from './model-set.ts';
import type { TypeHint } from '../ir/ir.ts';

/** `argumentTypes` has null where the type is not known; `isA` decides subtyping between simple names. */
export function matchCall(
  candidates: readonly CallModel[],
  argumentTypes: readonly (TypeHint | null)[],
  isA: (type: TypeHint, simpleName: string) => boolean,
): CallModel | null {
  return candidates.find((model) => accepts(model, argumentTypes, isA)) ?? null;
}

function accepts(
  model: CallModel,
  argumentTypes: readonly (TypeHint | null)[],
  isA: (type: TypeHint, simpleName: string) => boolean,
): boolean {
  if (model.arity !== null && model.arity !== argumentTypes.length) return false;
  if (model.params === null) return true;
  return model.params.every((param, index) => {
    const type = argumentTypes[index];
    if (param === '*' || type === null || type === undefined) return true;
    return isA(type, param);
  });
}
