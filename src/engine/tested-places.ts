/** Which places branches ask, how, and up to where; `function-facts.ts` keeps the answers. */
import { append } from '../append.ts';
import type { BlockId, Condition, IrFunction, Operand, PlaceId, Terminator } from '../ir/ir.ts';
import { operandsOf, placesRead, placesTested } from '../ir/operands.ts';
import { successors } from '../ir/walk.ts';
import { numberComparison } from './comparisons.ts';
import { testMade, type RepeatedTests } from './repeated-tests.ts';

export function testedPlaces(fn: IrFunction, repeated: RepeatedTests): ReadonlySet<PlaceId> {
  const tested = new Set<PlaceId>(repeated.list.map(({ outcome }) => outcome));
  const copies = new Map<PlaceId, PlaceId[]>();
  const test = (operand: Operand): void => {
    if (operand.kind === 'condition') tested.add(operand.condition.place);
  };
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      operandsOf(instruction).forEach(test);
      if (instruction.op === 'assign' && instruction.source.kind === 'place') {
        append(copies, instruction.dest, instruction.source.place);
      }
      // A guarded effect reads its arguments: `close(stream, owned)`.
      if (instruction.op === 'call') {
        for (const arg of instruction.args) if (arg.value.kind === 'place') tested.add(arg.value.place);
      }
    }
    for (const place of placesTested(block.terminator)) tested.add(place);
    const outcome = outcomeReturned(block.terminator);
    if (outcome !== null) tested.add(outcome);
  }
  // `i = 0; i < 3`: a number decides what it is compared with.
  for (const place of [...tested]) {
    const compared = numberComparison(fn, place)?.left;
    if (compared !== undefined) tested.add(compared);
  }
  const pending = [...tested];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    for (const source of copies.get(place) ?? []) {
      if (tested.has(source)) continue;
      tested.add(source);
      pending.push(source);
    }
  }
  return tested;
}

export function testKinds(fn: IrFunction): ReadonlyMap<PlaceId, ReadonlySet<Condition['test']>> {
  const kinds = new Map<PlaceId, Set<Condition['test']>>();
  const note = ({ place, test }: Condition): void => {
    const same = kinds.get(place);
    if (same === undefined) kinds.set(place, new Set([test]));
    else same.add(test);
  };
  for (const { terminator } of fn.blocks) {
    if (terminator.op === 'branch' && terminator.when !== 'unknown') note(terminator.when);
  }
  return kinds;
}

/**
 * A test in block t may be reached from every block up to t, and, where t lies in a loop, from every block
 * up to the loop's end. In reverse post-order a loop lies in the interval from its head to its back edge.
 */
export function lastTests(
  fn: IrFunction,
  { tested, repeated }: { readonly tested: ReadonlySet<PlaceId>; readonly repeated: RepeatedTests },
): ReadonlyMap<PlaceId, BlockId> {
  const loopEnd = loopEnds(fn);
  const last = new Map<PlaceId, BlockId>();
  const lastCompared = new Map<PlaceId, BlockId>();
  const note = (place: PlaceId, block: BlockId): void => {
    if (!tested.has(place)) return;
    const end = loopEnd[block] ?? block;
    if ((last.get(place) ?? -1) < end) last.set(place, end);
  };
  const compare = (test: Condition, block: BlockId): void => {
    const compared = test.test === 'equals' ? test.place : numberComparison(fn, test.place)?.left;
    if (compared !== undefined) lastCompared.set(compared, block);
  };
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      for (const place of placesRead(instruction)) note(place, block.id);
      for (const operand of operandsOf(instruction))
        if (operand.kind === 'condition') compare(operand.condition, block.id);
    }
    for (const place of placesTested(block.terminator)) note(place, block.id);
    const test = testMade(block.terminator);
    const remembered = test === null ? null : repeated.outcome(test);
    if (remembered !== null) note(remembered, block.id);
    if (test !== null) compare(test, block.id);
    const outcome = outcomeReturned(block.terminator);
    if (outcome !== null) note(outcome, block.id);
  }
  // What one comparison with a number says, others ask, and tests for being equal to one; all of them ask the number.
  for (const index of fn.places.keys()) {
    const place = index as PlaceId; // places are numbered by position
    const left = numberComparison(fn, place)?.left;
    const asked = left === undefined ? undefined : lastCompared.get(left);
    if (asked === undefined || left === undefined) continue;
    note(place, asked);
    note(left, asked);
  }
  return last;
}

/** Overlapping loops count as one: an inner loop's blocks may come after the outer one's back edge. */
function loopEnds(fn: IrFunction): readonly BlockId[] {
  const loops: { head: BlockId; end: BlockId }[] = [];
  for (const block of fn.blocks) {
    for (const target of [...successors(block), ...(block.unwind === null ? [] : [block.unwind])]) {
      if (target <= block.id) loops.push({ head: target, end: block.id });
    }
  }
  loops.sort((a, b) => a.head - b.head);
  const ends = fn.blocks.map((block) => block.id);
  for (let i = 0; i < loops.length;) {
    const { head } = loops[i] as { head: BlockId }; // i < length
    let { end } = loops[i] as { end: BlockId }; // i < length
    for (i++; i < loops.length && (loops[i]?.head ?? Infinity) <= end; i++) {
      const other = loops[i]?.end ?? end;
      if (other > end) end = other;
    }
    for (let block = head; block <= end; block++) ends[block] = end;
  }
  return ends;
}

/** The last result may say that the function failed, and callers test that. */
function outcomeReturned(terminator: Terminator): PlaceId | null {
  const value = terminator.op === 'return' ? terminator.values.at(-1) : undefined;
  return value?.kind === 'place' ? value.place : null;
}
