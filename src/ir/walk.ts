/** Ways through the control-flow graph of a function. */
import { append } from '../append.ts';
import { assertNever } from '../errors.ts';
import type { BasicBlock, BlockId, IrFunction, PlaceId, Terminator } from './ir.ts';

/** Where every function begins: `blocks[0]`. */
export const entryBlock = 0 as BlockId;

/** Normal successors; the unwind edge is not one. */
export function successors({ terminator }: BasicBlock): readonly BlockId[] {
  return targetsOf(terminator);
}

/** Where it leads, in source order. */
export function targetsOf(terminator: Terminator): readonly BlockId[] {
  switch (terminator.op) {
    case 'jump':
      return [terminator.to];
    case 'branch':
      return [terminator.then, terminator.else];
    case 'switch':
      return [...terminator.cases.map((one) => one.to), terminator.default];
    case 'dispatch': {
      const clauses = terminator.clauses.map((clause) => clause.to);
      return terminator.otherwise === null ? clauses : [...clauses, terminator.otherwise];
    }
    case 'return':
    case 'throw':
    case 'rethrow':
    case 'halt':
      return [];
    default:
      return assertNever(terminator);
  }
}

export interface NullTest {
  readonly place: PlaceId;
  readonly whereNull: BlockId;
  readonly whereNot: BlockId;
}

/** Where a branch leads that asks whether a place is null; null: it asks nothing of the kind. */
export function nullTest(terminator: Terminator): NullTest | null {
  if (terminator.op !== 'branch' || terminator.when === 'unknown' || terminator.when.test !== 'null') return null;
  const { place, negated } = terminator.when;
  const { then, else: otherwise } = terminator;
  return negated ? { place, whereNull: otherwise, whereNot: then } : { place, whereNull: then, whereNot: otherwise };
}

/** Each block once that edges lead to, those of `from` first. What leads on from a block is asked after it was given. */
export function* walkBlocks(
  { blocks }: IrFunction,
  from: Iterable<BlockId>,
  onwards: (block: BasicBlock) => readonly BlockId[] = successors,
): Generator<BasicBlock, void> {
  const reached = new Set(from);
  for (const id of reached) {
    const block = blocks[id];
    if (block === undefined) continue;
    yield block;
    for (const next of onwards(block)) reached.add(next);
  }
}

/** By normal edges alone, in one step or more: a block reaches itself in a loop only. */
export function reaches(fn: IrFunction, from: BlockId, to: BlockId): boolean {
  const start = fn.blocks[from];
  for (const { id } of walkBlocks(fn, start === undefined ? [] : successors(start))) if (id === to) return true;
  return false;
}

/** By block those from which a normal edge leads there. */
export type Predecessors = ReadonlyMap<BlockId, readonly BlockId[]>;

export function predecessors({ blocks }: IrFunction): Predecessors {
  const before = new Map<BlockId, BlockId[]>();
  for (const block of blocks) for (const next of successors(block)) append(before, next, block.id);
  return before;
}

/** From where one gets there by normal edges alone, in one step or more; `around`: a block no way may go through. */
export function blocksLeadingTo(before: Predecessors, to: BlockId, around: BlockId): ReadonlySet<BlockId> {
  const leading = new Set(before.get(to));
  for (const id of leading) if (id !== around) for (const one of before.get(id) ?? []) leading.add(one);
  return leading;
}
