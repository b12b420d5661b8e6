/** What a call does that rules have a model for. */
import { GENERIC_RESOURCE, type Effect, type Slot } from '../../effects/effect.ts';
import { functionFacts } from '../../engine/function-facts.ts';
import type { CallInstruction } from '../../ir/ir.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import { resultAt, type Scope } from '../../resolve/scope.ts';
import { slotPlace } from '../call-names.ts';
import type { BodyKnowledge } from './body-knowledge.ts';
import type { Acquisition } from './call-knowledge.ts';
import type { Demand } from '../demand.ts';
import { endsProcessByFailing } from './unheard-failures.ts';

export function modelKnowledge(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  resolved: ResolvedCall,
): BodyKnowledge {
  const effects: Effect[] = [];
  const acquisitions: Acquisition[] = [];
  for (const effect of resolved.models[0]?.summary.effects ?? []) {
    if (effect.kind === 'drain') effects.push(...drained(demand, scope, call, effect, resolved));
    else if (effect.kind !== 'acquire') effects.push(ofGenericKind(scope, effect));
    if (effect.kind !== 'acquire') continue;
    if (isExcluded(call, effect)) continue;
    const { slot } = effect;
    const at =
      slot.at === 'receiver' && call.receiver !== null
        ? scope.typeOf(call.receiver)
        : resultAt(resolved, slot.at === 'result' ? slot.index : 0);
    // What a method of something else gives is hardly one more of these.
    const owner = slot.at === 'result' && call.receiver !== null ? null : resolved.ownerType;
    acquisitions.push({
      slot,
      resource: effect.resource,
      type: at ?? owner,
      heldBy: effect.heldBy ?? [],
      ...(effect.within === undefined ? {} : { within: effect.within }),
      ...(effect.makes === undefined ? {} : { makes: effect.makes }),
      isPresumed: effect.certainty === 'may' || endsWithThisObject(scope, call, effect.heldBy ?? []),
      // What an argument decides is decided.
      given: effect.given?.slot.at === 'param' ? null : (effect.given ?? null),
      isByName: (resolved.models[0]?.receiverNamed ?? null) !== null,
    });
  }
  const known: BodyKnowledge = { effectsOn: () => effects, acquisitions, mayReturnFresh: false };
  return withClosureResult(demand, scope, call, known, effects);
}

/**
 * `createStatement()` within a class that is a connection: it ends with this object, and whoever has that. What is asked for
 * something, `self.get(url, stream=True)`, may be one of many.
 */
function endsWithThisObject({ fn }: Scope, { receiver, args }: CallInstruction, heldBy: readonly Slot[]): boolean {
  if (receiver === null || receiver !== fn.receiver || args.length > 0) return false;
  return heldBy.some((slot) => slot.at === 'receiver' && slot.fields === undefined);
}

/** `resource: closeable` of the language's conventions is what no rule is about: known by its release method alone. */
function ofGenericKind({ world: { models } }: Scope, effect: Effect): Effect {
  const isGeneric = effect.kind === 'release' && effect.resource === `${models.language}/${GENERIC_RESOURCE}`;
  return isGeneric ? { ...effect, resource: GENERIC_RESOURCE } : effect;
}

/** What is as old as the process is no end to wait for, and where the process ends with the failure nothing is left. */
function drained(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  effect: Extract<Effect, { kind: 'drain' }>,
  resolved: ResolvedCall,
): readonly Effect[] {
  const own = slotPlace(call, effect.slot);
  const slots = (resolved.models[0]?.summary.effects ?? []).flatMap((one) => (one.kind === 'drain' ? [one.slot] : []));
  const mayFail = slots.some((slot) => {
    const other = slotPlace(call, slot);
    if (other === null || other === own || scope.fn.places[other]?.kind === 'global') return false;
    return !endsProcessByFailing(demand, scope, other);
  });
  return mayFail ? [effect] : [{ ...effect, kind: 'release', drained: true }];
}

/** `doPrivileged(() -> open(p))`: what the closure acquires and returns is the call's result. */
function withClosureResult(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  known: BodyKnowledge,
  effects: readonly Effect[],
): BodyKnowledge {
  if (known.acquisitions.length > 0 || call.dests.length === 0) return known;
  for (const effect of effects) {
    if (effect.kind !== 'invoke' || effect.when === 'later' || !returnsItsResult(effects, effect.slot)) continue;
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
  const isLiteral = call.args[given.slot.index]?.value.kind === 'literal';
  return isLiteral ? isRuledOutByLiteral(call, effect) : given.is !== 'set';
}

/** The argument that the effect depends on is a literal, and not the one it takes. */
export function isRuledOutByLiteral(call: CallInstruction, { given }: Effect): boolean {
  if (given?.slot.at !== 'param') return false;
  const value = call.args[given.slot.index]?.value;
  if (value?.kind !== 'literal') return false;
  if (value.literal.kind === 'boolean') return value.literal.value !== (given.is === 'true');
  return (value.literal.kind === 'null') !== (given.is === 'null');
}

/** All that it acquires need not be released: rules say so by a certainty. */
export function onlyMayAcquire(effects: readonly Effect[]): boolean {
  const acquired = effects.filter(({ kind }) => kind === 'acquire');
  return acquired.length > 0 && acquired.every(({ certainty }) => certainty === 'may');
}
