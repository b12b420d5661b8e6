/**
 * Facts about one function that every simulation in it shares; computed once at most, flow-insensitively.
 * Deliberately no fixpoint: each table is one pass over the instructions.
 */
import type {
  BasicBlock,
  BlockId,
  ClosureInstruction,
  Condition,
  Instruction,
  IrFunction,
  Operand,
  Place,
  PlaceId,
  Terminator,
} from '../ir/ir.ts';
import { operandsOf, placesRead, placesWritten, successors } from '../ir/operands.ts';
import { numberComparison } from './comparisons.ts';
import { allClosuresHeld, closuresMeant, type HeldClosure } from './held-closures.ts';
import { repeatedTests, testMade } from './repeated-tests.ts';
import type { RepeatedTests } from './repeated-tests.ts';
import { LiteralTable } from './value.ts';

export interface FunctionFacts {
  /** One for all that look at the function: what is known before an acquisition goes on behind it. */
  readonly literals: LiteralTable;
  /** Path places and predicates that mean something else once the place is assigned. */
  readonly dependents: ReadonlyMap<PlaceId, readonly PlaceId[]>;
  /** Is `place` one of the dependents of `other`? Asked of what a path knows, which is less than there are dependents. */
  dependsOn(place: PlaceId, other: PlaceId): boolean;
  /** `root.fields` to the place. */
  readonly pathPlaces: ReadonlyMap<string, PlaceId>;
  /** The closure a place holds, where it can only hold one. */
  readonly closures: ReadonlyMap<PlaceId, ClosureInstruction>;
  /** All that it may hold, of those that capture anything, with the blocks that make them. */
  readonly closuresIn: ReadonlyMap<PlaceId, readonly HeldClosure[]>;
  /** Blocks of cleanup regions that are there several times. */
  readonly cleanups: ReadonlySet<BlockId>;
  /** `const self = this`: written once, with the receiver. */
  readonly receiverAliases: ReadonlySet<PlaceId>;
  /** `ok = x == null` makes a test of `ok` a test of `x`. Only where `ok` is assigned once. */
  readonly conditions: ReadonlyMap<PlaceId, Condition>;
  /** Places anything reads. */
  readonly reads: ReadonlySet<PlaceId>;
  /** Places some branch tests, directly or through copies. Facts about others need no keeping. */
  readonly tested: ReadonlySet<PlaceId>;
  /** How branches test a place directly: for null, for truth, against literals. */
  readonly testKinds: ReadonlyMap<PlaceId, ReadonlySet<Condition['test']>>;
  /** The last block, in reverse post-order, on the way from which to anywhere the place is tested. */
  readonly lastTest: ReadonlyMap<PlaceId, BlockId>;
  readonly repeated: RepeatedTests;
  /** By the block that tests whether there is something to call: where the call is, and what comes in its place. */
  readonly optionalCalls: ReadonlyMap<BlockId, OptionalCall>;
  /** Objects written where a call is given them, and used nowhere else. */
  readonly literalsForOneCall: ReadonlySet<PlaceId>;
  /** For a temporary used in one block only: the index of its last use there. */
  readonly lastUse: ReadonlyMap<PlaceId, { readonly block: BlockId; readonly index: number }>;
}

export interface OptionalCall {
  readonly present: BlockId;
  readonly missing: BlockId;
}

const cache = new WeakMap<IrFunction, FunctionFacts>();

export function functionFacts(fn: IrFunction): FunctionFacts {
  let facts = cache.get(fn);
  if (facts === undefined) {
    facts = new LazyFacts(fn);
    cache.set(fn, facts);
  }
  return facts;
}

export function pathKey(root: PlaceId, fields: readonly string[]): string {
  return `${root}.${fields.join('.')}`;
}

/** What a closure captures there, or the field of it that is meant, as this function knows it. */
export function capturedPlace(
  { pathPlaces }: Pick<FunctionFacts, 'pathPlaces'>,
  { captures }: ClosureInstruction,
  { index, fields }: { readonly index: number; readonly fields?: readonly string[] },
): PlaceId | null {
  const place = captures[index];
  if (place === undefined || fields === undefined) return place ?? null;
  return pathPlaces.get(pathKey(place, fields)) ?? null;
}

/** Of `a.b.c` the place `a.b`; null if nothing speaks of it. */
export function holderOf(facts: FunctionFacts, { root, fields }: Extract<Place, { kind: 'path' }>): PlaceId | null {
  return fields.length === 1 ? root : (facts.pathPlaces.get(pathKey(root, fields.slice(0, -1))) ?? null);
}

/** Each table is made when somebody asks: of most functions only a few are wanted. */
class LazyFacts implements FunctionFacts {
  readonly literals = new LiteralTable();
  readonly #fn: IrFunction;
  #dependents: FunctionFacts['dependents'] | null = null;
  #pathPlaces: FunctionFacts['pathPlaces'] | null = null;
  #closures: FunctionFacts['closures'] | null = null;
  #closuresIn: FunctionFacts['closuresIn'] | null = null;
  #cleanups: FunctionFacts['cleanups'] | null = null;
  #receiverAliases: FunctionFacts['receiverAliases'] | null = null;
  #conditions: FunctionFacts['conditions'] | null = null;
  #reads: FunctionFacts['reads'] | null = null;
  #tested: FunctionFacts['tested'] | null = null;
  #testKinds: FunctionFacts['testKinds'] | null = null;
  #lastTest: FunctionFacts['lastTest'] | null = null;
  #repeated: RepeatedTests | null = null;
  #optionalCalls: FunctionFacts['optionalCalls'] | null = null;
  #literalsForOneCall: FunctionFacts['literalsForOneCall'] | null = null;
  #lastUse: FunctionFacts['lastUse'] | null = null;

  constructor(fn: IrFunction) {
    this.#fn = fn;
  }

  get dependents(): FunctionFacts['dependents'] {
    return (this.#dependents ??= dependents(this.#fn, this.repeated));
  }

  dependsOn(id: PlaceId, other: PlaceId): boolean {
    const place = this.#fn.places[id];
    if (place === undefined) return this.repeated.tested(id) === other;
    return rootsOf(place).includes(other);
  }

  get pathPlaces(): FunctionFacts['pathPlaces'] {
    return (this.#pathPlaces ??= pathPlaces(this.#fn));
  }

  get closures(): FunctionFacts['closures'] {
    return (this.#closures ??= closuresMeant(this.#fn, singleAssignments(this.#fn, closureAssigned)));
  }

  get closuresIn(): FunctionFacts['closuresIn'] {
    return (this.#closuresIn ??= allClosuresHeld(this.#fn, this.closures));
  }

  get cleanups(): FunctionFacts['cleanups'] {
    return (this.#cleanups ??= cleanups(this.#fn));
  }

  get receiverAliases(): FunctionFacts['receiverAliases'] {
    return (this.#receiverAliases ??= receiverAliases(this.#fn));
  }

  get conditions(): FunctionFacts['conditions'] {
    return (this.#conditions ??= singleAssignments(this.#fn, conditionAssigned));
  }

  get reads(): FunctionFacts['reads'] {
    return (this.#reads ??= readPlaces(this.#fn));
  }

  get tested(): FunctionFacts['tested'] {
    return (this.#tested ??= testedPlaces(this.#fn, this.repeated));
  }

  get testKinds(): FunctionFacts['testKinds'] {
    return (this.#testKinds ??= testKinds(this.#fn));
  }

  get lastTest(): FunctionFacts['lastTest'] {
    return (this.#lastTest ??= lastTests(this.#fn, this));
  }

  get repeated(): RepeatedTests {
    return (this.#repeated ??= repeatedTests(this.#fn));
  }

  get optionalCalls(): FunctionFacts['optionalCalls'] {
    return (this.#optionalCalls ??= optionalCalls(this.#fn));
  }

  get literalsForOneCall(): FunctionFacts['literalsForOneCall'] {
    return (this.#literalsForOneCall ??= literalsForOneCall(this.#fn));
  }

  get lastUse(): FunctionFacts['lastUse'] {
    return (this.#lastUse ??= lastUses(this.#fn));
  }
}

function rootsOf(place: Place): readonly PlaceId[] {
  return place.kind === 'path' ? [place.root] : place.kind === 'predicate' ? place.roots : [];
}

function dependents(fn: IrFunction, repeated: RepeatedTests): FunctionFacts['dependents'] {
  const found = new Map<PlaceId, PlaceId[]>();
  fn.places.forEach((place, index) => {
    for (const root of rootsOf(place)) append(found, root, index as PlaceId); // places are numbered by position
  });
  for (const { tested, outcome } of repeated.list) append(found, tested, outcome);
  return found;
}

function pathPlaces(fn: IrFunction): FunctionFacts['pathPlaces'] {
  const found = new Map<string, PlaceId>();
  fn.places.forEach((place, index) => {
    if (place.kind === 'path') found.set(pathKey(place.root, place.fields), index as PlaceId); // numbered by position
  });
  return found;
}

function cleanups({ blocks }: IrFunction): ReadonlySet<BlockId> {
  return new Set(blocks.flatMap(({ id, cloneOf }) => (cloneOf === null ? [] : [id, cloneOf])));
}

function receiverAliases(fn: IrFunction): FunctionFacts['receiverAliases'] {
  return new Set(singleAssignments(fn, (instruction) => receiverAssigned(fn, instruction)).keys());
}

/** Places written exactly once, with what `read` makes of that instruction; copies are followed. */
function singleAssignments<T>(fn: IrFunction, select: (instruction: Instruction) => T | null): ReadonlyMap<PlaceId, T> {
  const writes = new Map<PlaceId, Instruction | null>();
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      for (const place of placesWritten(instruction)) {
        // A cleanup copy of the same assignment counts as the same one.
        const earlier = writes.get(place);
        const isSame = earlier !== undefined && earlier?.span.start === instruction.span.start;
        writes.set(place, earlier === undefined || isSame ? instruction : null);
      }
    }
  }
  const found = new Map<PlaceId, T>();
  for (const [place, first] of writes) {
    let instruction = first;
    for (let hops = 0; instruction !== null && hops < 4; hops++) {
      const value = select(instruction);
      if (value !== null) {
        found.set(place, value);
        break;
      }
      instruction =
        instruction.op === 'assign' && instruction.source.kind === 'place'
          ? (writes.get(instruction.source.place) ?? null)
          : null;
    }
  }
  return found;
}

function closureAssigned(instruction: Instruction): ClosureInstruction | null {
  return instruction.op === 'closure' ? instruction : null;
}

function receiverAssigned({ receiver, places }: IrFunction, instruction: Instruction): true | null {
  if (instruction.op !== 'assign' || instruction.source.kind !== 'place') return null;
  const isOwn = instruction.source.place === receiver && places[instruction.dest]?.kind === 'local';
  return isOwn ? true : null;
}

function conditionAssigned(instruction: Instruction): Condition | null {
  return instruction.op === 'assign' && instruction.source.kind === 'condition' ? instruction.source.condition : null;
}

function readPlaces(fn: IrFunction): ReadonlySet<PlaceId> {
  const reads = new Set<PlaceId>();
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) for (const place of placesRead(instruction)) reads.add(place);
    const { terminator } = block;
    for (const place of placesTested(terminator)) reads.add(place);
    const values = terminator.op === 'return' ? terminator.values : terminator.op === 'throw' ? [terminator.value] : [];
    for (const value of values) if (value.kind === 'place') reads.add(value.place);
  }
  for (const place of fn.places) if (place.kind === 'path') reads.add(place.root);
  return reads;
}

function testedPlaces(fn: IrFunction, repeated: RepeatedTests): ReadonlySet<PlaceId> {
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

function testKinds(fn: IrFunction): ReadonlyMap<PlaceId, ReadonlySet<Condition['test']>> {
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
function lastTests(
  fn: IrFunction,
  { tested, repeated }: Pick<FunctionFacts, 'tested' | 'repeated'>,
): ReadonlyMap<PlaceId, BlockId> {
  const loopEnd = loopEnds(fn);
  const last = new Map<PlaceId, BlockId>();
  const lastCompared = new Map<PlaceId, BlockId>();
  const note = (place: PlaceId, block: BlockId): void => {
    if (!tested.has(place)) return;
    const end = loopEnd[block] ?? block;
    if ((last.get(place) ?? -1) < end) last.set(place, end);
  };
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) for (const place of placesRead(instruction)) note(place, block.id);
    for (const place of placesTested(block.terminator)) note(place, block.id);
    const test = testMade(block.terminator);
    const remembered = test === null ? null : repeated.outcome(test);
    if (remembered !== null) note(remembered, block.id);
    const compared = test?.test === 'equals' ? test.place : test && numberComparison(fn, test.place)?.left;
    if (compared !== undefined && compared !== null) lastCompared.set(compared, block.id);
    const outcome = outcomeReturned(block.terminator);
    if (outcome !== null) note(outcome, block.id);
  }
  // What one comparison with a number says, others ask, and tests for being equal to one.
  for (const index of fn.places.keys()) {
    const place = index as PlaceId; // places are numbered by position
    const compares = numberComparison(fn, place);
    const asked = compares === null ? undefined : lastCompared.get(compares.left);
    if (asked !== undefined) note(place, asked);
  }
  return last;
}

/** `a?.b(c)`: a test for null, with the call on one side and null for its result on the other. */
function optionalCalls(fn: IrFunction): FunctionFacts['optionalCalls'] {
  const found = new Map<BlockId, OptionalCall>();
  for (const { id, terminator } of fn.blocks) {
    const test = testMade(terminator);
    if (terminator.op !== 'branch' || test?.test !== 'null') continue;
    const [missing, present] = test.negated ? [terminator.else, terminator.then] : [terminator.then, terminator.else];
    if (isInsteadOf(fn.blocks[missing], fn.blocks[present])) found.set(id, { present, missing });
  }
  return found;
}

function isInsteadOf(missing: BasicBlock | undefined, present: BasicBlock | undefined): boolean {
  const [only, ...others] = missing?.instructions ?? [];
  const call = present?.instructions.at(-1);
  if (only?.op !== 'assign' || others.length > 0 || call?.op !== 'call' || !call.dests.includes(only.dest))
    return false;
  const isNull = only.source.kind === 'literal' && only.source.literal.kind === 'null';
  const [after, joined] = [missing?.terminator, present?.terminator];
  return isNull && after?.op === 'jump' && joined?.op === 'jump' && after.to === joined.to;
}

function literalsForOneCall(fn: IrFunction): ReadonlySet<PlaceId> {
  const made = new Set<PlaceId>();
  for (const { instructions } of fn.blocks) {
    for (const one of instructions) {
      const dest = one.op === 'call' && one.callee.kind === 'aggregate' ? one.dests[0] : undefined;
      const place = dest === undefined ? undefined : fn.places[dest];
      if (dest !== undefined && place?.kind === 'local' && place.name === null) made.add(dest);
    }
  }
  if (made.size === 0) return made;
  for (const { instructions, terminator } of fn.blocks) {
    for (const one of instructions) {
      const args =
        one.op === 'call' ? one.args.flatMap(({ value }) => (value.kind === 'place' ? [value.place] : [])) : [];
      for (const place of placesRead(one)) if (!args.includes(place)) made.delete(place);
      if (one.op === 'call' && one.receiver !== null) made.delete(one.receiver);
    }
    const values = terminator.op === 'return' ? terminator.values : terminator.op === 'throw' ? [terminator.value] : [];
    for (const value of values) if (value.kind === 'place') made.delete(value.place);
  }
  return made;
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

export function placesTested(terminator: Terminator): PlaceId[] {
  if (terminator.op === 'branch' && terminator.when !== 'unknown') return [terminator.when.place];
  if (terminator.op === 'switch') return [terminator.on];
  return [];
}

function lastUses(fn: IrFunction): ReadonlyMap<PlaceId, { block: BlockId; index: number }> {
  const uses = new Map<PlaceId, { block: BlockId; index: number } | null>();
  const use = (place: PlaceId, block: BlockId, index: number): void => {
    const kind = fn.places[place];
    if (kind?.kind !== 'local' || kind.name !== null) return;
    const earlier = uses.get(place);
    uses.set(place, earlier === undefined || earlier?.block === block ? { block, index } : null);
  };
  for (const block of fn.blocks) {
    block.instructions.forEach((instruction, index) => {
      for (const place of placesRead(instruction)) use(place, block.id, index);
      for (const place of placesWritten(instruction)) use(place, block.id, index);
    });
    const end = block.instructions.length;
    for (const place of placesTested(block.terminator)) use(place, block.id, end);
    const { terminator } = block;
    const values = terminator.op === 'return' ? terminator.values : terminator.op === 'throw' ? [terminator.value] : [];
    for (const value of values) if (value.kind === 'place') use(value.place, block.id, end);
  }
  // What a path or predicate hangs on lives as long as they do; those roots are not dropped.
  for (const place of fn.places) {
    if (place.kind === 'path') uses.delete(place.root);
  }
  for (const place of [...fn.params, ...fn.captures]) uses.delete(place);
  const single = new Map<PlaceId, { block: BlockId; index: number }>();
  for (const [place, last] of uses) if (last !== null) single.set(place, last);
  return single;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
