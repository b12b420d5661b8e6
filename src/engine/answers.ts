/**
 * What a call surely answers, going by what is known of its arguments: `isRefused(err)` is false where there is no error,
 * and `toStatus(err)` is an error where there is one. What never fails gives none: `_, err := buffer.Write(line)`.
 */
import type { CallInstruction } from '../ir/ir.ts';
import type { EngineContext } from './context.ts';
import type { Machine } from './machine.ts';
import { read, type Store } from './store.ts';
import { FALSE, NON_NULL, NULL, UNKNOWN, type Value } from './value.ts';

/** Asked only where a branch tests the answer. */
export function answerOf({ facts, context }: Machine, call: CallInstruction, index: number, store: Store): Value {
  const dest = call.dests[index];
  if (dest === undefined || !facts.tested.has(dest)) return UNKNOWN;
  const isLast = index === call.dests.length - 1;
  if (isLast && facts.testKinds.get(dest)?.has('null') === true && context.facts(call).neverFails) return NULL;
  if (index > 0 || !isLast) return UNKNOWN;
  if (facts.testKinds.get(dest)?.has('true') === true) return isRefusal({ context }, call, store) ? FALSE : UNKNOWN;
  return isErrorOfError(context, call, store) ? NON_NULL : UNKNOWN;
}

function isErrorOfError(context: EngineContext, call: CallInstruction, store: Store): boolean {
  return call.args.some(
    ({ value }, index) =>
      value.kind === 'place' && read(store, value.place) === NON_NULL && context.facts(call).isErrorForError(index),
  );
}

/** One of the arguments is null, for which the callee answers false. */
export function isRefusal({ context }: Pick<Machine, 'context'>, call: CallInstruction, store: Store): boolean {
  return call.args.some(
    ({ value }, index) =>
      value.kind === 'place' && read(store, value.place) === NULL && context.facts(call).isFalseForNull(index),
  );
}
