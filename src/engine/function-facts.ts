/**
 * Facts about one function that every simulation in it shares; computed once at most, flow-insensitively.
 * Deliberately no fixpoint: each table is one pass over the instructions.
 */
import { append } from '../append.ts';
import type { BlockId, CallInstruction, ClosureInstruction, Condition, IrFunction, Place, PlaceId } from '../ir/ir.ts';
import { predecessors, type Predecessors } from '../ir/walk.ts';
import { allClosuresHeld, closuresMeant, type HeldClosure } from './held-closures.ts';
import { optionalCalls, type OptionalCall } from './optional-calls.ts';
import { lastUses, literalsForCalls, readPlaces } from './place-uses.ts';
import { repeatedTests } from './repeated-tests.ts';
import type { RepeatedTests } from './repeated-tests.ts';
import { presetFields } from './changed-fields.ts';
import { methodValues } from './method-values.ts';
import { ownFields } from './own-fields.ts';
import { ownLists, type OwnLists } from './own-lists.ts';
import { returnedAtOnce } from './returned-at-once.ts';
import {
  callAssigned,
  closureAssigned,
  conditionAssigned,
  optionalMakers,
  receiverAssigned,
  singleAssignments,
} from './single-assignments.ts';
import { lastTests, testedPlaces, testKinds } from './tested-places.ts';
import { LiteralTable } from './value.ts';

export interface FunctionFacts {
  /** One for all that look at the function: what is known before an acquisition goes on behind it. */
  readonly literals: LiteralTable;
  readonly predecessors: Predecessors;
  /** Path places and predicates that mean something else once the place is assigned. */
  readonly dependents: ReadonlyMap<PlaceId, readonly PlaceId[]>;
  /** Is `place` one of the dependents of `other`? Asked of what a path knows, which is less than there are dependents. */
  dependsOn(place: PlaceId, other: PlaceId): boolean;
  /** `root.fields` to the place. The root of `a.b.c` is `a`, and also `a.b` where the function speaks of that. */
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
  /** `const waiting = run();`: the call whose result is all that a place ever holds. */
  readonly makers: ReadonlyMap<PlaceId, CallInstruction>;
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
  readonly returnedAtOnce: ReadonlySet<CallInstruction>;
  /** By object the fields that the function sets to null, true or false. */
  readonly presetFields: ReadonlyMap<PlaceId, readonly PlaceId[]>;
  /** Calls behind a question mark, by what they give where they are made. */
  readonly optionalMakers: ReadonlyMap<PlaceId, CallInstruction>;
  /** Fields of objects made here that were written before anybody else had the object, with the object. */
  readonly ownFields: ReadonlyMap<PlaceId, PlaceId>;
  readonly ownLists: OwnLists;
  /** By argument that may be a method of an object, what calling it would be. */
  readonly methodValues: ReadonlyMap<PlaceId, CallInstruction>;
  /** Objects written to be given to calls, and used nowhere else, with these calls. */
  readonly literalsForCalls: ReadonlyMap<PlaceId, readonly CallInstruction[]>;
  /** For a temporary used in one block only: the index of its last use there. */
  readonly lastUse: ReadonlyMap<PlaceId, { readonly block: BlockId; readonly index: number }>;
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
  #predecessors: Predecessors | null = null;
  #dependents: FunctionFacts['dependents'] | null = null;
  #pathPlaces: FunctionFacts['pathPlaces'] | null = null;
  #closures: FunctionFacts['closures'] | null = null;
  #closuresIn: FunctionFacts['closuresIn'] | null = null;
  #cleanups: FunctionFacts['cleanups'] | null = null;
  #receiverAliases: FunctionFacts['receiverAliases'] | null = null;
  #conditions: FunctionFacts['conditions'] | null = null;
  #makers: FunctionFacts['makers'] | null = null;
  #reads: FunctionFacts['reads'] | null = null;
  #tested: FunctionFacts['tested'] | null = null;
  #testKinds: FunctionFacts['testKinds'] | null = null;
  #lastTest: FunctionFacts['lastTest'] | null = null;
  #repeated: RepeatedTests | null = null;
  #optionalCalls: FunctionFacts['optionalCalls'] | null = null;
  #literalsForCalls: FunctionFacts['literalsForCalls'] | null = null;
  #returnedAtOnce: FunctionFacts['returnedAtOnce'] | null = null;
  #presetFields: FunctionFacts['presetFields'] | null = null;
  #ownFields: FunctionFacts['ownFields'] | null = null;
  #ownLists: OwnLists | null = null;
  #optionalMakers: FunctionFacts['optionalMakers'] | null = null;
  #methodValues: FunctionFacts['methodValues'] | null = null;
  #lastUse: FunctionFacts['lastUse'] | null = null;

  constructor(fn: IrFunction) {
    this.#fn = fn;
  }

  get predecessors(): Predecessors {
    return (this.#predecessors ??= predecessors(this.#fn));
  }

  get dependents(): FunctionFacts['dependents'] {
    return (this.#dependents ??= dependents(this.#fn, this.repeated));
  }

  dependsOn(id: PlaceId, other: PlaceId): boolean {
    const place = this.#fn.places[id];
    if (place === undefined) return this.repeated.tested(id) === other;
    return rootsOf(place).includes(other);
  }

  get makers(): FunctionFacts['makers'] {
    return (this.#makers ??= singleAssignments(this.#fn, callAssigned));
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

  get literalsForCalls(): FunctionFacts['literalsForCalls'] {
    return (this.#literalsForCalls ??= literalsForCalls(this.#fn));
  }

  get returnedAtOnce(): FunctionFacts['returnedAtOnce'] {
    return (this.#returnedAtOnce ??= returnedAtOnce(this.#fn));
  }

  get presetFields(): FunctionFacts['presetFields'] {
    return (this.#presetFields ??= presetFields(this.#fn));
  }

  get optionalMakers(): FunctionFacts['optionalMakers'] {
    return (this.#optionalMakers ??= optionalMakers(this.#fn));
  }

  get ownFields(): FunctionFacts['ownFields'] {
    return (this.#ownFields ??= ownFields(this.#fn));
  }

  get ownLists(): OwnLists {
    return (this.#ownLists ??= ownLists(this.#fn, this.ownFields.keys()));
  }

  get methodValues(): FunctionFacts['methodValues'] {
    return (this.#methodValues ??= methodValues(this.#fn, (method) => holderOf(this, method)));
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
  for (const place of fn.places) {
    if (place.kind !== 'path' || place.fields.length === 1) continue;
    const [holder, id] = [place.fields.slice(0, -1), place.fields].map((one) => found.get(pathKey(place.root, one)));
    if (holder !== undefined && id !== undefined) found.set(pathKey(holder, place.fields.slice(-1)), id);
  }
  return found;
}

function cleanups({ blocks }: IrFunction): ReadonlySet<BlockId> {
  return new Set(blocks.flatMap(({ id, cloneOf }) => (cloneOf === null ? [] : [id, cloneOf])));
}

function receiverAliases(fn: IrFunction): FunctionFacts['receiverAliases'] {
  return new Set(singleAssignments(fn, (instruction) => receiverAssigned(fn, instruction)).keys());
}
