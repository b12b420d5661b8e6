/** What is assumed of a call whose callee nobody knows the body of, from its name, its types and where its result goes. */
import { GENERIC_RESOURCE, type Effect, type ResourceKind, type Slot } from '../../effects/effect.ts';
import { functionFacts } from '../../engine/function-facts.ts';
import type { CallInstruction, Operand } from '../../ir/ir.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase, isArray, simpleName } from '../../resolve/type-names.ts';
import type { World } from '../../resolve/world.ts';
import { argumentSlots, borrowAll, escapeAll, givesBack, releaseAll, transferAll } from './argument-effects.ts';
import type { BodyKnowledge } from './body-knowledge.ts';
import type { Acquisition } from './call-knowledge.ts';
import { calleeLabel, resourceOfType } from '../call-names.ts';
import { openedAsTold } from './opened-as-told.ts';
import { settlesPromise } from './settles-promise.ts';
import { successGuard } from './success-guard.ts';
import { isTakenApart } from './taken-apart.ts';
import { valueUses } from '../value-uses.ts';
import type { Demand } from '../demand.ts';
import { onlyMayAcquire } from './model-knowledge.ts';
import { placeName } from '../place-names.ts';
import { replacedInput, wrappedByName, wrappedOfItsType, wrapsExempt } from './wrapped-by-name.ts';

export function assumedKnowledge(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  resolved: ResolvedCall,
): BodyKnowledge {
  const { world } = scope;
  const { conventions } = world.models;
  const name = calleeLabel(call);
  const isPlatform = resolved.signature?.isPlatform === true;
  const effects = assumedOfArguments(scope, call, resolved);
  const fluent = fluentAlias(scope, call, resolved);
  if (fluent !== null) effects.push(fluent);
  const type = resolved.resultType ?? declaredResultType(scope, call);
  const wrapped = isPlatform ? null : (replacedInput(demand, scope, call) ?? wrappedOfItsType(scope, call, type));
  if (wrapped !== null) return around(wrapped);
  const acquisition = assumedAcquisition(demand, scope, call, resolved);
  return {
    effectsOn: () => effects,
    acquisitions: acquisition === null ? [] : [acquisition],
    mayReturnFresh:
      (!conventions.elementGetters.test(name) || isOpened(scope, call, resolved)) &&
      !isPropertyOf(scope, call, name) &&
      !wrapsExempt(scope, call, name) &&
      (!isPlatform || world.isCloseable(resolved.resultType ?? '?') === true),
  };
}

function assumedOfArguments(scope: Scope, call: CallInstruction, resolved: ResolvedCall): Effect[] {
  const { world } = scope;
  const { conventions } = world.models;
  const name = calleeLabel(call);
  const isPlatform = resolved.signature?.isPlatform === true;
  if (isLogged(scope, call)) return borrowAll(call);
  if (settlesPromise(scope, call)) return transferAll(call, { to: 'runtime', on: 'both', certainty: 'must' });
  if (conventions.poolReturns.test(name)) return transferAll(call, { to: 'runtime', on: 'both', certainty: 'may' });
  // `keys, rest, err := proton.Unlock(user, pass)`: what gives several values does more than release what it is given.
  if (conventions.releaseFunctions.test(name) && call.dests.length < 3) return releaseAll(call);
  if (conventions.containerMethods.test(name) && call.callee.kind === 'method')
    return transferAll(call, { to: 'container', on: 'return', certainty: 'may' });
  if (!isPlatform && conventions.wrapsByName?.test(name) === true && call.dests.length > 0)
    return argumentSlots(call).flatMap((slot) => wrappedByName(scope, call, resolved, slot));
  const isLent =
    (isPlatform && givesValue(world, resolved)) ||
    (conventions.borrowFunctions.test(name) && !mayGiveWrapper(scope, call, resolved));
  return isLent ? borrowAll(call) : escapeAll(call);
}

/** `log.add("closing %s", connection)`: whatever the method is called, the log keeps nothing but text. A handler it keeps. */
function isLogged({ fn, world }: Scope, { callee, receiver, args }: CallInstruction): boolean {
  const { logNames } = world.models.conventions;
  const message = args[0]?.value;
  if (logNames === null || message?.kind !== 'literal' || message.literal.kind !== 'string') return false;
  // A log of another module is the scope of a function: `from app.logs import log`.
  if (callee.kind === 'function' && callee.scope !== null) return logNames.test(simpleName(callee.scope));
  const name = callee.kind === 'method' && receiver !== null ? placeName(fn, receiver) : null;
  return name !== null && logNames.test(name);
}

/** `listener = track.NewListener(listener)`: what takes the place of something works on it. */
function around(from: Slot): BodyKnowledge {
  return { effectsOn: () => [givesBack(from)], acquisitions: [], mayReturnFresh: false };
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

/** `content, err := getter.Get(key)`, which gives a stream or fails: what is kept would not fail. */
function isOpened(scope: Scope, call: CallInstruction, resolved: ResolvedCall): boolean {
  const { openedTypes } = scope.world.models.conventions;
  const { resultType } = resolved;
  if (call.dests.length !== 2 || resultType === null || openedTypes?.test(erase(resultType)) !== true) return false;
  return successGuard(scope, call, resolved)?.is === 'null';
}

/** `f, err := fs.Open(path)`; of several values nobody knows which it is. */
function opensByName(scope: Scope, call: CallInstruction, name: string): boolean {
  return isNamedOpener(scope, call, name) && takesName(scope, call);
}

function isNamedOpener({ world }: Scope, { args, dests }: CallInstruction, name: string): boolean {
  return dests.length === 2 && world.models.conventions.opensByName?.test(`${name}/${args.length}`) === true;
}

/** `parquet.OpenFile(file, size)` reads what is open, and opens nothing; `OpenFileForWriting(fs, path)` is told a name. */
function takesName(scope: Scope, { args }: CallInstruction): boolean {
  const { fn, world } = scope;
  const [first, ...others] = args.map(({ value }) => value);
  if (first?.kind !== 'place') return true;
  const type = scope.typeOf(first.place);
  if (type === null) {
    const made = functionFacts(fn).makers.get(first.place);
    return made === undefined || !isNamedOpener(scope, made, calleeLabel(made));
  }
  const { valueTypes, textType } = world.models.conventions;
  const isText = (value: Operand): boolean =>
    value.kind === 'place' ? scope.typeOf(value.place) === textType : value.kind === 'literal';
  return valueTypes.test(erase(type)) || world.project.type(erase(type)) !== null || others.some(isText);
}

/** `group = config.group()`: a call without arguments named like what it is kept in hands out a property. `conn, err := db.Conn()` may fail, and opens. */
function isPropertyOf(scope: Scope, call: CallInstruction, name: string): boolean {
  const dest = call.dests[0];
  const place = dest === undefined ? undefined : scope.fn.places[dest];
  const isNamed = place?.kind === 'local' && place.name?.toLowerCase() === name.toLowerCase();
  return isNamed && call.args.length === 0 && call.dests.length === 1;
}

/** `writer.append(x)` returns the writer: same type in and out, so taken to be the same object. */
function fluentAlias(scope: Scope, call: CallInstruction, resolved: ResolvedCall): Effect | null {
  if (call.callee.kind !== 'method' || call.receiver === null) return null;
  const type = scope.typeOf(call.receiver);
  const result = declaredResultType(scope, call) ?? resolved.resultType;
  const isSame = type !== null && result !== null && scope.world.ancestors(type).includes(erase(result));
  const alias = { kind: 'alias', from: { at: 'receiver' }, into: { at: 'result', index: 0 }, on: 'return' } as const;
  if (isSame && resolved.resolution !== 'unknown') return { ...alias, certainty: 'must' };
  const { accessors, borrowFunctions } = scope.world.models.conventions;
  // `rows = await client.query(text)`, of which no type says what it is: what was asked for is no part of who was asked.
  const isAsked = !scope.world.isTyped && borrowFunctions.test(calleeLabel(call));
  const isAccessor = isAsked || accessors.test(calleeLabel(call));
  // `file, err := system.Open(path)`: what is opened and comes with an error is closed for itself.
  const opens =
    call.dests.length > 1 &&
    (scope.world.models.conventions.factories.test(calleeLabel(call)) || successGuard(scope, call, resolved) !== null);
  const isAlike = isSame || result === null || isReturnedAs(scope, call, result);
  const mayBeFluent = resolved.resolution === 'unknown' && !isAccessor && !opens && isAlike;
  return mayBeFluent ? { ...alias, certainty: 'may' } : null;
}

/** `return new Pages(query) { … }.open();`: what has no name and is made to be returned may be of the type that is returned. */
function isReturnedAs(scope: Scope, call: CallInstruction, result: string): boolean {
  const { fn, world } = scope;
  const place = call.receiver === null ? undefined : fn.places[call.receiver];
  if (call.receiver === null || place?.kind !== 'local' || place.name !== null) return false;
  if (!functionFacts(fn).returnedAtOnce.has(call) || world.isCloseable(result) === false) return false;
  return world.isSubtype(scope.typeOf(call.receiver) ?? '', result) === null;
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
function assumedAcquisition(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  resolved: ResolvedCall,
): Acquisition | null {
  const { world } = scope;
  const { conventions } = world.models;
  const name = calleeLabel(call);
  const declared = resolved.resultType ?? declaredResultType(scope, call);
  const type = declared === null ? null : world.awaited(declared);
  const isCloseable = type === null ? null : world.isCloseable(type);
  if (isCloseable === false) return null;
  const [dest] = call.dests;
  if (type !== null && isArray(type) && dest !== undefined && isTakenApart(scope.fn, dest)) return null;
  const told = type === null && resolved.resolution === 'unknown' ? openedAsTold(scope, call, name) : null;
  if (told !== null) return told;
  const isFactory =
    (conventions.factories.test(name) && !conventions.accessors.test(name)) || isOpened(scope, call, resolved);
  const opensStream = resolved.resolution === 'unknown' && getsStream(scope, call, name);
  const opens = resolved.resolution === 'unknown' && isCloseable === null && opensByName(scope, call, name);
  const isTyped = isCloseable === true || (type === null && isWrappedStream(scope, call));
  const isSurely = isTyped || (opensStream && type === null && conventions.surelyCloseable.test(name));
  if (!opens && !(isSurely && (opensStream || isFactory))) return null;
  const resource = type === null ? GENERIC_RESOURCE : resourceOfType(world, type);
  if (resource === null) return null;
  const isPresumed =
    world.models.presumedKinds.has(resource) ||
    (type !== null && resource === GENERIC_RESOURCE && isMerelyCloseable(demand, scope, type)) ||
    isAnswerToOwn(scope, call, resolved, resource);
  // `session.OpenPipe(name)`: nothing stays open in what is closed itself.
  const heldBy: readonly Slot[] = opens && call.callee.kind === 'method' ? [{ at: 'receiver' }] : [];
  const isOfInterface = resolved.signature?.isPlatform === false;
  return { slot: { at: 'result', index: 0 }, resource, type, heldBy, isPresumed, given: null, isOfInterface };
}

/** A getter on an object of unknown type opens a stream; one of our own object likely hands out a field. */
function getsStream(scope: Scope, call: CallInstruction, name: string): boolean {
  if (!scope.world.models.conventions.streamGetters.test(name)) return false;
  // `Resources.getStream(name)`; without a name of what to read, a class hands out the one it has.
  if (call.callee.kind === 'function') return call.callee.scope !== null && call.args.length > 0;
  if (call.callee.kind !== 'method' || (call.receiver !== null && call.receiver === scope.fn.receiver)) return false;
  return !ownsItsStreams(scope, call, name) && !isGeneratedGetter(scope, call, name);
}

/** `new Scanner(request.getResponseStream())`: of no declared type, but wrapped in what wraps streams. */
function isWrappedStream(scope: Scope, { dests: [dest] }: CallInstruction): boolean {
  if (dest === undefined) return false;
  return valueUses(scope.fn)
    .takers(dest)
    .some((taker) => {
      const type = taker.callee.kind === 'construct' ? scope.resolved(taker).ownerType : null;
      const wraps = type === null ? null : (scope.world.models.type(type)?.wraps ?? null);
      const value = wraps === null ? undefined : taker.args[wraps]?.value;
      return value?.kind === 'place' && value.place === dest;
    });
}

/**
 * `next.RoundTrip(request)` of an interface of the project, with a request of its own: whoever answers that makes the
 * response by hand, and its body may hold nothing.
 */
function isAnswerToOwn(scope: Scope, call: CallInstruction, resolved: ResolvedCall, resource: ResourceKind): boolean {
  const { world } = scope;
  if (resolved.signature === null || resolved.signature.isPlatform) return false;
  if (world.models.resource(resource).through.length === 0) return false;
  const types = call.args.flatMap(({ value }) => (value.kind === 'place' ? (scope.typeOf(value.place) ?? []) : []));
  return types.some((type) => world.project.type(erase(type)) !== null);
}

/** `socket.getOutputStream()`, of a socket nobody knows. */
function ownsItsStreams(scope: Scope, call: CallInstruction, name: string): boolean {
  const type = scope.receiverType(call);
  const { ownersOfStreams } = scope.world.models.conventions;
  return type !== null && ownersOfStreams?.test(`${simpleName(erase(type))}#${name}`) === true;
}

/** `@Getter class Request { private InputStream inputStream; }`: no body says so, but `getInputStream()` hands out the field. */
function isGeneratedGetter(scope: Scope, call: CallInstruction, name: string): boolean {
  const type = scope.receiverType(call);
  const fields = type === null ? undefined : scope.world.project.type(erase(type))?.shape.fields;
  const asked = name.toLowerCase();
  return fields?.some((field) => asked.endsWith(field.name.toLowerCase())) === true;
}

/** A type of the scan with a `close()`, of which nobody says that it holds anything: a model, a sink, a job. */
function isMerelyCloseable(demand: Demand, { world }: Scope, type: string): boolean {
  const declared = world.project.type(erase(type));
  if (declared === null || demand.classes.ownsResources(declared) || demand.classes.holdsResource(declared))
    return false;
  // `class Download extends FilterInputStream`, and not `class Plugins extends URLClassLoader`
  const { closeableTypes } = world.models.conventions;
  return !world
    .ancestors(type)
    .some(
      (one) =>
        world.project.type(one) === null &&
        !closeableTypes.includes(one) &&
        world.isCloseable(one) === true &&
        !onlyMayHold(world, one),
    );
}

/** What its constructors acquire need not be released. */
function onlyMayHold({ models }: World, type: string): boolean {
  return onlyMayAcquire(models.calls(type, '<init>').flatMap(({ summary }) => summary.effects));
}
