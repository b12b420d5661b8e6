/**
 * Does a function answer false wherever it is given null? `if err == nil { return false }` says so, and so does a question
 * that is false of null itself: `return errors.Is(err, io.EOF)`.
 */
import { isRefusal } from '../../engine/answers.ts';
import { entryFacts, type EntryFacts } from '../../engine/entry-facts.ts';
import { emptyStore, write } from '../../engine/store.ts';
import { FALSE, NULL } from '../../engine/value.ts';
import type { BasicBlock, CallInstruction, PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../demand.ts';

export function answersFalseForNull(demand: Demand, scope: Scope, parameter: number): boolean {
  const { fn } = scope;
  const place = fn.params[parameter];
  if (place === undefined || fn.isAsync || fn.isGenerator) return false;
  const facts = entryFacts(fn, demand.context(scope), write(emptyStore, place, NULL));
  const reached = fn.blocks.filter(({ id, terminator }) => terminator.op === 'return' && facts.isReached(id));
  return (
    reached.length > 0 && reached.every((block) => isFalse(facts, block) || isRefusedAtEnd(demand, scope, facts, block))
  );
}

function isFalse(facts: EntryFacts, { id, terminator }: BasicBlock): boolean {
  if (terminator.op !== 'return' || terminator.values.length !== 1) return false;
  const returned = facts.returned(id);
  return returned.length > 0 && returned.every((value) => value === FALSE);
}

/** `return isRefused(err)`, of a helper that answers false in turn. */
function isRefusedAtEnd(demand: Demand, scope: Scope, facts: EntryFacts, block: BasicBlock): boolean {
  const [value, ...others] = block.terminator.op === 'return' ? block.terminator.values : [];
  if (value?.kind !== 'place' || others.length > 0) return false;
  const index = block.instructions.findIndex((one) => one.op === 'call' && isAnswer(one, value.place));
  const call = block.instructions[index];
  if (call?.op !== 'call') return false;
  const context = demand.context(scope);
  return facts.before(block.id, index).every((store) => isRefusal({ context }, call, store));
}

function isAnswer({ dests }: CallInstruction, place: PlaceId): boolean {
  return dests.length === 1 && dests[0] === place;
}

/** `errors.Is(err, io.EOF)`: rules of the language say that it is false of null. */
export function asksOfError({ world }: Scope, { callee }: CallInstruction): boolean {
  if (callee.kind !== 'function' || callee.scope === null) return false;
  return world.models.conventions.errorQuestions?.test(`${callee.scope}.${callee.name}`) === true;
}
