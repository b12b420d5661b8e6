/**
 * What is known on the ways to a block: null, booleans and literals, by a forward analysis that keeps a few ways apart. It
 * tells a simulation what was established before the acquisition: `if (owned) in = open();`.
 */
import type { BasicBlock, BlockId, CallInstruction, Instruction, IrFunction } from '../ir/ir.ts';
import { placesWritten } from '../ir/operands.ts';
import { entryBlock, successors } from '../ir/walk.ts';
import { answerOf } from './answers.ts';
import { afterMethod } from './changed-fields.ts';
import type { EngineContext } from './context.ts';
import { functionFacts } from './function-facts.ts';
import { createRefiner, waysOfSwitch, type Refiner } from './refine.ts';
import { emptyStore, filterStore, read, storeKey, type Store } from './store.ts';
import { anyResource, operandValue, overwrite, type Machine } from './machine.ts';
import { NON_NULL, UNKNOWN, type Value } from './value.ts';

/** Beyond this a function starts its simulations with no facts: fewer correlations, nothing wrong. */
const MAX_BLOCKS_WITH_FACTS = 4_000;

/** Beyond this only what all ways in agree on is kept. */
const MAX_WAYS_IN = 4;

export interface EntryFacts {
  /**
   * Just before the instruction at `index` of the block: a store for each of a few ways that lead there, so that
   * `if (a || b) lock(); … if (a || b) unlock();` is not torn apart where two ways meet.
   */
  before(block: BlockId, index: number): readonly Store[];
  /** Does any way lead there? */
  isReached(block: BlockId): boolean;
  /** What is returned at the end of the block, on each of the ways there, as far as it is known. */
  returned(block: BlockId): readonly Value[];
}

const cache = new WeakMap<IrFunction, EntryFacts>();

/** `given`: what is known at the entry. */
export function entryFacts(fn: IrFunction, context: EngineContext, given: Store = emptyStore): EntryFacts {
  if (given.length > 0) return compute(fn, context, given);
  let facts = cache.get(fn);
  if (facts === undefined) {
    facts = compute(fn, context, emptyStore);
    cache.set(fn, facts);
  }
  return facts;
}

function compute(fn: IrFunction, context: EngineContext, given: Store): EntryFacts {
  if (fn.blocks.length > MAX_BLOCKS_WITH_FACTS) {
    context.noteLimit('facts at entry');
    return { before: () => [emptyStore], isReached: () => true, returned: () => [UNKNOWN] };
  }
  const facts = functionFacts(fn);
  const refiner = createRefiner(facts, context, anyResource);
  const machine: Machine = {
    fn,
    context,
    facts,
    refiner,
    tracked: anyResource,
    isState: false,
    itself: () => new Set(),
  };
  const entries: (readonly Store[] | undefined)[] = [[given]];
  const coarse = new Set(fn.blocks.filter(({ isLoopHead }) => isLoopHead).map(({ id }) => id));
  const waiting = new Set<BlockId>([entryBlock]);
  for (let block = lowest(waiting); block !== null; block = lowest(waiting)) {
    waiting.delete(block.id);
    for (const entry of entries[block.id] ?? []) {
      for (const [target, arriving] of outgoing(machine, refiner, block, entry)) {
        const store = filterStore(arriving, (place) => (facts.lastTest.get(place) ?? -1) >= target);
        const ways = withWay(entries[target] ?? [], store);
        if (ways === null) continue;
        // From then on the block can only lose facts, so this ends.
        if (ways.length > MAX_WAYS_IN) coarse.add(target);
        entries[target] = coarse.has(target) ? [ways.reduce(meet)] : ways;
        waiting.add(target);
      }
    }
  }
  function lowest(blocks: ReadonlySet<BlockId>): BasicBlock | null {
    let least = Infinity;
    for (const id of blocks) if (id < least) least = id;
    return fn.blocks[least] ?? null;
  }
  function before(block: BlockId, index: number): readonly Store[] {
    const instructions = fn.blocks[block]?.instructions.slice(0, index) ?? [];
    const starts = entries[block] ?? [emptyStore];
    const stores = starts.map((start) =>
      instructions.reduce((store, instruction) => step(machine, store, instruction), start),
    );
    return stores.filter((store, at) => stores.findIndex((one) => storeKey(one) === storeKey(store)) === at);
  }
  return {
    isReached: (block) => entries[block] !== undefined,
    before,
    returned(block) {
      const terminator = fn.blocks[block]?.terminator;
      const value = terminator?.op === 'return' ? terminator.values[0] : undefined;
      if (value === undefined || entries[block] === undefined) return [];
      return before(block, Infinity).map((store) => operandValue(machine, store, value));
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
  if (terminator.op === 'switch') {
    for (const way of waysOfSwitch(refiner, terminator, store)) yield [way.to, way.store];
    return;
  }
  for (const target of successors(block)) yield [target, store];
}

function step(machine: Machine, store: Store, instruction: Instruction): Store {
  if (instruction.op === 'assign') {
    return overwrite(machine, store, instruction.dest, operandValue(machine, store, instruction.source));
  }
  let next = store;
  if (instruction.op === 'call') next = afterMethod(machine, next, instruction);
  for (const [index, place] of placesWritten(instruction).entries()) {
    const value = instruction.op === 'call' ? valueOfCall(machine, store, instruction, index) : UNKNOWN;
    next = overwrite(machine, next, place, value);
  }
  return next;
}

function valueOfCall(machine: Machine, store: Store, call: CallInstruction, index: number): Value {
  return call.callee.kind === 'construct' ? NON_NULL : answerOf(machine, call, index, store);
}

/** One more way in; null if it is nothing new. */
function withWay(known: readonly Store[], store: Store): readonly Store[] | null {
  if (known.some((one) => isWeaker(one, store))) return null;
  return [...known.filter((one) => !isWeaker(store, one)), store];
}

/** Knows nothing that the other does not. */
function isWeaker(weak: Store, strong: Store): boolean {
  return meet(weak, strong).length === weak.length;
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
