/**
 * Does a function that hands out what it acquired also hand it out after the duty has ended? Its callers cannot tell the
 * one from the other, and mostly know that they need not:
 *
 *     resp, err := api.call(request)
 *     err = decode(resp, result)        closes the body, or not: nobody knows
 *     if err != nil { return resp, err }
 *     return resp, nil
 */
import type { CallFacts } from '../../engine/context.ts';
import type { SettledExit } from '../../engine/state.ts';
import { simulate } from '../../engine/simulate.ts';
import { filterStore, placesWith, read } from '../../engine/store.ts';
import { holdsResource, isNonNull, isResource, NULL } from '../../engine/value.ts';
import type { IrFunction, Operand } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../demand.ts';
import { failureOf } from './failure.ts';
import type { Obligation } from '../obligations/obligations.ts';

export function mayReturnEnded(
  demand: Demand,
  scope: Scope,
  obligation: Obligation,
  settled: readonly SettledExit[],
): boolean {
  return settled.some((ending) => isReturnedAfter(demand, scope, obligation, ending));
}

/** Goes on from where the duty ended, with calls that do nothing to what is followed. */
function isReturnedAfter(demand: Demand, scope: Scope, { seed }: Obligation, ending: SettledExit): boolean {
  const { settlement, state, by } = ending;
  if (by === null || ending.isExceptional || state.path === null) return false;
  if (settlement.kind !== 'released' && settlement.kind !== 'escaped' && settlement.kind !== 'transferred')
    return false;
  const { block } = state.path;
  const index = scope.fn.blocks[block]?.instructions.indexOf(by) ?? -1;
  if (index < 0) return false;
  const context = demand.context(scope);
  const after = simulate(
    scope.fn,
    {
      ...context,
      facts: (call) => withoutEffects(context.facts(call)),
      closureEffects: () => [],
    },
    {
      ...seed,
      block,
      index: index + 1,
      places: placesWith(state.store, isResource),
      holders: [],
      isState: false,
      // What the call gave back is written after what it did.
      facts: [filterStore(state.store, (place, value) => !holdsResource(value) && !by.dests.includes(place))],
    },
  );
  return after.settled.some((exit) => exit.settlement.kind === 'returned' && isSuccess(demand, scope, ending, exit));
}

/** Field by field: what is known of a call is computed when asked, by getters that a copy would lose. */
function withoutEffects({ neverReturns, throws, rejects, thrown, resolution, label, isRead }: CallFacts): CallFacts {
  return {
    effectsOn: () => [],
    acquisitions: [],
    neverReturns,
    throws,
    rejects,
    thrown,
    resolution,
    label,
    isRead,
    onlyUses: () => false,
    neverFails: false,
    isFalseForNull: () => false,
    isErrorForError: () => false,
  };
}

/** An error nobody looked at is one if what ended the duty gave it; another may be why it ended. */
function isSuccess(demand: Demand, scope: Scope, { settlement, by }: SettledExit, { state }: SettledExit): boolean {
  if (failureOf(scope) === null) return true;
  const value = lastReturned(scope.fn, state.path?.block ?? null);
  if (value === null || value.kind === 'literal') return true;
  if (value.kind !== 'place') return false;
  const error = read(state.store, value.place);
  if (error === NULL) return true;
  if (isNonNull(error) || settlement.kind !== 'released') return false;
  const given = by?.dests.at(-1);
  return given !== undefined && demand.groups(scope).group(given) === demand.groups(scope).group(value.place);
}

function lastReturned(fn: IrFunction, block: number | null): Operand | null {
  const terminator = block === null ? undefined : fn.blocks[block]?.terminator;
  return terminator?.op === 'return' ? (terminator.values.at(-1) ?? null) : null;
}
