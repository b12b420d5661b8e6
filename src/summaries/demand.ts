/**
 * Everything computed about functions, on demand and once: lowered bodies, call knowledge, summaries,
 * facts of classes. A function asked for while it is being summarised answers "escape".
 */
import type { Effect, Slot } from '../effects/effect.ts';
import type { EngineContext } from '../engine/context.ts';
import type { CallInstruction, ClosureInstruction, FunctionId, IrFunction, PlaceId, TypeHint } from '../ir/ir.ts';
import { callsOf } from '../ir/operands.ts';
import type { Declaration, FileIndex } from '../languages/language.ts';
import type { FoundDeclaration, IndexedFile } from '../project/project.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase } from '../resolve/type-names.ts';
import type { World } from '../resolve/world.ts';
import { Answers, DetailedAnswers } from './answers.ts';
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
  readonly #falseForNull = new DetailedAnswers<Declaration | IrFunction, number, boolean>();
  readonly #errorForError = new DetailedAnswers<Declaration | IrFunction, number, boolean>();
  /** By the constants that the call gives. */
  readonly #acquisitionsGiven = new DetailedAnswers<Declaration, string, readonly Acquisition[]>();
  readonly #closureEffects = new Answers<IrFunction, readonly Effect[]>([]);
  /** Recursion alone releases nothing. */
  readonly #mayRelease = new Answers<IrFunction, boolean>(false);
  readonly #knowledge = new WeakMap<IrFunction, Map<CallInstruction, CallKnowledge | 'running'>>();
  readonly #groups = new Answers<IrFunction, FlowGroups>();
  readonly #releases = new Answers<IrFunction, readonly ReleaseSite[]>();
  readonly #acquired = new Answers<IrFunction, ReadonlySet<PlaceId>>();
  readonly #gate: AcquisitionGate;
  readonly #returnTypes = new Answers<Declaration, readonly (string | null)[]>([]);
  readonly #beginnings = new DetailedAnswers<FileIndex, string, string | null>();
  /** Who asks for itself is told that it may. */
  readonly #mayReject = new Answers<Declaration, boolean>(true);
  readonly #failsAsAnnounced = new Answers<Declaration, boolean>(true);
  readonly #endings = new Answers<Declaration, Ending | null>(null);
  readonly #contexts = new Answers<IrFunction, EngineContext>();
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
    if (world.isTyped) return;
    world.returnTypes = (found) => this.#returnTypesOf(found);
    world.beginsAs = (file, owner, name) => this.#beginsAs(file, owner, name);
  }

  /** Of a function that may hand out what needs a release; types of others are not worth lowering it. */
  #returnTypesOf({ file, declaration }: FoundDeclaration): readonly (string | null)[] {
    return this.#returnTypes.of(declaration, () => {
      const mayMatter = declaration.hasBody && [...declaration.calls].some((name) => this.#mayGiveResource(name));
      const [scope] = mayMatter ? this.body(file, declaration) : [];
      return scope === undefined || scope.fn.isGenerator ? [] : scope.returnTypes();
    });
  }

  /** `const pool = createPool(url)` of a module, `this.pool = createPool(url)` of a constructor. */
  #beginsAs(file: IndexedFile, owner: string | null, name: string): string | null {
    return this.#beginnings.of(file.index, `${owner ?? ''}#${name}`, null, () => {
      const begins = ({ kind }: Declaration): boolean =>
        owner === null ? kind === 'static-initializer' : kind === 'constructor' || kind === 'initializer';
      const making = file.index.declarations.filter(
        (one) => one.owner === owner && begins(one) && [...one.calls].some((call) => this.#mayGiveResource(call)),
      );
      const types = new Set(making.map((one) => this.body(file, one)[0]?.setType(name) ?? null));
      types.delete(null);
      const [only = null, ...others] = types;
      return others.length > 0 ? null : only;
    });
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
    return this.#groups.of(scope.fn, () =>
      flowGroups(
        scope.fn,
        (call) => this.knowledge(scope, call),
        (place) => mayHoldResource(scope, place),
      ),
    );
  }

  releases(scope: Scope): readonly ReleaseSite[] {
    return this.#releases.of(scope.fn, () => releaseSites(this, scope));
  }

  /** Places that hold what a call of this function returned or made: not what it was given. */
  acquiredPlaces(scope: Scope): ReadonlySet<PlaceId> {
    return this.#acquired.of(scope.fn, () => {
      const yielding = callsOf(scope.fn).filter((call) => {
        const known = this.knowledge(scope, call);
        const isWrapper = known.mayYieldResource && known.effects.some((effect) => effect.kind === 'alias');
        return known.mayYieldResource && (!isWrapper || known.acquisitions.length > 0);
      });
      return new Set(yielding.flatMap(({ dests }) => dests));
    });
  }

  mayRelease(scope: Scope): boolean {
    return this.releases(scope).length > 0;
  }

  context(scope: Scope): EngineContext {
    return this.#contexts.of(scope.fn, () => this.#makeContext(scope));
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
    return closure === undefined ? [] : this.#closureEffects.of(closure.fn, () => inferClosure(this, closure));
  }

  /** Cheap to ask: do the names it calls speak of releasing anything? */
  closureMayRelease(scope: Scope, id: FunctionId): boolean {
    const closure = this.#bodies.closure(scope.file, id);
    return closure !== undefined && this.#mayRelease.of(closure.fn, () => speaksOfReleasing(this, closure));
  }

  /** Helpers that only throw or exit are short and name what they throw; others are not looked into. */
  ending(found: FoundDeclaration): Ending | null {
    const { calls, isStatic, isPrivate } = found.declaration;
    // What may be overridden says nothing: a base class often only throws.
    if (!isStatic && !isPrivate) return null;
    if (calls.size === 0 || calls.size > MAX_CALLS_OF_A_THROWER) return null;
    return this.#endings.of(found.declaration, () => {
      const [scope] = this.body(found.file, found.declaration);
      return scope === undefined ? null : endingOf(this, scope);
    });
  }

  /** Does the promise of an asynchronous function fail with something that is waited for, or thrown, in it? */
  mayReject({ file, declaration }: FoundDeclaration): boolean {
    return this.#mayReject.of(declaration, () => {
      const [scope] = this.body(file, declaration);
      return scope === undefined || failsWhenAwaited(this, scope);
    });
  }

  /** Does a function that announces exceptions throw any? */
  failsAsAnnounced(found: FoundDeclaration): boolean {
    return this.#failsAsAnnounced.of(
      found.declaration,
      () => failsByItsNames(this.world, found) ?? this.#inScope(found, true, (scope) => failsByItsBody(this, scope)),
    );
  }

  /** Does the function answer false wherever it is given null for this parameter? */
  isFalseForNull(found: FoundDeclaration, parameter: number): boolean {
    return this.#falseForNull.of(found.declaration, parameter, false, () =>
      this.#inScope(found, false, (scope) => answersFalseForNull(this, scope, parameter)),
    );
  }

  closureIsFalseForNull(scope: Scope, { members: [only, ...others] }: ClosureInstruction, parameter: number): boolean {
    const closure = only === undefined ? undefined : this.#bodies.closure(scope.file, only.fn);
    if (closure === undefined || others.length > 0) return false;
    return this.#falseForNull.of(closure.fn, parameter, false, () => answersFalseForNull(this, closure, parameter));
  }

  /** Does the function, which gives an error, give one wherever it is given one for this parameter? */
  isErrorForError(found: FoundDeclaration, parameter: number): boolean {
    return this.#errorForError.of(found.declaration, parameter, false, () =>
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
    return this.#acquisitionsGiven.of(found.declaration, JSON.stringify(given), whatever, () =>
      this.#inScope(found, whatever, (scope) => returnedAcquisitions(this, scope, given)),
    );
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
    neverFails: false,
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
