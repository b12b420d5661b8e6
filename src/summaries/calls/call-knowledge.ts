/** Puts together what is known of one call: what it is called, what it runs, how it fails; each part when it is asked for. */
import { GENERIC_RESOURCE, type Effect, type Resolution, type ResourceKind, type Slot } from '../../effects/effect.ts';
import { allInputs, inputsWith, type Inputs } from '../../effects/inputs.ts';
import type { CallFacts } from '../../engine/context.ts';
import { functionFacts } from '../../engine/function-facts.ts';
import type { CallInstruction, PlaceId, ThrowTier, TypeHint } from '../../ir/ir.ts';
import type { FoundDeclaration } from '../../project/project.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { Scope } from '../../resolve/scope.ts';
import { bodyKnowledge, type BodyKnowledge } from './body-knowledge.ts';
import { calleeLabel, isOwnCall, resourceOfType, speaksOfRelease } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import type { Ending } from '../functions/ending.ts';
import { mapsErrors } from '../functions/error-for-error.ts';
import { asksOfError } from '../functions/false-for-null.ts';
import type { Carrier } from '../obligations/literal-parts.ts';
import { mayYieldResource, namesYield } from './may-yield.ts';
import { rejectionOf } from '../functions/rejections.ts';
import { knownByParameter } from './named-arguments.ts';
import { notOpened, releasedByName, endedOtherwise } from './released-by-name.ts';
import { stateTest } from './state-tests.ts';
import { successGuard } from './success-guard.ts';
import { throwsOf, type Throws } from '../functions/throws.ts';

export interface Acquisition {
  readonly slot: Slot;
  readonly resource: ResourceKind;
  /** Qualified where it can be. */
  readonly type: string | null;
  readonly heldBy: readonly Slot[];
  /** As rules say of contexts: what it is a part of, and what others are then parts of. */
  readonly within?: Slot;
  readonly makes?: Slot;
  /** Only presumed to need a release. */
  readonly isPresumed: boolean;
  readonly given: Effect['given'] | null;
  /** Returned alone by a function that elsewhere returns several values: a call that takes several did not get it. */
  readonly isAlone?: boolean;
  /** Of a method without a body in the project: nobody says what its implementations do. */
  readonly isOfInterface?: boolean;
  /** Known by the name of what was called alone: it counts where it is given a name in turn. */
  readonly isByName?: boolean;
  readonly carrier?: Carrier;
}

export interface CallKnowledge extends CallFacts {
  /** All that it does to any of its inputs. */
  readonly effects: readonly Effect[];
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
  #byItselfKnown: readonly Effect[] | null = null;
  readonly #effects = new Map<Inputs, readonly Effect[]>();
  #throws: Throws | null = null;
  #rejects: ThrowTier | null = null;

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
    const byName = releasedByName(this.#scope, this.#call).filter((one) => this.#mayBeOf(one));
    this.#releases = byName.length > 0 && this.#isSaidByRule() ? [] : byName;
    return this.#releases;
  }

  /** What is known to be of one kind is not released by what releases another: `child.on()` reads no response. */
  #mayBeOf(effect: Effect): boolean {
    if (effect.kind !== 'release' || effect.resource === undefined || this.#call.receiver === null) return true;
    const type = this.#scope.typeOf(this.#call.receiver);
    const kind = type === null ? GENERIC_RESOURCE : resourceOfType(this.#scope.world, type);
    return kind === null || kind === GENERIC_RESOURCE || kind === effect.resource;
  }

  /** A rule may say that a method called like a release is none, `with connection` commits, or of what: a connection given back has its transaction still. */
  #isSaidByRule(): boolean {
    if (!this.#scope.world.models.knowsMember(this.label)) return false;
    const effects = this.#resolved.models[0]?.summary.effects ?? [];
    return effects.some(
      (effect) =>
        (effect.kind === 'borrow' || (effect.kind === 'release' && effect.resource !== undefined)) &&
        effect.slot.at === 'receiver',
    );
  }

  get effects(): readonly Effect[] {
    return this.effectsOn(allInputs);
  }

  effectsOn(inputs: Inputs): readonly Effect[] {
    let effects = this.#effects.get(inputs);
    if (effects === undefined) {
      effects = [...this.#byItself, ...this.#known().effectsOn(inputs)];
      this.#effects.set(inputs, effects);
    }
    return effects;
  }

  /** What it does going by how it is called, whatever it runs. */
  get #byItself(): readonly Effect[] {
    return (this.#byItselfKnown ??= [
      ...this.#released(),
      ...this.#ended,
      ...this.#stateTest,
      ...notOpened(this.#scope, this.#call),
      ...endedOtherwise(this.#scope, this.#call),
    ]);
  }

  get isRead(): boolean {
    const { models, declarations } = this.#resolved;
    const [first] = declarations;
    return models.length === 0 && declarations.length === 1 && first?.declaration.hasBody === true;
  }

  onlyUses(argument: PlaceId): boolean {
    if (this.#resolved.models.length === 0) return false;
    const effects = this.effectsOn(inputsWith(this.#call, (place) => place === argument));
    const isHarmless = ({ kind }: Effect): boolean => kind === 'borrow' || kind === 'throws' || kind === 'acquire';
    return effects.some(({ kind }) => kind === 'borrow') && effects.every(isHarmless);
  }

  get neverFails(): boolean {
    return this.#scope.world.models.succeedsMember(this.label) && this.#resolved.models[0]?.succeeds === true;
  }

  isFalseForNull(argument: number): boolean {
    if (asksOfError(this.#scope, this.#call)) return argument === 0;
    const { callee } = this.#call;
    if (callee.kind === 'value') {
      const closure = this.#isByPosition ? functionFacts(this.#scope.fn).closures.get(callee.place) : undefined;
      return closure !== undefined && this.#demand.closureIsFalseForNull(this.#scope, closure, argument);
    }
    const only = this.#only;
    return only !== null && this.#demand.isFalseForNull(only, argument);
  }

  isErrorForError(argument: number): boolean {
    const only = this.#only;
    return (
      only !== null &&
      mapsErrors(this.#scope.world, only.declaration, argument) &&
      this.#demand.isErrorForError(only, argument)
    );
  }

  /** What is spread or named may be any parameter. */
  get #isByPosition(): boolean {
    return this.#call.args.every(({ name, isSpread }) => name === null && !isSpread);
  }

  /** The function of the scan that is called, and given its arguments by position alone. */
  get #only(): FoundDeclaration | null {
    const { models, declarations } = this.#resolved;
    const [only, ...others] = declarations;
    if (only === undefined || others.length > 0 || models.length > 0 || !only.declaration.hasBody) return null;
    return this.#isByPosition ? only : null;
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
    return this.isRelease && !isQuiet && !this.#isOwnStep ? 'possible' : this.#announced().tier;
  }

  /** `finish(); out.close();`: a step of this object whose body is known is no end of it for being called like one of others. */
  get #isOwnStep(): boolean {
    const isOfKinds = this.#released().every((one) => one.kind === 'release' && one.resource !== undefined);
    return isOfKinds && isOwnCall(this.#scope, this.#call) && this.#resolved.declarations.length > 0;
  }

  /** null is asked again: it is the answer while a function is being looked at as well. */
  get rejects(): ThrowTier | null {
    this.#rejects ??= rejectionOf(this.#demand, this.#scope, this.#call, this.#resolved);
    return this.#rejects ?? (this.#isEndOfOther ? 'possible' : null);
  }

  /** `await consumer.stop(); producer.close();`: that the end of something else is rejected is as rare as that it throws. */
  get #isEndOfOther(): boolean {
    const { poolReturns, releaseFunctions } = this.#scope.world.models.conventions;
    return (releaseFunctions.test(this.label) || poolReturns.test(this.label)) && !this.#isOwnStep;
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
    return (this.#body ??= knownByParameter(this.#call, this.#resolved, (call) =>
      bodyKnowledge(this.#demand, this.#scope, call, this.#resolved),
    ));
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
    else this.#throws = throwsOf(this.#demand, this.#scope, this.#call, this.#resolved);
    return this.#throws;
  }
}

/** `Exit.exit(1)` */
function exitsByName({ world }: Scope, { callee }: CallInstruction): boolean {
  if (callee.kind !== 'function' || callee.scope === null) return false;
  return world.models.conventions.processExits.test(`${callee.scope}.${callee.name}`);
}
