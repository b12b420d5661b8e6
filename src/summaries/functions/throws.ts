/** How surely a call throws, and what, from the best source there is. */
import type { CallInstruction, ThrowTier, TypeHint } from '../../ir/ir.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase, simpleName } from '../../resolve/type-names.ts';
import type { World } from '../../resolve/world.ts';
import { failsByItsNames, isAnnouncedInVain } from './announced-in-vain.ts';
import { calleeLabel } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import { isJoined } from './joined-promises.ts';
import { placeName } from '../place-names.ts';
import { runsWithoutFailing } from './rejections.ts';
import { writesToMemory } from './writes-to-memory.ts';
import { valueUses } from '../value-uses.ts';

export interface Throws {
  readonly tier: ThrowTier;
  readonly types: readonly TypeHint[] | null;
}

/** In the order: a rule, a signature, a habit of naming, the syntax around the call. */
export function throwsOf(demand: Demand, scope: Scope, call: CallInstruction, resolved: ResolvedCall): Throws {
  const stated = resolved.models[0]?.summary.effects.find((effect) => effect.kind === 'throws');
  if (stated?.kind === 'throws') return { tier: stated.tier, types: stated.types.length === 0 ? null : stated.types };
  const { exceptions, conventions } = scope.world.models;
  const name = calleeLabel(call);
  const announced = announcedBy(scope, resolved);
  if (announced !== null) {
    const checked = announced.filter((type) => !exceptions.unchecked.has(simpleName(type)));
    const serious = checked.filter((type) => !exceptions.unlikely.has(simpleName(type)));
    const isInVain = (): boolean => isAnnouncedInVain(demand, scope, call, resolved);
    if (serious.length > 0 && writesToMemory(scope, call)) return { tier: 'never', types: null };
    if (serious.length > 0) return { tier: isInVain() ? 'possible' : 'declared', types: serious };
    if (checked.length > 0) return { tier: 'possible', types: checked };
    const isQuiet =
      conventions.neverThrows.test(name) ||
      hasHarmlessBody(scope.world, resolved) ||
      isPlainMaking(scope, call, resolved);
    return { tier: isQuiet ? 'never' : 'possible', types: null };
  }
  if (call.callee.kind === 'aggregate') return { tier: 'never', types: null };
  if (conventions.neverThrows.test(name) && !readsWhatItIsGiven(scope, call, name))
    return { tier: 'never', types: null };
  // What a checked clause around waits for is rarely a constructor, and hardly a release or a return to a pool.
  const isEnd = conventions.poolReturns.test(name) || conventions.releaseFunctions.test(name);
  const isMaking = call.callee.kind === 'construct' || conventions.finishers?.test(name) === true;
  if (isMaking || isEnd || isNoted(scope, call, resolved, name)) return { tier: 'possible', types: null };
  if (isSaidToLog(scope, call)) return { tier: 'never', types: null };
  // What gives a promise fails when that is waited for.
  if (call.throws === 'likely' && (isAwaitedLater(scope, call) || runsWithoutFailing(demand, scope, call)))
    return { tier: 'possible', types: null };
  return { tier: call.throws, types: null };
}

/**
 * `request.header("Accept", kind)`, `Query.builder().page(2)`: a builder nobody knows only notes what it is told;
 * `builder.parse(in)` does more, and so does `builder.from(stream)`.
 */
function isNoted(scope: Scope, call: CallInstruction, { ownerType }: ResolvedCall, name: string): boolean {
  const { noteTakers, borrowFunctions, factories } = scope.world.models.conventions;
  if (noteTakers === null || call.callee.kind !== 'method') return false;
  if (borrowFunctions.test(name) || factories.test(name) || isGivenStream(scope, call)) return false;
  if (ownerType !== null) return noteTakers.test(simpleName(ownerType));
  return stepsTo(scope, call).some((step) => noteTakers.test(calleeLabel(step)));
}

/** More steps than this no sentence has. */
const MAX_STEPS = 16;

/** `log.atInfo().addKeyValue("file", name).log("opened")`: a step of what a log is told. */
function isSaidToLog(scope: Scope, call: CallInstruction): boolean {
  const { logNames } = scope.world.models.conventions;
  if (logNames === null || call.callee.kind !== 'method') return false;
  const first = stepsTo(scope, call).at(-1) ?? call;
  const name = first.receiver === null ? null : placeName(scope.fn, first.receiver);
  return name !== null && logNames.test(name);
}

/** `a` and `b` of `log.a().b().c()`, the last first. */
function stepsTo({ fn }: Scope, call: CallInstruction): readonly CallInstruction[] {
  const steps: CallInstruction[] = [];
  let place = call.receiver;
  while (place !== null && placeName(fn, place) === null && steps.length < MAX_STEPS) {
    const [maker, ...others] = valueUses(fn).makers(place);
    if (maker === undefined || others.length > 0) break;
    steps.push(maker);
    place = maker.callee.kind === 'method' ? maker.receiver : null;
  }
  return steps;
}

/** `documents.getRoot(stream)`: what is asked for is in there, and has to be read. */
function readsWhatItIsGiven(scope: Scope, call: CallInstruction, name: string): boolean {
  const { accessors } = scope.world.models.conventions;
  return accessors.test(name) && isGivenStream(scope, call);
}

function isGivenStream(scope: Scope, { args }: CallInstruction): boolean {
  const { surelyCloseable } = scope.world.models.conventions;
  return args.some(({ value }) => {
    const type = value.kind === 'place' ? scope.typeOf(value.place) : null;
    return type !== null && surelyCloseable.test(simpleName(erase(type))) && scope.world.isCloseable(type) === true;
  });
}

function isAwaitedLater(scope: Scope, { dests: [dest] }: CallInstruction): boolean {
  if (dest === undefined) return false;
  const { fn } = scope;
  const held = [dest, ...valueUses(fn).copies(dest)];
  if (isJoined(scope, held, scope.world.models.conventions.joinsPromises)) return true;
  return fn.blocks.some(({ instructions }) =>
    instructions.some((one) => {
      if (one.op === 'await') return one.source.kind === 'place' && held.includes(one.source.place);
      return one.op === 'call' && one.receiver !== null && held.includes(one.receiver) && isChain(scope, one);
    }),
  );
}

/** `download().then(read).finally(() => …)`: what is called on is a promise. */
function isChain(scope: Scope, call: CallInstruction): boolean {
  const { rejectionHandlers } = scope.world.models.conventions;
  if (call.callee.kind === 'method' && rejectionHandlers?.test(call.callee.name) === true) return true;
  const effects = scope.resolved(call).models[0]?.summary.effects ?? [];
  return effects.some((effect) => effect.kind === 'invoke' && effect.when === 'later');
}

/** Exceptions of the signature; null: nobody knows the callee. */
function announcedBy(scope: Scope, resolved: ResolvedCall): readonly string[] | null {
  if (resolved.declarations.length > 0) {
    return resolved.declarations.flatMap(({ file, declaration }) =>
      declaration.throws.map((type) => scope.world.resolve(file.index, declaration.owner, type)),
    );
  }
  const { signature } = resolved;
  // Where nothing is announced, a signature that announces nothing says nothing.
  const isMute = signature?.isPlatform === true && signature.throws.length === 0 && !scope.world.isTyped;
  return signature === null || isMute ? null : signature.throws;
}

/**
 * `new HashMap<>()`, `new BufferedReader(in)`: a constructor of the platform that announces nothing, and is given nothing
 * but constants and what it wraps, has no reason to fail.
 */
function isPlainMaking({ fn, world }: Scope, { callee, args }: CallInstruction, resolved: ResolvedCall): boolean {
  if (callee.kind !== 'construct' || resolved.ownerType === null || resolved.signature?.isPlatform !== true)
    return false;
  const { wraps = null } = world.models.type(resolved.ownerType) ?? {};
  return args.every(({ value }, index) => {
    if (index === wraps || value.kind === 'literal') return true;
    return value.kind === 'place' && fn.places[value.place]?.kind === 'global';
  });
}

/** It only stores, or calls what throws nothing. */
function hasHarmlessBody(world: World, { declarations }: ResolvedCall): boolean {
  return declarations.length > 0 && declarations.every((found) => failsByItsNames(world, found) === false);
}
