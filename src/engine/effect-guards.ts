/** Effects that hold only if another slot of the call is null, set, true or false: which outcomes they apply to. */
import { assertNever } from '../errors.ts';
import type { Effect, Guard } from '../effects/effect.ts';
import type { CallInstruction } from '../ir/ir.ts';
import { slotOperand } from './held-slots.ts';
import { operandValue, type Machine } from './machine.ts';
import { withResult, type Outcome } from './outcome.ts';
import { FALSE, isNonNull, MAYBE_RESOURCE, NON_NULL, NULL, TRUE, UNKNOWN, type Value } from './value.ts';

export interface GuardedOutcome {
  readonly outcome: Outcome;
  readonly isApplied: boolean;
}

/** A guard on a result forks the outcome; one on an argument is decided by the store, or let pass. */
export function guarded(
  machine: Machine,
  call: CallInstruction,
  effect: Effect,
  outcome: Outcome,
): readonly GuardedOutcome[] {
  const { given } = effect;
  if (given === undefined) return [{ outcome, isApplied: true }];
  if (given.slot.at === 'result') {
    const index = given.slot.index;
    const known = outcome.results.get(index);
    // An error nobody looks at is taken not to be there.
    if (known === undefined && given.is === 'null' && !isRead(machine, call, index))
      return [{ outcome, isApplied: true }];
    if (known !== undefined) return [{ outcome, isApplied: satisfies(known, given) !== false }];
    const [yes, no] = guardValues(given);
    return [
      { outcome: withResult(outcome, index, yes), isApplied: true },
      { outcome: withResult(outcome, index, no), isApplied: false },
    ];
  }
  const operand = slotOperand(machine, call, given.slot);
  const value = operand === null ? UNKNOWN : operandValue(machine, outcome.state.store, operand);
  const verdict = satisfies(value, given);
  if (verdict === null)
    return [{ outcome: { ...outcome, state: { ...outcome.state, usesMay: true } }, isApplied: true }];
  return [{ outcome, isApplied: verdict }];
}

function isRead({ facts }: Machine, call: CallInstruction, result: number): boolean {
  const dest = call.dests[result];
  return dest !== undefined && facts.reads.has(dest);
}

function guardValues(guard: Guard): readonly [Value, Value] {
  switch (guard.is) {
    case 'true':
      return [TRUE, FALSE];
    case 'false':
      return [FALSE, TRUE];
    case 'null':
      return [NULL, NON_NULL];
    case 'set':
      return [NON_NULL, NULL];
    default:
      return assertNever(guard.is);
  }
}

function satisfies(value: Value, guard: Guard): boolean | null {
  if (value === UNKNOWN || value === MAYBE_RESOURCE) return null;
  switch (guard.is) {
    case 'true':
      return value === TRUE;
    case 'false':
      return value === FALSE;
    case 'null':
      return value === NULL;
    case 'set':
      return isNonNull(value);
    default:
      return assertNever(guard.is);
  }
}
