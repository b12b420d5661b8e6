/**
 * Does a function open nothing for its caller where it is given certain constants? `if id == "" || notes == nil { return nil, nil }`
 * in front of what opens something says so, and so does a function that only passes them on.
 */
import { entryFacts, type EntryFacts } from '../../engine/entry-facts.ts';
import type { SettledExit } from '../../engine/state.ts';
import type { IrFunction, Literal, Operand } from '../../ir/ir.ts';
import { placesWritten } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';
import { constantsGiven, storeGiven, type Constants } from '../calls/constants-given.ts';
import type { Demand } from '../demand.ts';
import type { Obligation } from '../obligations/obligations.ts';

/** What is known where a call gives these constants; null: they say nothing. */
export function factsGiven(demand: Demand, scope: Scope, given: Constants): EntryFacts | null {
  if (given.every((constant) => constant === null)) return null;
  return entryFacts(scope.fn, demand.context(scope), storeGiven(scope.fn, given));
}

/** Is it never acquired by a call that gives these constants? */
export function isRuledOut(
  demand: Demand,
  scope: Scope,
  { call, seed }: Obligation,
  given: Constants,
  facts: EntryFacts,
): boolean {
  const { fn } = scope;
  if (!facts.isReached(seed.block)) return true;
  const { models, declarations } = scope.resolved(call);
  const [only, ...others] = declarations;
  if (only === undefined || others.length > 0 || models.length > 0) return false;
  const passed = constantsGiven(call, only.declaration.params, (operand) => constantPassed(fn, given, operand));
  return demand.acquisitionsGiven(only, passed).length === 0;
}

/** `if (reuse) { keep(prepared); return null; } return prepared;`: may a call of which this is known leave in this way? */
export function mayLeaveBy({ state }: SettledExit, facts: EntryFacts): boolean {
  return state.path === null || facts.isReached(state.path.block);
}

/** Of a parameter that nothing is written to. */
function constantPassed(fn: IrFunction, given: Constants, operand: Operand): Literal | null {
  if (operand.kind !== 'place') return null;
  const constant = given[fn.params.indexOf(operand.place)] ?? null;
  if (constant === null) return null;
  const isWritten = fn.blocks.some(({ instructions }) =>
    instructions.some((instruction) => placesWritten(instruction).includes(operand.place)),
  );
  return isWritten ? null : constant;
}
