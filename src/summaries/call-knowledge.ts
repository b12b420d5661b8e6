/**
 * Puts together what is known of one call, best source first: models, functions of the scan, the
 * platform's signatures, and at last the conventions by which names are read.
 */
import type { Effect, Resolution, ResourceKind, Slot } from '../effects/effect.ts';
import type { CallFacts } from '../engine/context.ts';
import { functionFacts } from '../engine/function-facts.ts';
import { FALSE, NULL, TRUE, type Value } from '../engine/value.ts';
import type { CallInstruction, Operand, PlaceId, ThrowTier, TypeHint } from '../ir/ir.ts';
import type { ResolvedCall } from '../resolve/resolve-call.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase } from '../resolve/type-names.ts';
import type { World } from '../resolve/world.ts';
import { constructKnowledge } from './construct-knowledge.ts';
import { calleeLabel, GENERIC_RESOURCE, resourceOfType, slotPlace, speaksOfRelease } from './call-names.ts';
import type { Demand } from './demand.ts';
import { stateTest } from './state-tests.ts';
import { successGuard } from './success-guard.ts';
import { throwsOf, type Throws } from './throws.ts';
import { openedAsTold } from './opened-as-told.ts';
import { valueUses } from './value-uses.ts';
import { replacedArgument, wrappedByName, wrapsExempt } from './wrapped-by-name.ts';

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

/** `session.Open()` that fails has opened nothing, whatever made the session. */
function notOpened(scope: Scope, call: CallInstruction): readonly Effect[] {
  const { openMethods, errorResult } = scope.world.models.conventions;
  const index = call.dests.length - 1;
  const dest = call.dests[index];
  if (call.callee.kind !== 'method' || dest === undefined || openMethods?.test(call.callee.name) !== true) return [];
  if (errorResult?.test(scope.typeOf(dest) ?? '') !== true) return [];
  const given = { slot: { at: 'result', index }, is: 'set' } as const;
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

export function must(effect: {
  readonly kind: 'release';
  readonly slot: Slot;
  readonly resource?: ResourceKind;
}): Effect {
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
    // `statics.close(in)` on a helper object, `pool.release(connection)`: the argument is meant as well.
    if (call.args.length > 0 && world.isCloseable(scope.typeOf(call.receiver) ?? '?') !== true) {
      effects.push(must({ kind: 'release', slot: { at: 'params', index: 0 } }));
    }
    return effects;
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
  if (resolved.models.length > 0) return withClosureResult(demand, scope, call, modelKnowledge(scope, call, resolved));
  if (call.callee.kind === 'construct') return constructKnowledge(demand, scope, call, resolved);
  if (resolved.declarations.length > 0) return declaredKnowledge(demand, call, resolved);
  return assumedKnowledge(scope, call, resolved);
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

function modelKnowledge(scope: Scope, call: CallInstruction, resolved: ResolvedCall): BodyKnowledge {
  const effects: Effect[] = [];
  const acquisitions: Acquisition[] = [];
  for (const effect of resolved.models[0]?.summary.effects ?? []) {
    if (effect.kind === 'drain') effects.push(...drained(scope, call, effect, resolved));
    else if (effect.kind !== 'acquire') effects.push(effect);
    if (effect.kind !== 'acquire') continue;
    if (isExcluded(call, effect)) continue;
    const { slot } = effect;
    const at = slot.at === 'receiver' && call.receiver !== null ? scope.typeOf(call.receiver) : resolved.resultType;
    acquisitions.push({
      slot,
      resource: effect.resource,
      type: at ?? resolved.ownerType,
      heldBy: effect.heldBy ?? null,
      isPresumed: effect.certainty === 'may',
      // What an argument decides is decided.
      given: effect.given?.slot.at === 'param' ? null : (effect.given ?? null),
      isByName: (resolved.models[0]?.receiverNamed ?? null) !== null,
    });
  }
  return { effects, acquisitions, mayReturnFresh: false };
}

/** What is as old as the process is no end to wait for. */
function drained(
  scope: Scope,
  call: CallInstruction,
  effect: Extract<Effect, { kind: 'drain' }>,
  resolved: ResolvedCall,
): readonly Effect[] {
  const own = slotPlace(call, effect.slot);
  const slots = (resolved.models[0]?.summary.effects ?? []).flatMap((one) => (one.kind === 'drain' ? [one.slot] : []));
  const mayFail = slots.some((slot) => {
    const other = slotPlace(call, slot);
    return other !== null && other !== own && scope.fn.places[other]?.kind !== 'global';
  });
  return mayFail ? [effect] : [{ ...effect, kind: 'release' }];
}

/** `doPrivileged(() -> open(p))`: what the closure acquires and returns is the call's result. */
function withClosureResult(demand: Demand, scope: Scope, call: CallInstruction, known: BodyKnowledge): BodyKnowledge {
  if (known.acquisitions.length > 0 || call.dests.length === 0) return known;
  for (const effect of known.effects) {
    if (effect.kind !== 'invoke' || effect.when === 'later' || !returnsItsResult(known.effects, effect.slot)) continue;
    const place = slotPlace(call, effect.slot);
    const closure = place === null ? undefined : functionFacts(scope.fn).closures.get(place);
    for (const member of closure?.members ?? []) {
      const acquisitions = demand.closureAcquisitions(scope, member.fn);
      if (acquisitions.length > 0) return { ...known, acquisitions };
    }
  }
  return known;
}

/** A model says so by aliasing the closure's slot to the result. */
function returnsItsResult(effects: readonly Effect[], slot: Slot): boolean {
  return effects.some(
    (effect) =>
      effect.kind === 'alias' &&
      effect.into.at === 'result' &&
      effect.from.at === 'param' &&
      slot.at === 'param' &&
      effect.from.index === slot.index,
  );
}

/** `setAutoCommit(true)` does not begin a transaction: a literal argument decides the guard. What is no literal is set. */
function isExcluded(call: CallInstruction, effect: Effect): boolean {
  const { given } = effect;
  if (given?.slot.at !== 'param') return false;
  const value = call.args[given.slot.index]?.value;
  if (value?.kind !== 'literal') return given.is !== 'set';
  if (value.literal.kind === 'boolean') return value.literal.value !== (given.is === 'true');
  return (value.literal.kind === 'null') !== (given.is === 'null');
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
      if (isSure) return first.effects;
      // Overloads that cannot be told apart: what one of them does may happen.
      return summaries.flatMap((summary) => summary.effects.map((effect): Effect => ({ ...effect, certainty: 'may' })));
    },
    get acquisitions() {
      return isSure ? first.acquisitions : [];
    },
    get mayReturnFresh() {
      return first.mayReturnFresh;
    },
  };
}

/** Nobody knows the body. */
function assumedKnowledge(scope: Scope, call: CallInstruction, resolved: ResolvedCall): BodyKnowledge {
  const { world } = scope;
  const { conventions } = world.models;
  const name = calleeLabel(call);
  const effects: Effect[] = [];
  const isPlatform = resolved.signature?.isPlatform === true;
  const each = (make: (slot: Slot) => Effect): void => {
    call.args.forEach((_, index) => effects.push(make({ at: 'param', index })));
  };
  if (conventions.poolReturns.test(name)) {
    each((from) => ({ kind: 'transfer', from, to: 'runtime', on: 'both', certainty: 'may' }));
  } else if (conventions.releaseFunctions.test(name)) {
    each((slot) => ({ kind: 'release', slot, on: 'both', certainty: 'may' }));
  } else if (conventions.containerMethods.test(name) && call.callee.kind === 'method') {
    each((from) => ({ kind: 'transfer', from, to: 'container', on: 'return', certainty: 'may' }));
  } else if (!isPlatform && conventions.wrapsByName?.test(name) === true && call.dests.length > 0) {
    call.args.forEach((_, index) => effects.push(...wrappedByName(scope, call, resolved, { at: 'param', index })));
  } else if (
    (isPlatform && givesValue(world, resolved)) ||
    (conventions.borrowFunctions.test(name) && !mayGiveWrapper(scope, call, resolved))
  ) {
    each((slot) => ({ kind: 'borrow', slot, on: 'both', certainty: 'may' }));
  } else {
    each((slot) => ({ kind: 'escape', slot, on: 'both', certainty: 'may' }));
  }
  const fluent = fluentAlias(scope, call, resolved);
  if (fluent !== null) effects.push(fluent);
  const replaced = isPlatform ? null : replacedArgument(scope, call);
  if (replaced !== null) return aroundArgument(replaced);
  const acquisition = assumedAcquisition(scope, call, resolved);
  return {
    effects,
    acquisitions: acquisition === null ? [] : [acquisition],
    mayReturnFresh:
      !conventions.elementGetters.test(name) &&
      !isPropertyOf(scope, call, name) &&
      !wrapsExempt(scope, call, name) &&
      (!isPlatform || world.isCloseable(resolved.resultType ?? '?') === true),
  };
}

/** `listener = track.NewListener(listener)`: what takes the place of something works on it. */
function aroundArgument(index: number): BodyKnowledge {
  const effect: Effect = {
    kind: 'alias',
    from: { at: 'param', index },
    into: { at: 'result', index: 0 },
    on: 'return',
    certainty: 'must',
  };
  return { effects: [effect], acquisitions: [], mayReturnFresh: false };
}

/** Without declared parameters what gives back an object may keep in it what it was given; a number or a text cannot. */
function givesValue(world: World, { resultType }: ResolvedCall): boolean {
  return world.isTyped || (resultType !== null && world.models.conventions.valueTypes.test(erase(resultType)));
}

/** `Reader decoded = Bom.reader(in)`: what is to be released in turn may work on what it was given. */
function mayGiveWrapper(scope: Scope, call: CallInstruction, resolved: ResolvedCall): boolean {
  const type = resolved.resultType ?? declaredResultType(scope, call);
  return type !== null && scope.world.isCloseable(type) === true;
}

/** `f, err := fs.Open(path)` */
function opensByName(scope: Scope, call: CallInstruction, name: string): boolean {
  const { opensByName: names } = scope.world.models.conventions;
  return call.dests.length > 1 && names?.test(`${name}/${call.args.length}`) === true;
}

/** `group = config.group()`: a call without arguments named like what it is kept in hands out a property. */
function isPropertyOf(scope: Scope, call: CallInstruction, name: string): boolean {
  const dest = call.dests[0];
  const place = dest === undefined ? undefined : scope.fn.places[dest];
  return call.args.length === 0 && place?.kind === 'local' && place.name?.toLowerCase() === name.toLowerCase();
}

/** `writer.append(x)` returns the writer: same type in and out, so taken to be the same object. */
function fluentAlias(scope: Scope, call: CallInstruction, resolved: ResolvedCall): Effect | null {
  if (call.callee.kind !== 'method' || call.receiver === null) return null;
  const type = scope.typeOf(call.receiver);
  const result = declaredResultType(scope, call) ?? resolved.resultType;
  const isSame = type !== null && result !== null && scope.world.ancestors(type).includes(erase(result));
  if (isSame && resolved.resolution !== 'unknown') {
    return {
      kind: 'alias',
      from: { at: 'receiver' },
      into: { at: 'result', index: 0 },
      on: 'return',
      certainty: 'must',
    };
  }
  const isAccessor = scope.world.models.conventions.accessors.test(calleeLabel(call));
  if (resolved.resolution === 'unknown' && !isAccessor && (isSame || result === null)) {
    return {
      kind: 'alias',
      from: { at: 'receiver' },
      into: { at: 'result', index: 0 },
      on: 'return',
      certainty: 'may',
    };
  }
  return null;
}

/** The type of the variable the result goes to, through one copy. */
export function declaredResultType(scope: Scope, call: CallInstruction): string | null {
  const dest = call.dests[0];
  if (dest === undefined) return null;
  for (const copy of valueUses(scope.fn).copies(dest)) {
    const type = scope.typeOf(copy);
    if (type !== null) return type;
  }
  return scope.typeOf(dest);
}

/** `InputStream in = source.openStream()`: a factory by name whose result is known to need a release. */
function assumedAcquisition(scope: Scope, call: CallInstruction, resolved: ResolvedCall): Acquisition | null {
  const { world } = scope;
  const { conventions } = world.models;
  const name = calleeLabel(call);
  const type = resolved.resultType ?? declaredResultType(scope, call);
  const isCloseable = type === null ? null : world.isCloseable(type);
  if (isCloseable === false) return null;
  const told = type === null && resolved.resolution === 'unknown' ? openedAsTold(scope, call, name) : null;
  if (told !== null) return told;
  const isFactory = conventions.factories.test(name) && !conventions.accessors.test(name);
  // A getter on an object of unknown type opens a stream; one of our own object likely hands out a field.
  const isOfThis = call.receiver !== null && call.receiver === scope.fn.receiver;
  const opensStream =
    call.callee.kind === 'method' &&
    !isOfThis &&
    resolved.resolution === 'unknown' &&
    conventions.streamGetters.test(name);
  const opens = resolved.resolution === 'unknown' && isCloseable === null && opensByName(scope, call, name);
  if (!opens && !opensStream && !(isFactory && isCloseable === true)) return null;
  if (!opens && isCloseable !== true && !(type === null && conventions.surelyCloseable.test(name))) return null;
  const resource = type === null ? GENERIC_RESOURCE : resourceOfType(world, type);
  if (resource === null) return null;
  return { slot: { at: 'result', index: 0 }, resource, type, heldBy: null, isPresumed: false, given: null };
}
