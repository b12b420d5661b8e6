/**
 * From blocks as they were built to blocks as everyone else sees them: dead ones dropped, empty ones
 * threaded, straight lines joined, the rest in reverse post-order and numbered by position.
 *
 * Everything here is iterative and linear: a generated function may have 10,000s of blocks.
 */
import { InvariantError, assertNever } from '../errors.ts';
import type { BasicBlock, BlockId, Instruction, Terminator } from './ir.ts';
import { targetsOf } from './walk.ts';

export interface DraftBlock {
  readonly id: BlockId;
  readonly instructions: Instruction[];
  terminator: Terminator | null;
  unwind: BlockId | null;
  /** Blocks of different lowerings of the same cleanup region that correspond share a number. */
  cloneGroup: number | null;
  /** Some live block leads here; dead ones stay empty. */
  isLive: boolean;
}

/** Can this instruction leave the block along `unwind`? Allocation, arithmetic and copies cannot. */
export function mayRaise(instruction: Instruction): boolean {
  switch (instruction.op) {
    case 'call':
    case 'await':
    case 'yield':
      return instruction.throws !== 'never';
    case 'opaque':
    case 'spawn':
      return true;
    case 'assign':
    case 'closure':
    case 'caught':
      return false;
    default:
      return assertNever(instruction);
  }
}

export function orderBlocks(drafts: readonly DraftBlock[], entry: BlockId): BasicBlock[] {
  const blocks = drafts.map(withoutIdleUnwind);
  threadEmptyBlocks(blocks, entry);
  const order = joinLines(blocks, reversePostOrder(blocks, entry), entry);
  return renumber(blocks, order);
}

interface Block {
  instructions: Instruction[];
  terminator: Terminator;
  unwind: BlockId | null;
  cloneGroup: number | null;
}

function withoutIdleUnwind(draft: DraftBlock): Block {
  // Nothing leads to a block that was never finished; it is dropped below.
  if (draft.terminator === null && draft.isLive) throw new InvariantError(`block ${draft.id} is left open`);
  const terminator = draft.terminator ?? { op: 'halt', span: { start: 0, end: 0 } };
  const raises = terminator.op === 'throw' || terminator.op === 'rethrow' || draft.instructions.some(mayRaise);
  const unwind = raises ? draft.unwind : null;
  return { instructions: draft.instructions, terminator, unwind, cloneGroup: draft.cloneGroup };
}

function threadEmptyBlocks(blocks: Block[], entry: BlockId): void {
  const resolved = new Map<BlockId, BlockId>();
  const resolve = (from: BlockId): BlockId => {
    const trail: BlockId[] = [];
    const onTrail = new Set<BlockId>();
    let at = from;
    for (;;) {
      const known = resolved.get(at);
      const block = blockAt(blocks, at);
      const isEmptyJump = at !== entry && block.instructions.length === 0 && block.terminator.op === 'jump';
      if (known !== undefined) at = known;
      // An empty endless loop threads to itself.
      if (known !== undefined || !isEmptyJump || onTrail.has(at)) break;
      trail.push(at);
      onTrail.add(at);
      at = block.terminator.op === 'jump' ? block.terminator.to : at;
    }
    for (const passed of trail) resolved.set(passed, at);
    return at;
  };
  for (const block of blocks) {
    block.terminator = simplify(mapTargets(block.terminator, resolve));
    if (block.unwind !== null) block.unwind = resolve(block.unwind);
  }
}

function simplify(terminator: Terminator): Terminator {
  if (terminator.op !== 'branch' || terminator.then !== terminator.else) return terminator;
  return { op: 'jump', to: terminator.then, span: terminator.span };
}

function mapTargets(terminator: Terminator, map: (id: BlockId) => BlockId): Terminator {
  switch (terminator.op) {
    case 'jump':
      return { ...terminator, to: map(terminator.to) };
    case 'branch':
      return { ...terminator, then: map(terminator.then), else: map(terminator.else) };
    case 'switch': {
      const cases = terminator.cases.map((each) => ({ ...each, to: map(each.to) }));
      return { ...terminator, cases, default: map(terminator.default) };
    }
    case 'dispatch': {
      const clauses = terminator.clauses.map((each) => ({ ...each, to: map(each.to) }));
      return { ...terminator, clauses, otherwise: terminator.otherwise === null ? null : map(terminator.otherwise) };
    }
    case 'return':
    case 'throw':
    case 'rethrow':
    case 'halt':
      return terminator;
    default:
      return assertNever(terminator);
  }
}

function successors(block: Block): readonly BlockId[] {
  const targets = targetsOf(block.terminator);
  return block.unwind === null ? targets : [...targets, block.unwind];
}

function reversePostOrder(blocks: readonly Block[], entry: BlockId): BlockId[] {
  const order: BlockId[] = [];
  const seen = new Set<BlockId>([entry]);
  const stack: { id: BlockId; rest: BlockId[] }[] = [];
  // Taken from the end, and whatever is finished last comes first: source order, handlers at the end.
  const open = (id: BlockId): void => {
    stack.push({ id, rest: [...successors(blockAt(blocks, id))] });
  };
  open(entry);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.rest.pop();
    if (next === undefined) {
      order.push(top.id);
      stack.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      open(next);
    }
  }
  return order.reverse();
}

/** Appends a block to its only predecessor where nothing tells the two apart. */
function joinLines(blocks: Block[], order: readonly BlockId[], entry: BlockId): BlockId[] {
  const entries = new Map<BlockId, number>([[entry, 1]]);
  for (const id of order) {
    for (const to of successors(blockAt(blocks, id))) entries.set(to, (entries.get(to) ?? 0) + 1);
  }
  const joined = new Set<BlockId>();
  for (const id of order) {
    if (joined.has(id)) continue;
    const block = blockAt(blocks, id);
    while (block.terminator.op === 'jump') {
      const to = block.terminator.to;
      const next = blockAt(blocks, to);
      if (to === id || entries.get(to) !== 1 || !isSameRegion(block, next) || !isSameUnwind(block, next)) break;
      block.instructions = appended(block.instructions, next.instructions);
      block.unwind ??= next.unwind;
      block.terminator = next.terminator;
      joined.add(to);
    }
  }
  return order.filter((id) => !joined.has(id));
}

/** Into the longer array's place where it is the first: a chain of joins must stay linear. */
function appended(first: Instruction[], second: readonly Instruction[]): Instruction[] {
  for (const instruction of second) first.push(instruction);
  return first;
}

function isSameRegion(first: Block, second: Block): boolean {
  return (first.cloneGroup === null) === (second.cloneGroup === null);
}

/** null: the block raises nothing, so any target is right for it. */
function isSameUnwind(first: Block, second: Block): boolean {
  const raisesByTerminator = first.terminator.op === 'throw' || second.terminator.op === 'throw';
  if (first.unwind === second.unwind) return true;
  // A block that raises and goes out of the function is not one that raises nothing.
  const firstIsIdle = first.unwind === null && !first.instructions.some(mayRaise);
  const secondIsIdle =
    second.unwind === null &&
    !raisesByTerminator &&
    second.terminator.op !== 'rethrow' &&
    !second.instructions.some(mayRaise);
  return firstIsIdle || secondIsIdle;
}

function renumber(blocks: readonly Block[], order: readonly BlockId[]): BasicBlock[] {
  const position = new Map<BlockId, BlockId>();
  // The one place where a position becomes a BlockId.
  order.forEach((id, index) => position.set(id, index as BlockId));
  const at = (id: BlockId): BlockId => {
    const found = position.get(id);
    if (found === undefined) throw new InvariantError(`block ${id} is a target but not in order`);
    return found;
  };
  const loopHeads = new Set<BlockId>();
  const originals = new Map<number, BlockId>();
  for (const id of order) {
    const block = blockAt(blocks, id);
    for (const to of successors(block)) if (at(to) <= at(id)) loopHeads.add(to);
    if (block.cloneGroup !== null && !originals.has(block.cloneGroup)) originals.set(block.cloneGroup, id);
  }
  return order.map((id) => {
    const block = blockAt(blocks, id);
    const original = block.cloneGroup === null ? undefined : originals.get(block.cloneGroup);
    return {
      id: at(id),
      instructions: block.instructions,
      terminator: mapTargets(block.terminator, at),
      unwind: block.unwind === null ? null : at(block.unwind),
      isLoopHead: loopHeads.has(id),
      cloneOf: original === undefined || original === id ? null : at(original),
    };
  });
}

function blockAt<Kept>(blocks: readonly Kept[], id: BlockId): Kept {
  const block = blocks[id];
  if (block === undefined) throw new InvariantError(`no block ${id}`);
  return block;
}
