/**
 * A variable that the cleanup of a function releases is set to null on purpose, where what was made of it goes on: who
 * gets that ends both.
 *
 *     rows = statement.executeQuery();
 *     statement = null;
 *     return new RowReader(rows);       // finally { closeQuietly(statement); }
 */
import { functionFacts } from '../../engine/function-facts.ts';
import type { OpenExit } from '../../engine/state.ts';
import type { Instruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { callsOf, literalAssigned, operandsOf, placesLeaving } from '../../ir/operands.ts';
import { walkBlocks } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import type { Position } from '../../summaries/obligations/release-sites.ts';

/** The ways out on which it is simply lost. */
export function withoutCleared(
  demand: Demand,
  scope: Scope,
  obligation: Obligation,
  open: readonly OpenExit[],
): readonly OpenExit[] {
  return open.filter((exit) => !isClearedOnPurpose(demand, scope, obligation, exit));
}

function isClearedOnPurpose(demand: Demand, scope: Scope, obligation: Obligation, exit: OpenExit): boolean {
  const last = exit.kind === 'overwritten' || exit.kind === 'dropped' ? exit.state.path?.block : undefined;
  const block = last === undefined ? undefined : scope.fn.blocks[last];
  if (block === undefined) return false;
  const index = block.instructions.findIndex(({ span }) => span === exit.span);
  const cleared = clearedPlace(block.instructions[index]);
  if (cleared === null || !isReleasedInCleanup(demand, scope, cleared)) return false;
  return goesOnAfter(demand, scope, { block: block.id, index }, madeOf(demand, scope, obligation));
}

function clearedPlace(instruction: Instruction | undefined): PlaceId | null {
  return instruction?.op === 'assign' && literalAssigned(instruction)?.kind === 'null' ? instruction.dest : null;
}

function isReleasedInCleanup(demand: Demand, scope: Scope, cleared: PlaceId): boolean {
  const { cleanups } = functionFacts(scope.fn);
  return demand.releases(scope).some(({ place, block }) => place === cleared && cleanups.has(block));
}

/** What calls on it gave, and calls on that; numbers and texts need nothing of it. */
function madeOf(demand: Demand, scope: Scope, { seed }: Obligation): ReadonlySet<PlaceId> {
  const groups = demand.groups(scope);
  const made = new Set<PlaceId>();
  const sources = new Set(seed.places.flatMap((place) => groups.members(place)));
  for (const source of sources) {
    for (const place of givenBy(scope, source).flatMap((dest) => groups.members(dest))) {
      if (!seed.places.includes(place)) made.add(place);
      sources.add(place);
    }
  }
  return made;
}

function givenBy(scope: Scope, receiver: PlaceId): readonly PlaceId[] {
  const { plainResults, valueTypes } = scope.world.models.conventions;
  return callsOf(scope.fn)
    .filter((call) => call.receiver === receiver && plainResults?.test(calleeLabel(call)) !== true)
    .flatMap(({ dests }) => dests.filter((dest) => !valueTypes.test(erase(scope.typeOf(dest) ?? ''))));
}

function goesOnAfter(demand: Demand, scope: Scope, from: Position, places: ReadonlySet<PlaceId>): boolean {
  const { fn } = scope;
  const start = fn.blocks[from.block];
  if (start === undefined || places.size === 0) return false;
  const releases = new Set(demand.releases(scope).flatMap(({ place, span }) => (places.has(place) ? [span] : [])));
  const isHandedOn = (one: Instruction): boolean =>
    !(one.op === 'call' && releases.has(one.span)) && placesHandedOn(fn, one).some((place) => places.has(place));
  if (start.instructions.slice(from.index + 1).some(isHandedOn)) return true;
  for (const { id, instructions, terminator } of walkBlocks(fn, [from.block])) {
    if (id !== from.block && instructions.some(isHandedOn)) return true;
    if (terminator.op === 'return' && placesLeaving(terminator).some((place) => places.has(place))) return true;
  }
  return false;
}

/** What only this function reads, and closes, does not go on: `rows.close()`. */
function placesHandedOn({ places }: IrFunction, instruction: Instruction): readonly PlaceId[] {
  if (instruction.op === 'closure') return instruction.captures;
  if (instruction.op === 'assign' && places[instruction.dest]?.kind === 'local') return [];
  const given = operandsOf(instruction).flatMap((one) => (one.kind === 'place' ? [one.place] : []));
  return instruction.op === 'yield' ? [...given, ...instruction.handsOver] : given;
}
