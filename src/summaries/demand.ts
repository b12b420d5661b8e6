/**
 * Everything computed about functions, on demand and once: lowered bodies, call knowledge, summaries,
 * facts of classes. A function asked for while it is being summarised answers "escape".
 */
import type { Effect, Slot } from '../effects/effect.ts';
import type { EngineContext } from '../engine/context.ts';
import type { CallInstruction, ClosureInstruction, FunctionId, IrFunction, PlaceId, TypeHint } from '../ir/ir.ts';
import type { Declaration } from '../languages/language.ts';
import type { FoundDeclaration, IndexedFile } from '../project/project.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase } from '../resolve/type-names.ts';
import type { World } from '../resolve/world.ts';
import { annotationsOf } from './calls/annotations.ts';
import { failsByItsBody, failsByItsNames } from './functions/announced-in-vain.ts';
import { Bodies } from './bodies.ts';
import { callKnowledge, type Acquisition, type CallKnowledge } from './calls/call-knowledge.ts';
import { isReleasable, isReleaseMethod } from './call-names.ts';
import { catchVerdict } from './functions/catches.ts';
import { storeGiven, type Constants } from './calls/constants-given.ts';
import { ClassOwnership } from './classes/class-ownership.ts';
import { failsWhenAwaited } from './functions/rejections.ts';
import { mayHoldResource } from './may-hold.ts';
import { captureBehind } from './value-uses.ts';
import { endingOf, type Ending } from './functions/ending.ts';
import { flowGroups, type FlowGroups } from './functions/flow-groups.ts';
import { inferClosure, inferGuardedEffects, returnsField, type FunctionSummary } from './functions/infer.ts';
import { AcquisitionGate } from './functions/may-acquire.ts';
import { effectsOnUnknown, LazySummary } from './functions/lazy-summary.ts';
import { isReleasedState, valueWhileOpen } from './calls/state-tests.ts';
import { FieldReleases } from './classes/field-releases.ts';
import { ReleasedByOthers } from './classes/released-by-others.ts';
import { givesErrorForError } from './functions/error-for-error.ts';
import { answersFalseForNull } from './functions/false-for-null.ts';
import { handsOutKept, returnedAcquisitions, returnsUnknown } from './functions/returned-acquisitions.ts';
import { releaseSites, speaksOfReleasing, type ReleaseSite } from './obligations/release-sites.ts';

/** Deeper chains of helpers than this are not followed: each level is a nested simulation. */
const MAX_DEPTH = 24;
/** More than this and a function is no mere helper that throws. */
const MAX_CALLS_OF_A_THROWER = 6;

export class Demand {
  readonly world: World;
  readonly noteLimit: (limit: string) => void;
  readonly classes: ClassOwnership;
  readonly fieldReleases: FieldReleases;
  readonly releasedByOthers: ReleasedByOthers;
  readonly #bodies: Bodies;
  /** By the literals that the call passes, where they decide what it does. */
  readonly #summaries = new Map<Declaration, Map<string, FunctionSummary>>();
  /** By the constants that the call gives. */
  readonly #falseForNull = new Map<Declaration | IrFunction, Map<number, boolean>>();
  readonly #errorForError = new Map<Declaration | IrFunction, Map<number, boolean>>();
  readonly #acquisitionsGiven = new Map<Declaration, Map<string, readonly Acquisition[]>>();
  readonly #closureEffects = new WeakMap<IrFunction, readonly Effect[] | 'running'>();
  readonly #mayRelease = new WeakMap<IrFunction, boolean>();
  readonly #knowledge = new WeakMap<IrFunction, Map<CallInstruction, CallKnowledge | 'running'>>();
  readonly #groups = new WeakMap<IrFunction, FlowGroups>();
  readonly #releases = new WeakMap<IrFunction, readonly ReleaseSite[]>();
  readonly #acquired = new WeakMap<IrFunction, ReadonlySet<PlaceId>>();
  readonly #gate: AcquisitionGate;
  readonly #returnTypes = new Map<Declaration, readonly (string | null)[]>();
  readonly #mayReject = new Map<Declaration, boolean>();
  readonly #failsAsAnnounced = new Map<Declaration, boolean>();
  readonly #endings = new Map<Declaration, Ending | null>();
  readonly #contexts = new WeakMap<IrFunction, EngineContext>();
  #depth = 0;

  /** `noteLimit` hears of every bound that was reached, by name. */
  constructor(world: World, noteLimit: (limit: string) => void = () => undefined) {
    this.world = world;
    this.noteLimit = noteLimit;
    this.#bodies = new Bodies(world);
    this.classes = new ClassOwnership(this);
    this.fieldReleases = new FieldReleases(this);
    this.releasedByOthers = new ReleasedByOthers(this);
    this.#gate = new AcquisitionGate(world);
    if (!world.isTyped) world.returnTypes = (found) => this.#returnTypesOf(found);
  }

  /** Of a function that may hand out what needs a release; types of others are not worth lowering it. */
  #returnTypesOf({ file, declaration }: FoundDeclaration): readonly (string | null)[] {
    const known = this.#returnTypes.get(declaration);
    if (known !== undefined) return known;
    this.#returnTypes.set(declaration, []); // recursion says nothing
    const mayMatter = declaration.hasBody && [...declaration.calls].some((name) => this.#mayGiveResource(name));
    const [scope] = mayMatter ? this.body(file, declaration) : [];
    const types = scope === undefined || scope.fn.isGenerator ? [] : scope.returnTypes();
    this.#returnTypes.set(declaration, types);
    return types;
  }

  #mayGiveResource(name: string): boolean {
    const { models } = this.world;
    return models.acquiresMember(name) || models.typesNamed(name).length > 0 || models.conventions.factories.test(name);
  }

  /** The function and its closures, lowered, outer first. */
  body(file: IndexedFile, declaration: Declaration): readonly Scope[] {
    return this.#bodies.of(file, declaration);
  }

  knowledge(scope: Scope, call: CallInstruction): CallKnowledge {
    let ofFunction = this.#knowledge.get(scope.fn);
    if (ofFunction === undefined) {
      ofFunction = new Map();
      this.#knowledge.set(scope.fn, ofFunction);
    }
    const known = ofFunction.get(call);
    if (known === 'running') return unknownCall(call);
    if (known !== undefined) return known;
    ofFunction.set(call, 'running');
    const knowledge = callKnowledge(this, scope, call);
    ofFunction.set(call, knowledge);
    return knowledge;
  }

  groups(scope: Scope): FlowGroups {
    let groups = this.#groups.get(scope.fn);
    if (groups === undefined) {
      groups = flowGroups(
        scope.fn,
        (call) => this.knowledge(scope, call),
        (place) => mayHoldResource(scope, place),
      );
      this.#groups.set(scope.fn, groups);
    }
    return groups;
  }

  releases(scope: Scope): readonly ReleaseSite[] {
    let sites = this.#releases.get(scope.fn);
    if (sites === undefined) {
      sites = releaseSites(this, scope);
      this.#releases.set(scope.fn, sites);
    }
    return sites;
  }

  /** Places that hold what a call of this function returned or made: not what it was given. */
  acquiredPlaces(scope: Scope): ReadonlySet<PlaceId> {
    let places = this.#acquired.get(scope.fn);
    if (places === undefined) {
      const found = new Set<PlaceId>();
      for (const block of scope.fn.blocks) {
        for (const instruction of block.instructions) {
          if (instruction.op !== 'call') continue;
          const known = this.knowledge(scope, instruction);
          if (!known.mayYieldResource) continue;
          const isWrapper = known.effects.some((effect) => effect.kind === 'alias');
          if (!isWrapper || known.acquisitions.length > 0) for (const dest of instruction.dests) found.add(dest);
        }
      }
      places = found;
      this.#acquired.set(scope.fn, places);
    }
    return places;
  }

  mayRelease(scope: Scope): boolean {
    return this.releases(scope).length > 0;
  }

  context(scope: Scope): EngineContext {
    let context = this.#contexts.get(scope.fn);
    if (context === undefined) {
      context = this.#makeContext(scope);
      this.#contexts.set(scope.fn, context);
    }
    return context;
  }

  #makeContext(scope: Scope): EngineContext {
    const resolve = (hint: TypeHint): string => this.world.resolve(scope.file.index, scope.owner, hint);
    return {
      fn: scope.fn,
      noteLimit: this.noteLimit,
      facts: (call) => this.knowledge(scope, call),
      closureEffects: (fn) => this.closureEffects(scope, fn),
      endingOf: (fn) => this.#closureEnding(scope, fn),
      catches: (clause, thrown) => catchVerdict(this.world, clause.types.map(resolve), thrown?.map(resolve) ?? null),
      valueWhileOpen: (field) => valueWhileOpen(this.world.models.conventions, field),
      isReleasedState: (field, word) => isReleasedState(this.world.models.conventions, field, word),
      numbersFrom: this.world.models.conventions.numbersFrom,
      constructsByFields: this.world.models.conventions.constructsByFields,
      isReleaseMethod: (name) => isReleaseMethod(this.world, name),
      isValueType: (type) => this.world.models.conventions.valueTypes.test(erase(type)),
      isReleasableType: (type) => isReleasable(this.world, resolve(type)),
    };
  }

  #closureEnding(scope: Scope, id: FunctionId): Ending | null {
    const closure = this.#bodies.closure(scope.file, id);
    return closure === undefined ? null : endingOf(this, closure);
  }

  closureEffects(scope: Scope, id: FunctionId): readonly Effect[] {
    const closure = this.#bodies.closure(scope.file, id);
    if (closure === undefined) return [];
    const known = this.#closureEffects.get(closure.fn);
    if (known === 'running') return [];
    if (known !== undefined) return known;
    this.#closureEffects.set(closure.fn, 'running');
    const effects = inferClosure(this, closure);
    this.#closureEffects.set(closure.fn, effects);
    return effects;
  }

  /** Cheap to ask: do the names it calls speak of releasing anything? */
  closureMayRelease(scope: Scope, id: FunctionId): boolean {
    const closure = this.#bodies.closure(scope.file, id);
    if (closure === undefined) return false;
    const known = this.#mayRelease.get(closure.fn);
    if (known !== undefined) return known;
    this.#mayRelease.set(closure.fn, false); // recursion alone releases nothing
    const may = speaksOfReleasing(this, closure);
    this.#mayRelease.set(closure.fn, may);
    return may;
  }

  /** Helpers that only throw or exit are short and name what they throw; others are not looked into. */
  ending(found: FoundDeclaration): Ending | null {
    const { calls, isStatic, isPrivate } = found.declaration;
    // What may be overridden says nothing: a base class often only throws.
    if (!isStatic && !isPrivate) return null;
    if (calls.size === 0 || calls.size > MAX_CALLS_OF_A_THROWER) return null;
    const known = this.#endings.get(found.declaration);
    if (known !== undefined) return known;
    this.#endings.set(found.declaration, null);
    const scope = this.body(found.file, found.declaration)[0];
    const ending = scope === undefined ? null : endingOf(this, scope);
    this.#endings.set(found.declaration, ending);
    return ending;
  }

  /** Does the promise of an asynchronous function fail with something that is waited for, or thrown, in it? */
  mayReject({ file, declaration }: FoundDeclaration): boolean {
    const known = this.#mayReject.get(declaration);
    if (known !== undefined) return known;
    this.#mayReject.set(declaration, true); // who asks for itself is told that it may
    const scope = this.body(file, declaration)[0];
    const may = scope === undefined || failsWhenAwaited(this, scope);
    this.#mayReject.set(declaration, may);
    return may;
  }

  /** Does a function that announces exceptions throw any? */
  failsAsAnnounced(found: FoundDeclaration): boolean {
    const known = this.#failsAsAnnounced.get(found.declaration);
    if (known !== undefined) return known;
    this.#failsAsAnnounced.set(found.declaration, true); // recursion says nothing
    const fails =
      failsByItsNames(this.world, found) ?? this.#inScope(found, true, (scope) => failsByItsBody(this, scope));
    this.#failsAsAnnounced.set(found.declaration, fails);
    return fails;
  }

  /** Does the function answer false wherever it is given null for this parameter? */
  isFalseForNull(found: FoundDeclaration, parameter: number): boolean {
    return answered(this.#falseForNull, found.declaration, parameter, () =>
      this.#inScope(found, false, (scope) => answersFalseForNull(this, scope, parameter)),
    );
  }

  closureIsFalseForNull(scope: Scope, { members: [only, ...others] }: ClosureInstruction, parameter: number): boolean {
    const closure = only === undefined ? undefined : this.#bodies.closure(scope.file, only.fn);
    if (closure === undefined || others.length > 0) return false;
    return answered(this.#falseForNull, closure.fn, parameter, () => answersFalseForNull(this, closure, parameter));
  }

  /** Does the function, which gives an error, give one wherever it is given one for this parameter? */
  isErrorForError(found: FoundDeclaration, parameter: number): boolean {
    return answered(this.#errorForError, found.declaration, parameter, () =>
      this.#inScope(found, false, (scope) => givesErrorForError(this, scope, parameter)),
    );
  }

  /** The functions made in this one. */
  closuresOf(scope: Scope): readonly { readonly closure: ClosureInstruction; readonly inner: Scope }[] {
    return scope.fn.blocks.flatMap(({ instructions }) =>
      instructions.flatMap((closure) =>
        closure.op !== 'closure'
          ? []
          : closure.members.flatMap(({ fn }) => {
              const inner = this.#bodies.closure(scope.file, fn);
              return inner === undefined ? [] : [{ closure, inner }];
            }),
      ),
    );
  }

  /** Which of its captures a closure calls, by index. */
  calledCaptures(scope: Scope, id: FunctionId): readonly number[] {
    const fn = this.#bodies.closure(scope.file, id)?.fn;
    const called = fn?.blocks.flatMap(({ instructions }) =>
      instructions.flatMap((instruction) =>
        instruction.op === 'call' && instruction.callee.kind === 'value' ? [instruction.callee.place] : [],
      ),
    );
    return (called ?? []).flatMap((place) => (fn === undefined ? [] : (captureBehind(fn, place) ?? [])));
  }

  /** What a closure acquires and returns. */
  closureAcquisitions(scope: Scope, id: FunctionId): readonly Acquisition[] {
    const closure = this.#bodies.closure(scope.file, id);
    return closure === undefined ? [] : returnedAcquisitions(this, closure);
  }

  /**
   * `given`: what the call passes for each parameter that decides a branch, or null; a helper is looked
   * at once for `close(in, true)` and once for `close(in, false)`.
   */
  summary(found: FoundDeclaration, given: Constants = []): FunctionSummary {
    const key = given.some((constant) => constant !== null) ? JSON.stringify(given) : '';
    let summaries = this.#summaries.get(found.declaration);
    if (summaries === undefined) {
      summaries = new Map();
      this.#summaries.set(found.declaration, summaries);
    }
    let summary = summaries.get(key);
    if (summary === undefined) {
      summary = this.#lazySummary(found, given);
      summaries.set(key, summary);
    }
    return summary;
  }

  /** What a function hands out that is called with these constants. */
  acquisitionsGiven(found: FoundDeclaration, given: Constants): readonly Acquisition[] {
    const whatever = this.summary(found).acquisitions;
    if (whatever.length === 0 || given.every((constant) => constant === null)) return whatever;
    const key = JSON.stringify(given);
    const known = this.#acquisitionsGiven.get(found.declaration) ?? new Map<string, readonly Acquisition[]>();
    this.#acquisitionsGiven.set(found.declaration, known);
    let acquisitions = known.get(key);
    if (acquisitions === undefined) {
      known.set(key, whatever); // recursion says nothing
      acquisitions = this.#inScope(found, whatever, (scope) => returnedAcquisitions(this, scope, given));
      known.set(key, acquisitions);
    }
    return acquisitions;
  }

  #inScope<T>(found: FoundDeclaration, fallback: T, compute: (scope: Scope) => T): T {
    if (this.#depth >= MAX_DEPTH) {
      this.noteLimit('depth of helpers');
      return fallback;
    }
    this.#depth++;
    try {
      const scope = this.body(found.file, found.declaration)[0];
      return scope === undefined ? fallback : compute(scope);
    } finally {
      this.#depth--;
    }
  }

  #lazySummary(found: FoundDeclaration, given: Constants): FunctionSummary {
    const inScope = <T>(fallback: T, compute: (scope: Scope) => T): T => this.#inScope(found, fallback, compute);
    const annotations = annotationsOf(this.world, found.declaration);
    return new LazySummary(
      {
        effectsOn: (input) => {
          const inferred = inScope(effectsOnUnknown(input), (scope) =>
            inferGuardedEffects(this, scope, input, storeGiven(scope.fn, given)),
          );
          if (input === 'receiver') return inferred;
          return forEveryArgument(found.declaration, annotations.effectsOn(input, inferred));
        },
        acquisitions: () =>
          annotations.resultIsBorrowed || !this.#gate.mayAcquire(found.file, found.declaration)
            ? []
            : inScope([], (scope) => returnedAcquisitions(this, scope)),
        mayReturnFresh: () => inScope(false, (scope) => returnsUnknown(this, scope)),
        returnsKept: () => inScope(false, (scope) => returnsField(scope) || handsOutKept(this, scope)),
      },
      found.declaration.params,
    );
  }
}

/** Found once for each function and parameter. */
function answered(
  known: Map<Declaration | IrFunction, Map<number, boolean>>,
  fn: Declaration | IrFunction,
  parameter: number,
  find: () => boolean,
): boolean {
  const ofFunction = known.get(fn) ?? new Map<number, boolean>();
  known.set(fn, ofFunction);
  let answer = ofFunction.get(parameter);
  if (answer === undefined) {
    ofFunction.set(parameter, false); // recursion says nothing
    answer = find();
    ofFunction.set(parameter, answer);
  }
  return answer;
}

function unknownCall(call: CallInstruction): CallKnowledge {
  return {
    effects: [],
    effectsOn: () => [],
    neverReturns: false,
    throws: call.throws,
    thrown: null,
    rejects: null,
    resolution: 'unknown',
    isRelease: false,
    label: '',
    isRead: false,
    onlyUses: () => false,
    isFalseForNull: () => false,
    isErrorForError: () => false,
    acquisitions: [],
    mayReturnFresh: false,
    mayYieldResource: false,
    mayRelease: false,
  };
}

/** What happens to a variadic parameter happens to every argument from there on. */
function forEveryArgument({ params }: Declaration, effects: readonly Effect[]): readonly Effect[] {
  const last = params.length - 1;
  if (params[last]?.isVariadic !== true) return effects;
  const spread = (slot: Slot): Slot => (slot.at === 'param' && slot.index === last ? { ...slot, at: 'params' } : slot);
  return effects.map((effect) => {
    if ('slot' in effect) return { ...effect, slot: spread(effect.slot) };
    return 'from' in effect ? { ...effect, from: spread(effect.from) } : effect;
  });
}
