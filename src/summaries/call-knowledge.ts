/**
 * Puts together what is known of one call, best source first: models, functions of the scan, the
 * platform's signatures, and at last the conventions by which names are read.
 */
import { commonEffects } from '../effects/common-effects.ts';
import type { Effect, Resolution, ResourceKind, Slot } from '../effects/effect.ts';
import type { CallFacts } from '../engine/context.ts';
import { functionFacts } from '../engine/function-facts.ts';
import { FALSE, NULL, TRUE, type Value } from '../engine/value.ts';
import type { CallInstruction, Operand, PlaceId, ThrowTier, TypeHint } from '../ir/ir.ts';
import type { ResolvedCall } from '../resolve/resolve-call.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase } from '../resolve/type-names.ts';
import type { World } from '../resolve/world.ts';
import { assumedKnowledge } from './assumed-knowledge.ts';
import { implementations } from '../resolve/implementations.ts';
import { constructKnowledge } from './construct-knowledge.ts';
import { calleeLabel, GENERIC_RESOURCE, resourceOfType, speaksOfRelease } from './call-names.ts';
import type { Demand } from './demand.ts';
import { modelKnowledge } from './model-knowledge.ts';
import { implementedKnowledge } from './implemented.ts';
import { stateTest } from './state-tests.ts';
import { successGuard } from './success-guard.ts';
import { rejectionOf } from './rejections.ts';
import { throwsOf, type Throws } from './throws.ts';

export interface Acquisition {
  readonly slot: Slot;
  readonly resource: ResourceKind;
  /** Qualified where it can be. */
  readonly type: string | null;
  readonly heldBy: Slot | null;
  /** Only presumed to need a release. */
  readonly isPresumed: boolean;
  readonly given: Effect['given'] | null;
  /** Returned alone by a function that elsewhere returns several values: a call that takes several did not get it. */
  readonly isAlone?: boolean;
  /** Known by the name of what was called alone: it counts where it is given a name in turn. */
  readonly isByName?: boolean;
}

export interface CallKnowledge extends CallFacts {
  /** It is called like what releases something. That it fails and leaves another resource open is only `possible`. */
  readonly isRelease: boolean;
  readonly acquisitions: readonly Acquisition[];
  /** Nobody knows the callee, so the result may be fresh: a release here makes it ours. */
  readonly mayReturnFresh: boolean;
  /** Cheap to ask, never wrongly false: may its result be a resource, or one of its arguments? */
  readonly mayYieldResource: boolean;
  /** Cheap to ask: do its name, its model or the names it calls speak of releasing anything? */
  readonly mayRelease: boolean;
}

export function callKnowledge(demand: Demand, scope: Scope, call: CallInstruction): CallKnowledge {
  return new LazyKnowledge(demand, scope, call);
}

/** Most calls never come near a resource, and what a callee does costs a summary: computed when asked. */
class LazyKnowledge implements CallKnowledge {
  readonly label: string;
  readonly #demand: Demand;
  readonly #scope: Scope;
  readonly #call: CallInstruction;
  #mayYieldResource: boolean | null = null;
  #releases: readonly Effect[] | null = null;
  #body: BodyKnowledge | null = null;
  #effects: readonly Effect[] | null = null;
  #throws: Throws | null = null;

  constructor(demand: Demand, scope: Scope, call: CallInstruction) {
    this.#demand = demand;
    this.#scope = scope;
    this.#call = call;
    this.label = calleeLabel(call);
  }

  get #resolved(): ResolvedCall {
    return this.#scope.resolved(this.#call);
  }

  get resolution(): Resolution {
    return this.#resolved.resolution;
  }

  get isRelease(): boolean {
    return this.#released().length > 0;
  }

  #released(): readonly Effect[] {
    if (this.#releases !== null) return this.#releases;
    const byName = releasesByName(this.#scope.world, this.#scope, this.#call).filter((one) => this.#mayBeOf(one));
    this.#releases = byName.length > 0 && this.#isBorrowing() ? [] : byName;
    return this.#releases;
  }

  /** What is known to be of one kind is not released by what releases another: `child.on()` reads no response. */
  #mayBeOf(effect: Effect): boolean {
    if (effect.kind !== 'release' || effect.resource === undefined || this.#call.receiver === null) return true;
    const type = this.#scope.typeOf(this.#call.receiver);
    const kind = type === null ? GENERIC_RESOURCE : resourceOfType(this.#scope.world, type);
    return kind === null || kind === GENERIC_RESOURCE || kind === effect.resource;
  }

  /** A rule may say that a method called like a release is none: `with connection` commits, and closes nothing. */
  #isBorrowing(): boolean {
    if (!this.#scope.world.models.knowsMember(this.label)) return false;
    const effects = this.#resolved.models[0]?.summary.effects ?? [];
    return effects.some((effect) => effect.kind === 'borrow' && effect.slot.at === 'receiver');
  }

  get effects(): readonly Effect[] {
    return (this.#effects ??= [
      ...this.#released(),
      ...this.#ended,
      ...this.#stateTest,
      ...notOpened(this.#scope, this.#call),
      ...this.#known().effects,
    ]);
  }

  get acquisitions(): readonly Acquisition[] {
    if (!this.mayYieldResource) return [];
    const guard = successGuard(this.#scope, this.#call, this.#resolved);
    const acquisitions = this.#known().acquisitions.filter(
      (one) => one.isAlone !== true || this.#call.dests.length === 1,
    );
    return guard === null ? acquisitions : acquisitions.map((one) => ({ ...one, given: one.given ?? guard }));
  }

  get mayReturnFresh(): boolean {
    return this.mayYieldResource && this.#known().mayReturnFresh;
  }

  get mayYieldResource(): boolean {
    return (this.#mayYieldResource ??=
      namesYield(this.#scope, this.#call) && mayYieldResource(this.#scope, this.#call, this.#resolved));
  }

  get mayRelease(): boolean {
    if (this.isRelease) return true;
    const { models } = this.#scope.world;
    if (models.releasesMember(this.label) || models.conventions.releaseFunctions.test(this.label)) return true;
    // A method of another object with a name that says nothing of release: not worth resolving for evidence.
    if (!isOwnCall(this.#scope, this.#call)) return models.conventions.lifecycleEnd.test(this.label);
    const { declarations } = this.#resolved;
    return declarations.some(({ declaration }) => speaksOfRelease(this.#scope.world, declaration));
  }

  get neverReturns(): boolean {
    return this.#ending() !== null;
  }

  get throws(): ThrowTier {
    // Where nothing throws, a release does not either.
    const isQuiet = this.#scope.world.models.conventions.neverThrows.test(this.label);
    return this.isRelease && !isQuiet ? 'possible' : this.#announced().tier;
  }

  get rejects(): ThrowTier | null {
    return rejectionOf(this.#demand, this.#scope, this.#call, this.#resolved);
  }

  get thrown(): readonly TypeHint[] | null {
    return this.#announced().types;
  }

  /** `stream.abort(error)`, of a stream nobody knows: it is over, which says nothing of whose duty it was. */
  get #ended(): readonly Effect[] {
    const { receiver, callee } = this.#call;
    if (receiver === null || callee.kind !== 'method') return [];
    if (this.#scope.world.models.conventions.mayEnd?.test(callee.name) !== true) return [];
    if (this.#resolved.resolution !== 'unknown') return [];
    return [{ kind: 'transfer', from: { at: 'receiver' }, to: 'runtime', on: 'both', certainty: 'must' }];
  }

  get #stateTest(): readonly Effect[] {
    return stateTest(this.#scope.world.models.conventions, this.#call);
  }

  #known(): BodyKnowledge {
    return (this.#body ??= bodyKnowledge(this.#demand, this.#scope, this.#call, this.#resolved));
  }

  #ending(): Ending | null {
    // Only a static or private function always ends alike; asking who is meant costs more than knowing that.
    if (!isOwnCall(this.#scope, this.#call) && !this.#scope.world.models.knowsMember(this.label)) return null;
    const modelled = this.#resolved.models[0]?.summary.effects.some((effect) => effect.kind === 'noReturn') === true;
    if (modelled || exitsByName(this.#scope, this.#call)) return 'halts';
    const [only, ...others] = this.#resolved.declarations;
    return only === undefined || others.length > 0 ? null : this.#demand.ending(only);
  }

  #announced(): Throws {
    if (this.#throws !== null) return this.#throws;
    const ending = this.#ending();
    if (ending !== null) this.#throws = { tier: ending === 'throws' ? 'explicit' : 'never', types: null };
    else if (this.#stateTest.length > 0) this.#throws = { tier: 'never', types: null };
    else this.#throws = throwsOf(this.#scope, this.#call, this.#resolved);
    return this.#throws;
  }
}

/** `Exit.exit(1)` */
function exitsByName({ world }: Scope, { callee }: CallInstruction): boolean {
  if (callee.kind !== 'function' || callee.scope === null) return false;
  return world.models.conventions.processExits.test(`${callee.scope}.${callee.name}`);
}

/** `session.Open()` that fails has opened nothing, whatever made the session. What gives more than an error opens that. */
function notOpened(scope: Scope, call: CallInstruction): readonly Effect[] {
  const { openMethods, errorResult } = scope.world.models.conventions;
  const [dest, ...others] = call.dests;
  if (call.callee.kind !== 'method' || dest === undefined || others.length > 0) return [];
  if (openMethods?.test(call.callee.name) !== true || errorResult?.test(scope.typeOf(dest) ?? '') !== true) return [];
  const given = { slot: { at: 'result', index: 0 }, is: 'set' } as const;
  return [{ ...must({ kind: 'release', slot: { at: 'receiver' }, resource: GENERIC_RESOURCE }), given }];
}

/** Why a function never returns to its caller. */
export type Ending = 'throws' | 'halts';

/** The type constructed or asked lives in a file that says nothing of resources. */
function isPlainOwner(scope: Scope, call: CallInstruction): boolean {
  const { callee } = call;
  const { world, file } = scope;
  if (callee.kind === 'construct')
    return world.project.isPlain(erase(world.resolve(file.index, scope.owner, callee.type)));
  if (callee.kind === 'function' && callee.scope !== null) {
    return world.project.isPlain(erase(world.resolve(file.index, scope.owner, callee.scope)));
  }
  return false;
}

function isOwnCall(scope: Scope, call: CallInstruction): boolean {
  return call.callee.kind === 'function' || call.callee.kind === 'delegate' || call.receiver === scope.fn.receiver;
}

/**
 * What the names alone say, before anything is resolved: resolving a call may parse another file. A getter
 * of another object whose result goes nowhere by name is taken to hand out what it keeps.
 */
function namesYield(scope: Scope, call: CallInstruction): boolean {
  if (isPlainOwner(scope, call)) return false;
  if (call.callee.kind === 'construct') return true;
  const { models } = scope.world;
  const name = calleeLabel(call);
  if (models.acquiresMember(name)) return true;
  const isRead = call.dests.some((dest) => functionFacts(scope.fn).reads.has(dest));
  if (!isRead) return models.conventions.factories.test(name);
  if (isOwnCall(scope, call) || models.knowsMember(name) || models.conventions.streamGetters.test(name)) return true;
  return call.dests.some((dest) => mayHold(scope, dest) ?? !models.conventions.accessors.test(name));
}

/** null: the place has no name that would tell. `ctx, tx, err := store.Begin(ctx)`: one of several is enough. */
function mayHold({ fn, world }: Scope, dest: PlaceId): boolean | null {
  const place = fn.places[dest];
  if (place?.kind !== 'local' || place.name === null) return null;
  return place.typeHint === null || !world.models.conventions.valueTypes.test(erase(place.typeHint));
}

/** A call whose result is a number, a text or nothing acquires nothing it could hand out. */
function mayYieldResource(scope: Scope, call: CallInstruction, resolved: ResolvedCall): boolean {
  if (resolved.models.length > 0 || call.callee.kind === 'construct') return true;
  if (resolved.declarations.length === 0) return true;
  const { resultType } = resolved;
  if (call.dests.length === 0) return false;
  if (resultType === null) return !scope.world.isTyped;
  // `Stream<String> lines()`: of a type that needs no release unless the call it comes from says so.
  return scope.world.mayNeedRelease(resultType) || scope.world.isExempt(resultType);
}

function must(effect: { readonly kind: 'release'; readonly slot: Slot; readonly resource?: ResourceKind }): Effect {
  return { ...effect, on: 'both', certainty: 'must' };
}

/** `x.close()`: what it is called on is released, whatever it is. */
function releasesByName(world: World, scope: Scope, call: CallInstruction): Effect[] {
  const { callee } = call;
  if (callee.kind === 'value') {
    return world.models.releasedBy('()').map((resource) => must({ kind: 'release', slot: { at: 'callee' }, resource }));
  }
  if ((callee.kind !== 'method' && callee.kind !== 'function') || call.receiver === null) return [];
  // A bare `close(in)` is a helper of ours; a bare `close()` releases this object.
  if (callee.kind === 'function' && call.args.length > 0) return [];
  const slot: Slot = { at: 'receiver' };
  if (call.args.length > 0 && world.models.conventions.poolReturns.test(callee.name)) {
    return call.args.map((_, index) => ({
      kind: 'transfer',
      from: { at: 'param', index },
      to: 'runtime',
      on: 'both',
      certainty: 'must',
    }));
  }
  if (world.models.conventions.releaseMethods.has(callee.name)) {
    const effects: Effect[] = [must({ kind: 'release', slot })];
    // `statics.close(in)` on a helper object, `pool.release(connection)`: the argument is meant as well. One given by name
    // says how: `window.close(save=edited)`.
    if (call.args.length === 0 || world.isCloseable(scope.typeOf(call.receiver) ?? '?') === true) return effects;
    const meant = call.args.flatMap(({ name }, index) => (name === null ? [index] : []));
    return [...effects, ...meant.map((index) => must({ kind: 'release', slot: { at: 'param', index } }))];
  }
  return world.models.releasedBy(callee.name).map((resource) => must({ kind: 'release', slot, resource }));
}

export interface BodyKnowledge {
  readonly effects: readonly Effect[];
  readonly acquisitions: readonly Acquisition[];
  readonly mayReturnFresh: boolean;
}

function bodyKnowledge(demand: Demand, scope: Scope, call: CallInstruction, resolved: ResolvedCall): BodyKnowledge {
  if (call.callee.kind === 'aggregate') {
    const effects = call.args.map((_, index): Effect => ({
      kind: 'transfer',
      from: { at: 'param', index },
      to: 'container',
      on: 'return',
      certainty: 'must',
    }));
    return { effects, acquisitions: [], mayReturnFresh: false };
  }
  if (call.callee.kind === 'delegate' && resolved.declarations.length === 0) return handedToSuperclass(call);
  if (resolved.models.length > 0) return modelKnowledge(demand, scope, call, resolved);
  if (call.callee.kind === 'construct') return constructKnowledge(demand, scope, call, resolved);
  if (resolved.declarations.length > 0) return declaredKnowledge(demand, call, resolved);
  const found = implementations(scope, call, resolved);
  const assumed = assumedKnowledge(demand, scope, call, resolved);
  if (found === null) demand.noteLimit('classes that implement a method');
  if (found === null || found.length === 0) return assumed;
  const literals = call.args.map((arg) => decidingLiteral(arg.value));
  return implementedKnowledge(call, {
    summaries: found.map((one) => demand.summary(one, literals)),
    assumed,
    mayMatter:
      found.some(({ declaration }) => speaksOfRelease(scope.world, declaration)) ||
      call.args.some(({ value }) => value.kind === 'place' && mayBeResource(scope, value.place)),
  });
}

function mayBeResource(scope: Scope, place: PlaceId): boolean {
  const type = scope.typeOf(place);
  return type === null || scope.world.mayNeedRelease(type);
}

/** `super(in)` of a superclass nobody knows: it keeps what it is given, also where it throws. */
function handedToSuperclass(call: CallInstruction): BodyKnowledge {
  const effects = call.args.map((_, index): Effect => ({
    kind: 'transfer',
    from: { at: 'param', index },
    to: 'field',
    on: 'both',
    certainty: 'may',
  }));
  return { effects, acquisitions: [], mayReturnFresh: false };
}

function decidingLiteral(operand: Operand): Value | null {
  if (operand.kind !== 'literal') return null;
  if (operand.literal.kind === 'null') return NULL;
  if (operand.literal.kind !== 'boolean') return null;
  return operand.literal.value ? TRUE : FALSE;
}

function declaredKnowledge(demand: Demand, call: CallInstruction, resolved: ResolvedCall): BodyKnowledge {
  const literals = call.args.map((arg) => decidingLiteral(arg.value));
  const summaries = resolved.declarations.map((found) => demand.summary(found, literals));
  const [first] = summaries;
  if (first === undefined) return { effects: [], acquisitions: [], mayReturnFresh: true };
  const isSure = summaries.length === 1;
  return {
    get effects() {
      // There may be several where overloads cannot be told apart.
      return isSure ? first.effects : commonEffects(summaries.map(({ effects }) => effects));
    },
    get acquisitions() {
      return isSure ? first.acquisitions : [];
    },
    get mayReturnFresh() {
      return first.mayReturnFresh;
    },
  };
}
