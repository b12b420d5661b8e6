/**
 * Calls whose result is returned where it is had, `return createItem(session, message);`, through cleanup as well;
 * `function-facts.ts` keeps the answer.
 */
import type { BasicBlock, CallInstruction, Instruction, IrFunction, PlaceId, Span } from '../ir/ir.ts';
import { isCopy, placesLeaving } from '../ir/operands.ts';

export function returnedAtOnce({ blocks, places }: IrFunction): ReadonlySet<CallInstruction> {
  const returned = new Set(
    blocks.flatMap(({ terminator }) => (terminator.op === 'return' ? placesLeaving(terminator) : [])),
  );
  const found = new Set<CallInstruction>();
  for (const block of blocks) {
    const call = lastCall(block, ({ dest, span }) => {
      const kept = places[dest];
      if (kept?.kind !== 'local' || !returned.has(dest)) return false;
      // `return open(path), nil` into results that have names is told by its place from `file = open(path)`.
      return kept.name === null || isSameSpan(span, block.terminator.span);
    });
    if (call !== null) found.add(call);
  }
  return found;
}

type Assignment = Extract<Instruction, { op: 'assign' | 'await' }>;

function isKept(one: Instruction): one is Assignment & { readonly dest: PlaceId } {
  return (one.op === 'assign' || one.op === 'await') && one.dest !== null;
}

function isSameSpan(one: Span, other: Span): boolean {
  return one.start === other.start && one.end === other.end;
}

/** `keeps`: does it put what is returned where it is while cleanup runs? */
function lastCall(
  { instructions, terminator }: BasicBlock,
  keeps: (assignment: Assignment & { readonly dest: PlaceId }) => boolean,
): CallInstruction | null {
  const given = new Set(terminator.op === 'return' ? placesLeaving(terminator) : []);
  for (const one of instructions.toReversed()) {
    if (one.op === 'call') return one.dests.some((dest) => given.has(dest)) ? one : null;
    if (terminator.op !== 'jump' || !isKept(one) || !keeps(one)) return null;
    if (isCopy(one)) given.add(one.source.place);
  }
  return null;
}
