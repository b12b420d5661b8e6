/**
 * Is it had of what the object keeps and ends itself, and made once for that? It is gone with it then, and does not add up:
 *
 *     this.session = connection.createSession(); const consumer = this.session.createConsumer(queue);
 *     stop() { this.session.close(); }
 *
 * A constructor runs once for its object; any other function has to have put what it is had of into the field itself, before.
 */
import { functionFacts } from '../../engine/function-facts.ts';
import { ownField } from '../../engine/receiver.ts';
import type { BlockId, CallInstruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { blocksLeadingTo, entryBlock, reaches } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../demand.ts';
import type { Obligation } from './obligations.ts';

export function isHeldByOwnField(demand: Demand, scope: Scope, { call, seed }: Obligation): boolean {
  const { fn, file } = scope;
  if (fn.receiver === null || seed.holders.length === 0) return false;
  const fields = new Set(seed.holders.flatMap((holder) => ownField(fn, holder) ?? []));
  return [...fields].some((field) => {
    const isOnce = fn.kind === 'constructor' || isSetBefore(fn, field, call);
    return isOnce && demand.fieldReleases.ends(file, field).some((name) => name !== fn.name);
  });
}

/** On all ways that lead to the call, and not for several of them. */
function isSetBefore(fn: IrFunction, field: string, call: CallInstruction): boolean {
  const at = fn.blocks.find(({ instructions }) => instructions.includes(call));
  if (at === undefined || reaches(fn, at.id, at.id)) return false;
  const isField = (place: PlaceId): boolean => ownField(fn, place) === field;
  return fn.blocks.some(({ id, instructions }) => {
    const before = id === at.id ? instructions.slice(0, instructions.indexOf(call)) : instructions;
    const isSet = before.some((one) =>
      one.op === 'call'
        ? one.dests.some(isField)
        : one.op === 'assign' && one.source.kind !== 'literal' && isField(one.dest),
    );
    return isSet && (id === at.id || isPassed(fn, id, at.id));
  });
}

/** Does every way to the one block lead through the other? */
function isPassed(fn: IrFunction, by: BlockId, to: BlockId): boolean {
  const entry = entryBlock;
  return by === entry || !blocksLeadingTo(functionFacts(fn).predecessors, to, by).has(entry);
}
