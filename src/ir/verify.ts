/**
 * The invariants of the IR, checked: what a frontend must deliver and what the engine relies on.
 * Says nothing about whether the graph means what the source means; the fixtures do that.
 */
import { edgesOf } from './edges.ts';
import type { BasicBlock, BlockId, Comparison, IrFunction, Operand, PlaceId, Span, Terminator } from './ir.ts';
import { placesRead, placesWritten } from './operands.ts';

/** One sentence per broken invariant; empty for a sound function. */
export function verifyFunction(fn: IrFunction): string[] {
  const problems: string[] = [];
  if (fn.blocks.length === 0) return ['there is no entry block'];
  verifyPlaces(fn, problems);
  verifySpans(fn, problems);
  // Edges that lead nowhere would only repeat themselves in the checks of order.
  if (verifyTargets(fn, problems)) verifyOrder(fn, problems);
  return problems;
}

function comparedPlaces(compares: Comparison | null): readonly PlaceId[] {
  if (compares === null) return [];
  return compares.operator === 'same' ? [compares.left, compares.right] : [compares.left];
}

function verifyPlaces(fn: IrFunction, problems: string[]): void {
  const check = (id: PlaceId, where: string): void => {
    if (fn.places[id] === undefined) problems.push(`${where} mentions place %${String(id)}, which does not exist`);
  };
  fn.places.forEach((place, id) => {
    const roots = place.kind === 'path' ? [place.root] : place.kind === 'predicate' ? place.roots : [];
    for (const root of roots) {
      check(root, `place %${String(id)}`);
      const kind = fn.places[root]?.kind;
      if (kind === 'predicate') problems.push(`place %${String(id)} has the predicate %${String(root)} as a root`);
      if (kind === 'path' && place.kind === 'path')
        problems.push(`path %${String(id)} has the path %${String(root)} as its root`);
    }
    for (const side of place.kind === 'predicate' ? comparedPlaces(place.compares) : []) {
      if (!roots.includes(side))
        problems.push(`place %${String(id)} compares %${String(side)}, which is no root of it`);
    }
    if (place.kind !== 'path') return;
    if (place.fields.length === 0 || place.fields.length > 2) {
      problems.push(`path %${String(id)} has ${String(place.fields.length)} fields, not one or two`);
    }
  });
  if (fn.receiver !== null) check(fn.receiver, 'the receiver');
  for (const id of fn.params) check(id, 'a parameter');
  for (const id of fn.captures) check(id, 'a capture');
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      for (const id of [...placesRead(instruction), ...placesWritten(instruction)])
        check(id, `b${String(block.id)}, ${instruction.op},`);
    }
    for (const id of terminatorPlaces(block.terminator)) check(id, `b${String(block.id)}, ${block.terminator.op},`);
  }
}

function terminatorPlaces(end: Terminator): PlaceId[] {
  if (end.op === 'branch') return end.when === 'unknown' ? [] : [end.when.place];
  if (end.op === 'switch') return [end.on];
  if (end.op === 'return') return end.values.flatMap(operandPlaces);
  return end.op === 'throw' ? operandPlaces(end.value) : [];
}

function operandPlaces(operand: Operand): PlaceId[] {
  if (operand.kind === 'place') return [operand.place];
  return operand.kind === 'condition' ? [operand.condition.place] : [];
}

function verifySpans(fn: IrFunction, problems: string[]): void {
  const check = (span: Span, where: string): void => {
    if (span.start > span.end) problems.push(`${where} ends before it starts`);
    if (span.start < fn.span.start || span.end > fn.span.end) problems.push(`${where} lies outside the function`);
  };
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) check(instruction.span, `b${String(block.id)}, ${instruction.op},`);
    check(block.terminator.span, `b${String(block.id)}, ${block.terminator.op},`);
  }
}

/** False when some edge leads nowhere. */
function verifyTargets(fn: IrFunction, problems: string[]): boolean {
  const before = problems.length;
  fn.blocks.forEach((block, index) => {
    if (Number(block.id) !== index) problems.push(`block ${String(index)} has the id b${String(block.id)}`);
    for (const edge of edgesOf(fn, block)) {
      if (fn.blocks[edge.to] === undefined)
        problems.push(`b${String(block.id)} leads to b${String(edge.to)}, which does not exist`);
    }
    if (block.cloneOf !== null && fn.blocks[block.cloneOf] === undefined) {
      problems.push(`b${String(block.id)} is a clone of b${String(block.cloneOf)}, which does not exist`);
    }
  });
  return problems.length === before;
}

/** Reverse post-order: whatever is not the entry is first reached from an earlier block, and only loops lead back. */
function verifyOrder(fn: IrFunction, problems: string[]): void {
  const reached = new Set<BlockId>();
  const name = (block: BasicBlock): string => `b${String(block.id)}`;
  fn.blocks.forEach((block, index) => {
    if (index > 0 && !reached.has(block.id)) problems.push(`${name(block)} is not reached from any earlier block`);
    for (const { to } of edgesOf(fn, block)) {
      reached.add(to);
      const target = fn.blocks[to];
      if (to <= block.id && target?.isLoopHead === false)
        problems.push(`${name(block)} leads back to b${String(to)}, no loop head`);
    }
  });
}
