/** What `new T(…)` does: acquires, wraps an argument, or neither. */
import { GENERIC_RESOURCE, type Effect, type ResourceKind } from '../../effects/effect.ts';
import { isReceiver } from '../../engine/receiver.ts';
import { argumentInput } from '../../effects/inputs.ts';
import type { CallInstruction, Operand } from '../../ir/ir.ts';
import type { FoundType } from '../../project/project.ts';
import { pickModels } from '../../resolve/overloads.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase, simpleName } from '../../resolve/type-names.ts';
import { borrowAll, escapeAll, givesBack, transferAll } from './argument-effects.ts';
import { resourceOfType } from '../call-names.ts';
import type { BodyKnowledge } from './body-knowledge.ts';
import type { Acquisition } from './call-knowledge.ts';
import type { Demand } from '../demand.ts';
import { keepsFromRelease } from '../classes/kept-from-release.ts';
import { isOneOfAKind } from '../classes/one-of-a-kind.ts';
import { isEndedByOption } from './ended-by-option.ts';
import { onlyMayAcquire } from './model-knowledge.ts';
import { replacedInput } from './wrapped-by-name.ts';

export function constructKnowledge(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  resolved: ResolvedCall,
): BodyKnowledge {
  const { world } = scope;
  const type = resolved.ownerType;
  if (type === null) return nothing;
  const declared = world.project.type(type);
  if (declared !== null && isOneOfAKind(world, type)) return byConstructor(demand, call, declared, resolved, () => []);
  // Fields are set and no code runs: it opens nothing, unless a rule for the constructor says so.
  if (world.models.conventions.constructsByFields && world.models.type(type)?.exempt == null)
    return { ...nothing, effectsOn: () => keepAll(demand, call) };
  for (const ancestor of world.ancestors(type)) {
    const model = world.models.type(ancestor);
    if (model === null) continue;
    if (model.exempt !== null) return { ...nothing, effectsOn: () => borrowAll(call) };
    if (declared !== null && (!demand.classes.hasDuty(declared) || keepsFromRelease(world, declared, model)))
      return byConstructor(demand, call, declared, resolved, () => []);
    const wrapped = model.wraps === null ? null : wrappedArgument(scope, call, declared === null ? model.wraps : null);
    if (wrapped !== null) return { ...nothing, effectsOn: wrapping(demand, declared, resolved, wrapped) };
    if (model.wraps !== null && world.isMereCarrier(type)) return { ...nothing, effectsOn: () => borrowAll(call) };
    if (model.resource !== null) {
      // `new TimedStatement(statement)`: a class of the scan that is given one of its kind passes on to it.
      const inner = declared === null ? -1 : call.args.findIndex(({ value }) => isOfKind(scope, value, model.resource));
      if (inner >= 0) return { ...nothing, effectsOn: () => [alias(inner)] };
      if (model.wraps !== null && demand.classes.isMadeInMemory(resolved))
        return { ...nothing, effectsOn: () => borrowAll(call) };
      if (declared !== null && demand.classes.isExemptBySuper(resolved))
        return byConstructor(demand, call, declared, resolved, () => []);
      // `ZipFile(self)` reads this object, and opens nothing.
      if (!world.isTyped && isGivenSelf(scope, call, 0)) return { ...nothing, effectsOn: () => borrowAll(call) };
      // What a library's unknown subclass does is a guess; a class of the scan was looked at.
      const isPresumed = ancestor !== type && (declared === null || superclassOnlyMayAcquire(scope, call, ancestor));
      return {
        ...nothing,
        // A class of the scan may keep what else it is given.
        effectsOn: (inputs) =>
          (declared === null ? null : demand.classes.constructorEffects(declared, resolved, inputs)) ?? borrowAll(call),
        acquisitions: [acquisition(model.resource, type, isPresumed)],
      };
    }
  }
  if (declared !== null) {
    const owned = acquisition(GENERIC_RESOURCE, type, demand.classes.endsWithIteration(declared));
    return byConstructor(demand, call, declared, resolved, () =>
      demand.classes.ownsAfter(declared, resolved) ? [owned] : [],
    );
  }
  const isCloseable = world.isCloseable(type);
  if (isCloseable === false)
    return { ...nothing, effectsOn: () => (world.isTyped ? borrowAll(call) : escapeAll(call)) };
  if (isCloseable === true && holdsNothingItself(demand, scope, call))
    return { ...nothing, effectsOn: () => escapeAll(call) };
  if (isCloseable === true || world.isPresumedCloseable(type)) {
    const isSure = world.models.conventions.surelyCloseable.test(simpleName(type));
    const wrapped = wrappedArgument(scope, call, null);
    // `new PooledConnection(this)`: what is surely something by itself knows its maker, and does not wrap it.
    const isMaker = wrapped !== null && isSure && isGivenSelf(scope, call, wrapped);
    if (wrapped !== null && !isMaker) return { ...nothing, effectsOn: () => [alias(wrapped)] };
    const isPresumed = isCloseable === null && !isSure;
    if (isPresumed && isEndedByOption(scope, call))
      return { effectsOn: () => escapeAll(call), acquisitions: [], mayReturnFresh: false };
    return {
      effectsOn: () => escapeAll(call),
      acquisitions: [acquisition(GENERIC_RESOURCE, type, isPresumed)],
      mayReturnFresh: true,
    };
  }
  // `transport = new Secured(name, transport)`: what takes the place of something works on it.
  const replaced = replacedInput(demand, scope, call);
  if (replaced !== null) return { ...nothing, effectsOn: () => [givesBack(replaced)] };
  return { effectsOn: () => escapeAll(call), acquisitions: [], mayReturnFresh: !isMadeOfMemory(scope, call) };
}

/** `new MessageInput(new ByteArrayInputStream(data), 16)`, of a type nobody knows: all that it works on is in memory. */
function isMadeOfMemory(scope: Scope, { args: [first, ...others] }: CallInstruction): boolean {
  const typeOf = (value: Operand): string | null => (value.kind === 'place' ? scope.typeOf(value.place) : null);
  const worksOn = first === undefined ? null : typeOf(first.value);
  if (worksOn === null || !scope.world.isInMemory(worksOn)) return false;
  return others.every(({ value }) => {
    const type = typeOf(value);
    return value.kind === 'literal' || (type !== null && !scope.world.mayNeedRelease(type));
  });
}

/** `new InputStream() { … }`: an anonymous class that opens nothing to begin with; what it works on is what it captures. */
function holdsNothingItself(demand: Demand, scope: Scope, { dests }: CallInstruction): boolean {
  const members = demand.closuresOf(scope).filter(({ closure: { base } }) => base !== null && dests.includes(base));
  return members.length > 0 && members.every(({ inner }) => inner.fn.isInitializer !== true || callsNothing(inner));
}

function callsNothing({ fn }: Scope): boolean {
  return fn.blocks.every(({ instructions }) => instructions.every(({ op }) => op !== 'call'));
}

/** `class Command(Popen)`: given what it is given, its superclass would only maybe have to be released. */
function superclassOnlyMayAcquire(scope: Scope, call: CallInstruction, superclass: string): boolean {
  const [rule] = pickModels(scope, scope.world.models.calls(superclass, '<init>'), call);
  return onlyMayAcquire(rule?.summary.effects ?? []);
}

function isOfKind(scope: Scope, value: Operand, kind: ResourceKind | null): boolean {
  const type = value.kind === 'place' ? scope.typeOf(value.place) : null;
  return type !== null && resourceOfType(scope.world, type) === kind;
}

function isGivenSelf({ fn }: Scope, call: CallInstruction, index: number): boolean {
  const value = call.args[index]?.value;
  return value?.kind === 'place' && isReceiver(fn, value.place);
}

/** What the constructor does to its arguments is computed only if one of them matters. */
function byConstructor(
  demand: Demand,
  call: CallInstruction,
  type: FoundType,
  resolved: ResolvedCall,
  acquisitions: () => readonly Acquisition[],
): BodyKnowledge {
  return {
    effectsOn: (inputs) =>
      demand.classes.constructorEffects(type, resolved, inputs) ?? storeAll(demand, call, resolved),
    // Asked each time: who asks while it is being found out gets no for an answer, and that must not last.
    get acquisitions() {
      return acquisitions();
    },
    // Where nothing is opened by constructing, a function that fills one in may have opened what it holds.
    mayReturnFresh: demand.world.models.conventions.constructsByFields && demand.classes.hasDuty(type),
  };
}

const nothing: BodyKnowledge = { effectsOn: () => [], acquisitions: [], mayReturnFresh: false };

/** The argument a wrapper wraps: the one the model names, else the first that needs a release itself. */
function wrappedArgument(scope: Scope, call: CallInstruction, index: number | null): number | null {
  const candidates = index === null ? call.args.keys() : [index];
  for (const candidate of candidates) {
    const value = call.args[candidate]?.value;
    if (value?.kind !== 'place') continue;
    const type = scope.typeOf(value.place);
    if (type !== null && index !== null && scope.world.mayBeWrapped(type)) return candidate;
    if (type === null ? index !== null : scope.world.isCloseable(type) === true || isUnknownStream(scope, type))
      return candidate;
    // `class Keys extends InputStreamReader` that says nothing of resources: no name or path is of a class of the scan.
    if (type !== null && index !== null && scope.world.project.type(erase(type)) !== null) return candidate;
    // In-memory streams need no release, and neither does what wraps them.
    if (type !== null && (index !== null ? scope.world.isExempt(type) : scope.world.isInMemory(type))) return candidate;
  }
  return null;
}

function isUnknownStream(scope: Scope, type: string): boolean {
  return scope.world.isCloseable(type) === null && scope.world.isPresumedCloseable(type);
}

/** A class of the scan does with what else it is given as its constructor says: `class Decoded extends FilterInputStream`. */
function wrapping(
  demand: Demand,
  declared: FoundType | null,
  resolved: ResolvedCall,
  wrapped: number,
): BodyKnowledge['effectsOn'] {
  if (declared === null) return () => [alias(wrapped)];
  return (inputs) => [
    alias(wrapped),
    ...(demand.classes.constructorEffects(declared, resolved, inputs & ~argumentInput(wrapped)) ?? []),
  ];
}

function alias(index: number): Effect {
  return givesBack({ at: 'param', index });
}

function acquisition(resource: string, type: string, isPresumed: boolean): Acquisition {
  return { slot: { at: 'result', index: 0 }, resource, type, heldBy: [], isPresumed, given: null };
}

/** A literal that sets fields is a handle for what is in them; what a constructor nobody knows does cannot be told. */
function keepAll({ world }: Demand, call: CallInstruction): Effect[] {
  if (!world.models.conventions.constructsByFields) return escapeAll(call);
  return call.args.map((_, index) => ({ ...alias(index), certainty: 'may' }));
}

/** Nobody wrote a constructor, so it is one that only sets fields: a record, a data class. */
function storeAll(demand: Demand, call: CallInstruction, { declarations }: ResolvedCall): Effect[] {
  if (declarations.length > 0 || demand.world.models.conventions.constructsByFields) return keepAll(demand, call);
  return transferAll(call, { to: 'field', on: 'return', certainty: 'may' });
}
