/**
 * A statement is gone when its connection is closed. A private function that is given the connection leaves its statements
 * to that, where all who call it close the connection themselves, and nothing adds up before:
 *
 *     try (Connection connection = source.getConnection()) { loadNodes(connection); }
 */
import { entryFacts } from '../engine/entry-facts.ts';
import { nothingKnown } from '../engine/machine.ts';
import { simulate } from '../engine/simulate.ts';
import type { BlockId, CallInstruction, Operand, PlaceId } from '../ir/ir.ts';
import { reaches } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import { calleeLabel } from '../summaries/call-names.ts';
import type { Demand } from '../summaries/demand.ts';
import type { Obligation } from '../summaries/obligations.ts';
import { placeName } from '../summaries/place-names.ts';
import { releasesOf } from '../summaries/release-sites.ts';
import { privateCallsOf, type PrivateCall } from './private-callers.ts';

export function endsWithGiven(demand: Demand, scope: Scope, { call, seed }: Obligation): boolean {
  const { fn } = scope;
  const [dest] = call.dests;
  if (dest === undefined || reaches(fn, seed.block, seed.block)) return false;
  const holders = demand.groups(scope).holders(dest);
  const index = fn.params.findIndex((param) => holders.includes(param));
  if (index < 0) return false;
  const calls = privateCallsOf(demand, scope);
  const parameter = { index, name: placeName(fn, fn.params[index] as PlaceId) }; // index was found
  return calls.length > 0 && calls.every((one) => isEndedThere(demand, one, parameter));
}

interface NamedParameter {
  readonly index: number;
  readonly name: string | null;
}

/** Called again and again, what it leaves adds up before the end. */
function isEndedThere(demand: Demand, { scope, call, isRepeated }: PrivateCall, parameter: NamedParameter): boolean {
  const given = argumentFor(call, parameter);
  if (given?.kind !== 'place' || isRepeated) return false;
  const isReleased = releasesOf(demand, scope, given.place, null).some(({ isAfterFailure }) => !isAfterFailure);
  return isReleased && isReleasedOnAllWays(demand, scope, call, given.place);
}

function argumentFor({ args }: CallInstruction, { index, name }: NamedParameter): Operand | null {
  const named = args.find((arg) => arg.name !== null && arg.name === name);
  const arg = named ?? (args[index]?.name === null ? args[index] : undefined);
  return arg?.value ?? null;
}

/** Exceptions aside; what is kept or returned is open longer than what was made of it can wait. */
function isReleasedOnAllWays(demand: Demand, scope: Scope, call: CallInstruction, place: PlaceId): boolean {
  const { fn } = scope;
  const block = fn.blocks.findIndex(({ instructions }) => instructions.includes(call)) as BlockId; // it is in one
  const index = fn.blocks[block]?.instructions.indexOf(call) ?? 0;
  const context = demand.context(scope);
  const groups = demand.groups(scope);
  const { open, settled, limit } = simulate(fn, context, {
    tracked: { ...nothingKnown, hasSiblingRelease: true },
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
