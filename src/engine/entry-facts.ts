/**
 * What is known on every path to a block: null, booleans and literals, by a forward must-analysis. It
 * tells a simulation what was established before the acquisition: `if (owned) in = open();`.
 */
import type { BasicBlock, BlockId, Instruction, IrFunction } from '../ir/ir.ts';
import { placesWritten, successors } from '../ir/operands.ts';
import type { EngineContext } from './context.ts';
import { functionFacts } from './function-facts.ts';
import { createRefiner, type Refiner } from './refine.ts';
import { emptyStore, filterStore, read, storeKey, type Store } from './store.ts';
import { operandValue, overwrite, type Machine } from './transfer.ts';
import { NON_NULL, UNKNOWN } from './value.ts';

/** Beyond this a function starts its simulations with no facts: fewer correlations, nothing wrong. */
const MAX_BLOCKS_WITH_FACTS = 4_000;

/** Beyond this only what all ways in agree on is kept. */
const MAX_WAYS_IN = 4;

export interface EntryFacts {
  /**
   * Just before the instruction at `index` of the block: one store for each edge into the block, so that
   * `if (a || b) lock(); … if (a || b) unlock();` is not torn apart where the two ways in meet.
   */
  before(block: BlockId, index: number): readonly Store[];
}

const cache = new WeakMap<IrFunction, EntryFacts>();

export function entryFacts(fn: IrFunction, context: EngineContext): EntryFacts {
  let facts = cache.get(fn);
  if (facts === undefined) {
    facts = compute(fn, context);
    cache.set(fn, facts);
  }
  return facts;
}

function compute(fn: IrFunction, context: EngineContext): EntryFacts {
  if (fn.blocks.length > MAX_BLOCKS_WITH_FACTS) {
    context.noteLimit('facts at entry');
    return { before: () => [emptyStore] };
  }
  const facts = functionFacts(fn);
  const refiner = createRefiner(facts, context);
  const machine: Machine = {
    fn,
    context,
    facts,
    refiner,
    tracked: { resource: null, hasSiblingRelease: false, through: [], countsFailingReleases: false },
    itself: () => new Set(),
  };
  const entries: (Store | undefined)[] = [emptyStore];
  const waiting = new Set<BlockId>([0 as BlockId]); // blocks[0] is the entry
  for (let block = lowest(waiting); block !== null; block = lowest(waiting)) {
    waiting.delete(block.id);
    const entry = entries[block.id] ?? emptyStore;
    for (const [target, arriving] of outgoing(machine, refiner, block, entry)) {
      const store = filterStore(arriving, (place) => (facts.lastTest.get(place) ?? -1) >= target);
      const before = entries[target];
      const after = before === undefined ? store : meet(before, store);
      if (before !== undefined && storeKey(before) === storeKey(after)) continue;
      entries[target] = after;
      waiting.add(target);
    }
  }
  function lowest(blocks: ReadonlySet<BlockId>): BasicBlock | null {
    let least = Infinity;
    for (const id of blocks) if (id < least) least = id;
    return fn.blocks[least] ?? null;
  }
  /** What each edge brings; nothing for loop heads, whose back edges bring what is not known yet. */
  function arrivals(block: BlockId): Store[] {
    if (fn.blocks[block]?.isLoopHead === true) return [];
    const found: Store[] = [];
    for (const from of fn.blocks) {
      if (entries[from.id] === undefined) continue;
      for (const [target, store] of outgoing(machine, refiner, from, entries[from.id] ?? emptyStore)) {
        if (target === block) found.push(store);
      }
    }
    return found;
  }
  return {
    before(block, index) {
      const instructions = fn.blocks[block]?.instructions.slice(0, index) ?? [];
      const ways = arrivals(block);
      const starts = ways.length === 0 || ways.length > MAX_WAYS_IN ? [entries[block] ?? emptyStore] : ways;
      const stores = starts.map((start) =>
        instructions.reduce((store, instruction) => step(machine, store, instruction), start),
      );
      return stores.filter((store, at) => stores.findIndex((one) => storeKey(one) === storeKey(store)) === at);
    },
  };
}

function* outgoing(
  machine: Machine,
  refiner: Refiner,
  block: BasicBlock,
  entry: Store,
): Generator<readonly [BlockId, Store]> {
  let store = entry;
  let anywhere = entry;
  for (const instruction of block.instructions) {
    store = step(machine, store, instruction);
    anywhere = meet(anywhere, store);
  }
  if (block.unwind !== null) yield [block.unwind, anywhere];
  const { terminator } = block;
  if (terminator.op === 'branch' && terminator.when !== 'unknown') {
    const then = refiner.refine(store, terminator.when, true);
    const otherwise = refiner.refine(store, terminator.when, false);
    if (then !== null) yield [terminator.then, then];
    if (otherwise !== null) yield [terminator.else, otherwise];
    return;
  }
  for (const target of successors(block)) yield [target, store];
}

function step(machine: Machine, store: Store, instruction: Instruction): Store {
  if (instruction.op === 'assign') {
    return overwrite(machine, store, instruction.dest, operandValue(machine, store, instruction.source));
  }
  let next = store;
  const value = instruction.op === 'call' && instruction.callee.kind === 'construct' ? NON_NULL : UNKNOWN;
  for (const place of placesWritten(instruction)) next = overwrite(machine, next, place, value);
  return next;
}

/** Only what both agree on. */
function meet(a: Store, b: Store): Store {
  const common: number[] = [];
  for (let i = 0; i < a.length; i += 2) {
    const place = a[i] as Parameters<typeof read>[1]; // pairs of place and value
    const value = a[i + 1] as number; // pairs of place and value
    if (read(b, place) === value) common.push(place, value);
  }
  return common;
}
