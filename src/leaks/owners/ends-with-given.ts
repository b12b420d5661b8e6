/**
 * A statement is gone when its connection is closed. A function that is given the connection leaves its statements
 * to that, where all who call it close the connection themselves, and nothing adds up before:
 *
 *     try (Connection connection = source.getConnection()) { loadNodes(connection); }
 *
 * So does a function made where the connection is, which captures it. Of a function that others may call too, the callers
 * that are known speak for the rest, and only for what it leaves where it fails: that adds up nowhere. Where none is known,
 * what only wraps what was given is left to those who call a method by what it implements.
 */
import { GENERIC_RESOURCE } from '../../effects/effect.ts';
import { entryFacts } from '../../engine/entry-facts.ts';
import { anyResource } from '../../engine/machine.ts';
import { simulate } from '../../engine/simulate.ts';
import type { OpenExit } from '../../engine/state.ts';
import type { BlockId, CallInstruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import { reaches } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { releasesOf } from '../../summaries/obligations/release-sites.ts';
import { valueUses } from '../../summaries/value-uses.ts';
import { argumentFor, declarationOf, parameterAt, type Call, type NamedParameter } from '../callers/callers.ts';
import { typesAbove } from '../callers/callers-in-scan.ts';
import { knownCallsOf } from '../callers/known-callers.ts';
import { privateCallsOf } from '../callers/private-callers.ts';

/** From one who hands the connection on to the next. */
const MOST_HANDS = 6;

export function endsWithGiven(
  demand: Demand,
  scope: Scope,
  { call, seed, resource }: Obligation,
  exits: readonly OpenExit[],
): boolean {
  const { fn, world } = scope;
  const [dest] = call.dests;
  if (dest === undefined) return false;
  const holders = [...demand.groups(scope).holders(dest), ...seed.holders];
  if (endsAround(demand, scope, holders)) return true;
  const isFailing = exits.every(({ kind, state }) => kind === 'throw' && state.weakest !== null);
  const index = fn.params.findIndex((param) => holders.includes(param));
  if (index < 0) {
    // `OggFile ogg = new OggFile(in); OpusFile opus = new OpusFile(ogg);`, of which nobody knows that the one wraps the other.
    if (!isFailing || resource !== GENERIC_RESOURCE) return false;
    const given = fn.params.findIndex((param, at) => {
      const type = scope.typeOf(param);
      return type !== null && world.isCloseable(type) === true && wraps(scope, call, at);
    });
    return given >= 0 && isLeftToCallers(demand, scope, given);
  }
  if (!reaches(fn, seed.block, seed.block)) {
    const calls = privateCallsOf(demand, scope);
    const parameter = parameterAt(scope, index);
    if (calls.length > 0 && calls.every((one) => !one.isRepeated && isEndedThere(demand, one, parameter))) return true;
  }
  if (!isFailing) return false;
  const parameter = parameterAt(scope, index);
  if (isEndedByCallers(demand, scope, parameter, MOST_HANDS)) return true;
  return wraps(scope, call, index) && isLeftToCallers(demand, scope, index);
}

function isLeftToCallers(demand: Demand, scope: Scope, index: number): boolean {
  return isCalledAsAnother(scope) && knownCallsOf(demand, scope, index)?.length === 0;
}

/** `new OpusFile(new OggFile(in))`: is it made of the parameter, by however many steps? */
function wraps({ fn }: Pick<Scope, 'fn'>, call: CallInstruction, index: number): boolean {
  const calls = new Set([call]);
  for (const { args } of calls) {
    for (const { value } of args) {
      if (value.kind !== 'place') continue;
      if (value.place === fn.params[index]) return true;
      for (const maker of makersOf(fn, value.place)) calls.add(maker);
    }
  }
  return false;
}

function makersOf(fn: IrFunction, place: PlaceId): readonly CallInstruction[] {
  const uses = valueUses(fn);
  return callsOf(fn).filter(({ dests }) => dests.some((dest) => dest === place || uses.copies(dest).includes(place)));
}

/**
 * `interface Parser { void parse(InputStream in, …); }`: whoever calls one by what it implements cannot know that this one
 * also closes what it is given, and closes it.
 */
function isCalledAsAnother(scope: Scope): boolean {
  const own = declarationOf(scope);
  return own !== null && typesAbove(scope, own).length > 0;
}

/** `try (Client client = open()) { return retry(() -> read(client.execute(request))); }`, unless it is done to each of many. */
function endsAround(demand: Demand, { fn, around, world }: Scope, holders: readonly PlaceId[]): boolean {
  if (around === null) return false;
  const { scope, closure } = around;
  const captured = fn.captures.flatMap((one, index) => (holders.includes(one) ? (closure.captures[index] ?? []) : []));
  const runner = callsOf(scope.fn).find(({ args }) =>
    args.some(({ value }) => value.kind === 'place' && value.place === closure.dest),
  );
  if (runner === undefined || world.models.conventions.runsAtOnce?.test(calleeLabel(runner)) === true) return false;
  return captured.some((place) => releasesOf(demand, scope, place, null).some(({ isAfterFailure }) => !isAfterFailure));
}

/** All who are known to call it close what they give, or were given it and are called by such. */
function isEndedByCallers(demand: Demand, scope: Scope, parameter: NamedParameter, hands: number): boolean {
  if (hands === 0) {
    demand.noteLimit('hands that a resource goes through');
    return false;
  }
  const ofPrivate = privateCallsOf(demand, scope);
  const calls = ofPrivate.length > 0 ? ofPrivate : (knownCallsOf(demand, scope, parameter.index) ?? []);
  return calls.length > 0 && calls.every((one) => isEndedAbove(demand, one, parameter, hands));
}

function isEndedAbove(demand: Demand, one: Call, parameter: NamedParameter, hands: number): boolean {
  const given = argumentFor(one.call, parameter);
  if (given?.kind !== 'place') return false;
  const { fn, around } = one.scope;
  const index = fn.params.indexOf(given.place);
  if (index < 0) return isEndedThere(demand, one, parameter) || isEndedWhereItFails(demand, one, given.place);
  // `jdbc.execute(connection -> load(connection, id))`: who runs a function made here, and gives it something, ends that.
  if (around !== null) return true;
  return isEndedByCallers(demand, one.scope, parameterAt(one.scope, index), hands - 1);
}

function isEndedThere(demand: Demand, { scope, call }: Call, parameter: NamedParameter): boolean {
  const given = argumentFor(call, parameter);
  if (given?.kind !== 'place') return false;
  const isReleased = releasesOf(demand, scope, given.place, null).some(({ isAfterFailure }) => !isAfterFailure);
  return isReleased && isReleasedOnAllWays(demand, scope, call, given.place);
}

/** `try { listen(session); current = session; } catch (Exception e) { session.close(); throw e; }`: kept, unless this very call fails. */
function isEndedWhereItFails(demand: Demand, { scope, call }: Call, given: PlaceId): boolean {
  return releasesOf(demand, scope, given, null).some(
    ({ isAfterFailure, block }) => isAfterFailure && isWhereItFails(scope.fn, call, block),
  );
}

/** Does an exception of the call lead there? */
function isWhereItFails(fn: IrFunction, call: CallInstruction, to: BlockId): boolean {
  const unwind = fn.blocks.find(({ instructions }) => instructions.includes(call))?.unwind ?? null;
  return unwind !== null && (unwind === to || reaches(fn, unwind, to));
}

/** Exceptions aside; what is kept or returned is open longer than what was made of it can wait. */
function isReleasedOnAllWays(demand: Demand, scope: Scope, call: CallInstruction, place: PlaceId): boolean {
  const { fn } = scope;
  const block = fn.blocks.findIndex(({ instructions }) => instructions.includes(call)) as BlockId; // it is in one
  const index = fn.blocks[block]?.instructions.indexOf(call) ?? 0;
  const context = demand.context(scope);
  const groups = demand.groups(scope);
  const { open, settled, limit } = simulate(fn, context, {
    tracked: { ...anyResource, hasSiblingRelease: true },
    block,
    index: index + 1,
    places: groups.members(place),
    holders: groups.holders(place),
    isState: false,
    facts: entryFacts(fn, context).before(block, index),
    span: call.span,
    label: calleeLabel(call),
  });
  const isLeftOpen = open.some(({ state }) => state.weakest === null && state.releasedAs.length === 0);
  const isKept = settled.some(
    ({ settlement: { kind }, isExceptional }) => !isExceptional && (kind === 'returned' || kind === 'transferred'),
  );
  // Of what was given up nobody knows.
  return limit === null && !isLeftOpen && !isKept;
}
