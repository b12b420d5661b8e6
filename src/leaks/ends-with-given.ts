/**
 * A statement is gone when its connection is closed. A private function that is given the connection leaves its statements
 * to that, where all who call it close the connection themselves, and nothing adds up before:
 *
 *     try (Connection connection = source.getConnection()) { loadNodes(connection); }
 */
import { reaches } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from '../summaries/demand.ts';
import type { Obligation } from '../summaries/obligations.ts';
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
  return calls.length > 0 && calls.every((one) => isEndedThere(demand, one, index));
}

/** Called again and again, what it leaves adds up before the end. */
function isEndedThere(demand: Demand, { scope, call, isRepeated }: PrivateCall, index: number): boolean {
  const given = call.args[index]?.value;
  if (given?.kind !== 'place' || isRepeated) return false;
  return releasesOf(demand, scope, given.place, null).some(({ isAfterFailure }) => !isAfterFailure);
}
