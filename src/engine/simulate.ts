/**
 * Property simulation with a one-resource store (after ESP, Das, Lerner and Seigle, PLDI 2002): walks the
 * graph forward from one acquisition, knowing only about that resource, and collects the ways in which the
 * obligation ends. States at a block that agree are explored once; too many are joined and marked coarse,
 * and a path found across such a join is replayed alone before anyone hears of it.
 */
import type { BasicBlock, BlockId, IrFunction, PlaceId, Span } from '../ir/ir.ts';
import { isCopy } from '../ir/operands.ts';
import type { EngineContext } from './context.ts';
import { functionFacts, type FunctionFacts } from './function-facts.ts';
import { MAX_BLOCKS, MAX_REPLAYS, MAX_STATES_PER_BLOCK, maxVisits } from './limits.ts';
import { createRefiner } from './refine.ts';
import {
  blocksPassed,
  acquiredBy,
  eventsOf,
  evidenceRank,
  failuresOn,
  stateFrom,
  weaker,
  type OpenExit,
  type PathLink,
  type SettledExit,
  type State,
} from './state.ts';
import { filterStore, joinStores, read, storeKey, write, type Store } from './store.ts';
import { heldFields, type Machine, type Tracked, type Walk } from './machine.ts';
import { walkBlock } from './transfer.ts';
import { HOLDER, holdsResource, isResource, REJECTED, RESOURCE } from './value.ts';

/** Where a resource comes to life: after an instruction, or at entry in a parameter. */
export interface Seed {
  readonly tracked: Tracked;
  readonly block: BlockId;
  /** The first instruction that runs with the resource there. */
  readonly index: number;
  readonly places: readonly PlaceId[];
  readonly holders: readonly PlaceId[];
  /** It is a state of something that was there before, such as a lock: whoever keeps that does not keep this. */
  readonly isState: boolean;
  /** What is known when it comes to life, one store for each way there; never empty. */
  readonly facts: readonly Store[];
  readonly span: Span;
  readonly label: string;
}

export interface Simulation {
  readonly open: readonly OpenExit[];
  readonly settled: readonly SettledExit[];
  /** The limit that ended it early, or null. */
  readonly limit: 'visits' | 'blocks' | null;
}

/** `onVisit` sees every state with the block it enters; for `debug states`. */
export function simulate(
  fn: IrFunction,
  context: EngineContext,
  seed: Seed,
  onVisit?: (block: BlockId, state: State) => void,
): Simulation {
  if (fn.blocks.length > MAX_BLOCKS) return givenUp(context, 'blocks');
  const facts = functionFacts(fn);
  const machine: Machine = {
    fn,
    context,
    facts,
    refiner: createRefiner(facts, context, seed.tracked, seed.index > 0),
    tracked: seed.tracked,
    isState: seed.isState,
    itself: lazily(() => copiesOf(fn, seed.places)),
  };
  const starts = seed.facts.map((facts) => startState(seed, facts));
  const recorder = new Recorder(machine, starts, seed);
  const agenda = new Agenda(facts, fn.blocks.length);

  for (const start of starts) {
    onVisit?.(seed.block, start);
    walkFrom(machine, seed.block, seed.index, start, recorder, (target, state) => agenda.add(target, state));
  }
  const limit = maxVisits(fn.blocks.length);
  let visits = 0;
  for (let item = agenda.next(); item !== null; item = agenda.next()) {
    if (++visits > limit) return givenUp(context, 'visits');
    onVisit?.(item.block, item.state);
    walkFrom(machine, item.block, 0, item.state, recorder, (target, state) => agenda.add(target, state));
  }
  return { open: recorder.openExits(), settled: recorder.settled, limit: null };
}

function givenUp(context: EngineContext, limit: 'visits' | 'blocks'): Simulation {
  context.noteLimit(limit);
  return { open: [], settled: [], limit };
}

function lazily<T>(compute: () => T): () => T {
  let value: { readonly of: T } | null = null;
  return () => (value ??= { of: compute() }).of;
}

function copiesOf(fn: IrFunction, places: readonly PlaceId[]): ReadonlySet<PlaceId> {
  const copies = new Set(places);
  for (let size = 0; size < copies.size;) {
    size = copies.size;
    for (const { instructions } of fn.blocks) {
      for (const one of instructions) if (isCopy(one) && copies.has(one.source.place)) copies.add(one.dest);
    }
  }
  return copies;
}

function startState(seed: Seed, facts: Store): State {
  let store = facts;
  for (const place of seed.holders) store = write(store, place, HOLDER);
  for (const place of seed.places) store = write(store, place, RESOURCE);
  return stateFrom(acquiredBy(seed), store);
}

function walkFrom(
  machine: Machine,
  id: BlockId,
  index: number,
  state: State,
  recorder: Recorder,
  go: (target: BlockId, state: State) => void,
): void {
  const block = machine.fn.blocks[id] as BasicBlock; // verified: targets exist
  const path: PathLink = { block: id, previous: state.path };
  const skipped = machine.facts.optionalCalls.get(id);
  const next: typeof go = (target, after) => {
    if (target !== skipped?.missing || !callEndsDuty(machine, skipped.present, after)) go(target, after);
  };
  walkBlock(machine, block, index, { ...state, path }, recorder.walk(skipped === undefined ? go : next));
}

/**
 * `child.stdout?.on('data', () => clearTimeout(limit))`: where the call ends the duty, it was not written to be skipped; the
 * `?.` is there for the declared type.
 */
function callEndsDuty(machine: Machine, present: BlockId, state: State): boolean {
  const block = machine.fn.blocks[present] as BasicBlock; // facts speak of blocks there are
  const ways = { ended: 0, on: 0 };
  walkBlock(machine, block, 0, state, {
    go: (target) => {
      if (target !== block.unwind) ways.on++;
    },
    open: () => undefined,
    settled: (_settlement, _state, _by, how) => {
      if (how !== 'leaving') ways.ended++;
    },
  });
  return ways.ended > 0 && ways.on === 0;
}

/** Facts no later branch tests only keep equal paths apart. What holds the resource is never dropped. */
function forgetDead(facts: FunctionFacts, block: BlockId, state: State): State {
  const store = filterStore(
    state.store,
    (place, value) => holdsResource(value) || value === REJECTED || (facts.lastTest.get(place) ?? -1) >= block,
  );
  return store === state.store ? state : { ...state, store };
}

/** Blocks still to visit, in reverse post-order, with the states waiting at each. */
class Agenda {
  readonly #seen: (Map<string, number> | undefined)[];
  readonly #counts: ([number, number] | undefined)[];
  readonly #merged: ([State | null, State | null] | undefined)[];
  readonly #waiting: (State[] | undefined)[];
  readonly #facts: FunctionFacts;
  #lowest: number;

  constructor(facts: FunctionFacts, blocks: number) {
    this.#facts = facts;
    this.#seen = new Array<Map<string, number> | undefined>(blocks);
    this.#counts = new Array<[number, number] | undefined>(blocks);
    this.#merged = new Array<[State | null, State | null] | undefined>(blocks);
    this.#waiting = new Array<State[] | undefined>(blocks);
    this.#lowest = blocks;
  }

  add(block: BlockId, arriving: State): void {
    const state = forgetDead(this.#facts, block, arriving);
    const seen = (this.#seen[block] ??= new Map<string, number>());
    const thrown = state.thrown === null ? '' : `|${state.thrown.join()}`;
    const key = `${storeKey(state.store)}${thrown}|${state.releasedAs.join()}|${state.begun.join()}`;
    const rank = evidenceRank(state.weakest);
    const known = seen.get(key);
    if (known !== undefined && known >= rank) return;
    const counts = (this.#counts[block] ??= [0, 0]);
    const bucket = state.weakest === null ? 0 : 1;
    if (counts[bucket] < MAX_STATES_PER_BLOCK) {
      counts[bucket]++;
      seen.set(key, rank);
      this.#wait(block, state);
      return;
    }
    this.#merge(block, bucket, state);
  }

  /** Joins only go up a lattice of finite height, so this ends. */
  #merge(block: BlockId, bucket: 0 | 1, state: State): void {
    const merged = (this.#merged[block] ??= [null, null]);
    const before = merged[bucket];
    const joined: State =
      before === null
        ? { ...state, isCoarse: true }
        : {
            ...state,
            store: joinStores(before.store, state.store),
            weakest: before.weakest === null || state.weakest === null ? null : weaker(before.weakest, state.weakest),
            thrown: null,
            begun: [...new Set([...before.begun, ...state.begun])],
            releasedAs: before.releasedAs.filter((kind) => state.releasedAs.includes(kind)),
            isCoarse: true,
          };
    const isNothingNew =
      before !== null &&
      storeKey(before.store) === storeKey(joined.store) &&
      before.weakest === joined.weakest &&
      before.begun.length === joined.begun.length &&
      before.releasedAs.length === joined.releasedAs.length;
    if (isNothingNew) return;
    merged[bucket] = joined;
    this.#wait(block, joined);
  }

  #wait(block: BlockId, state: State): void {
    (this.#waiting[block] ??= []).push(state);
    if (block < this.#lowest) this.#lowest = block;
  }

  next(): { block: BlockId; state: State } | null {
    for (let block = this.#lowest; block < this.#waiting.length; block++) {
      const state = this.#waiting[block]?.pop();
      this.#lowest = block;
      if (state !== undefined) return { block: block as BlockId, state };
    }
    this.#lowest = this.#waiting.length;
    return null;
  }
}

/** Collects exits: one per kind, place and fields that keep it, the strongest evidence first, and of equals what is told in the fewest steps. */
class Recorder {
  readonly settled: SettledExit[] = [];
  readonly #open = new Map<string, OpenExit>();
  readonly #machine: Machine;
  readonly #starts: readonly State[];
  readonly #seed: Seed;
  readonly #settledKeys = new Set<string>();
  #replays = 0;

  constructor(machine: Machine, starts: readonly State[], seed: Seed) {
    this.#machine = machine;
    this.#starts = starts;
    this.#seed = seed;
  }

  walk(go: (target: BlockId, state: State) => void): Walk {
    return {
      go,
      open: (kind, span, state, fields) => {
        if (this.#isKeptOutside(kind, state)) {
          this.settled.push({
            settlement: { kind: 'escaped', span, why: 'captured variable' },
            isExceptional: state.weakest !== null,
            state,
            by: null,
            isLeaving: false,
          });
          return;
        }
        this.#record({
          kind,
          span,
          state,
          fields: fields.length > 0 ? fields : heldFields(this.#machine.fn, state.store),
        });
      },
      settled: (settlement, state, by, how) => {
        const isExceptional = state.weakest !== null;
        const isLeaving = how === 'leaving';
        const key = JSON.stringify([settlement, isExceptional, isLeaving, by?.span.start ?? state.path?.block]);
        if (this.#settledKeys.has(key)) return;
        this.#settledKeys.add(key);
        this.settled.push({ settlement, isExceptional, isLeaving, state, by: by ?? null });
      },
    };
  }

  /** `let conn; await retry(async () => { conn = await open(); })`: a variable of the function around outlives the closure. */
  #isKeptOutside(kind: OpenExit['kind'], { store }: State): boolean {
    const { fn } = this.#machine;
    if (fn.kind !== 'closure' || (kind !== 'return' && kind !== 'throw')) return false;
    // A capture that is followed from the start is no news.
    const { places, block, index, isState } = this.#seed;
    if (isState) return false;
    const followed = block === 0 && index === 0 ? places : [];
    return fn.captures.some((place) => isResource(read(store, place)) && !followed.includes(place));
  }

  #record(exit: OpenExit): void {
    const key = `${exit.kind}@${exit.span.start}${exit.state.weakest === null ? '' : '!'} ${exit.fields.join()}`;
    const known = this.#open.get(key);
    if (known !== undefined && evidenceRank(known.state.weakest) >= evidenceRank(exit.state.weakest)) return;
    if (exit.state.isCoarse && !this.#isReal(exit)) return;
    this.#open.set(key, exit);
  }

  /** Of those that nobody tries, there being too many, none is. */
  #isReal(exit: OpenExit): boolean {
    if (++this.#replays > MAX_REPLAYS) {
      if (this.#replays === MAX_REPLAYS + 1) this.#machine.context.noteLimit('replays');
      return false;
    }
    if (this.#starts.some((start) => replay(this.#machine, start, this.#seed, exit))) return true;
    // Of the ways that were joined only the last is known: one of the others may end so.
    this.#machine.context.noteLimit('ways joined at a block');
    return false;
  }

  openExits(): OpenExit[] {
    const found = [...this.#open.values()].map((exit) => ({ exit, events: eventsOf(exit.state) }));
    found.sort(
      (a, b) =>
        evidenceRank(b.exit.state.weakest) - evidenceRank(a.exit.state.weakest) ||
        a.events - b.events ||
        failuresOn(a.exit.state) - failuresOn(b.exit.state) ||
        a.exit.span.start - b.exit.span.start,
    );
    return found.map(({ exit }) => exit);
  }
}

/** Walks exactly the blocks of a path, with nothing joined: can it end as it did? */
function replay(machine: Machine, start: State, seed: Seed, exit: OpenExit): boolean {
  const blocks = blocksPassed(exit.state).toReversed();
  let states: State[] = [start];
  let isReached = false;
  for (const [position, id] of blocks.entries()) {
    const isLast = position === blocks.length - 1;
    const nextBlock = blocks[position + 1];
    const next: State[] = [];
    const walk: Walk = {
      go: (target, state) => {
        if (target !== nextBlock) return;
        if (next.length < MAX_STATES_PER_BLOCK) next.push(state);
        else machine.context.noteLimit('states of a replay');
      },
      open: (kind, span) => {
        if (isLast && kind === exit.kind && span.start === exit.span.start) isReached = true;
      },
      settled: () => undefined,
    };
    const block = machine.fn.blocks[id] as BasicBlock; // the path was walked before
    for (const state of states) {
      const path: PathLink = { block: id, previous: state.path };
      walkBlock(machine, block, position === 0 ? seed.index : 0, { ...state, path }, walk);
    }
    states = next;
    if (states.length === 0 && !isLast) return false;
  }
  return isReached;
}
