/**
 * A statement is gone when its connection is closed. A private function that is given the connection leaves its statements
 * to that, where all who call it close the connection themselves, and nothing adds up before:
 *
 *     try (Connection connection = source.getConnection()) { loadNodes(connection); }
 */
import type { CallInstruction } from '../ir/ir.ts';
import { reaches } from '../ir/operands.ts';
import type { Declaration } from '../languages/language.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from '../summaries/demand.ts';
import type { Obligation } from '../summaries/obligations.ts';
import { releasesOf } from '../summaries/release-sites.ts';

export function endsWithGiven(demand: Demand, scope: Scope, { call, seed }: Obligation): boolean {
  const { fn, file } = scope;
  if (reaches(fn, seed.block, seed.block)) return false;
  const own = file.index.declarations.find(({ id }) => id === fn.id);
  const [dest] = call.dests;
  if (own?.isPrivate !== true || dest === undefined) return false;
  const holders = demand.groups(scope).holders(dest);
  const index = fn.params.findIndex((param) => holders.includes(param));
  if (index < 0) return false;
  const callers = file.index.declarations.filter((one) => one.hasBody && one.calls.has(own.name));
  const calls = callers.flatMap((one) => callsOf(demand.body(file, one), own));
  return calls.length > 0 && calls.every((one) => isEndedThere(demand, one, index));
}

interface FoundCall {
  readonly scope: Scope;
  readonly call: CallInstruction;
  readonly isRepeated: boolean;
}

function callsOf(scopes: readonly Scope[], own: Declaration): readonly FoundCall[] {
  return scopes.flatMap((scope) =>
    scope.fn.blocks.flatMap(({ id, instructions }) =>
      instructions.flatMap((call) => {
        if (call.op !== 'call' || call.callee.kind === 'construct') return [];
        if (!scope.resolved(call).declarations.some(({ declaration }) => declaration === own)) return [];
        return [{ scope, call, isRepeated: reaches(scope.fn, id, id) }];
      }),
    ),
  );
}

/** Called again and again, what it leaves adds up before the end. */
function isEndedThere(demand: Demand, { scope, call, isRepeated }: FoundCall, index: number): boolean {
  const given = call.args[index]?.value;
  if (given?.kind !== 'place' || isRepeated) return false;
  return releasesOf(demand, scope, given.place, null).some(({ isAfterFailure }) => !isAfterFailure);
}
