/**
 * What holds nothing before it is told to start: a server that does not listen yet, a pool nobody has asked for a
 * connection. A function that fails before that leaves nothing behind.
 *
 *     const server = createServer(handle);
 *     const port = portOf(settings);
 *     server.listen(port);
 */
import type { OpenExit } from '../engine/state.ts';
import type { Instruction, PlaceId } from '../ir/ir.ts';
import type { Scope } from '../resolve/scope.ts';
import { calleeLabel, GENERIC_RESOURCE } from '../summaries/call-names.ts';
import type { Demand } from '../summaries/demand.ts';
import type { Obligation } from '../summaries/obligations.ts';

export function withoutNotStarted(
  demand: Demand,
  scope: Scope,
  { resource, seed }: Obligation,
  open: readonly OpenExit[],
): readonly OpenExit[] {
  if (resource === GENERIC_RESOURCE || open.length === 0) return open;
  const { startedBy } = scope.world.models.resource(resource);
  if (startedBy.size === 0 || startedBy.has(seed.label)) return open;
  const groups = demand.groups(scope);
  const own = new Set(seed.places.map((place) => groups.group(place)));
  const isIt = (place: PlaceId): boolean => own.has(groups.group(place));
  return open.filter((exit) => {
    for (let link = exit.state.path; link !== null; link = link.previous) {
      const { instructions } = scope.fn.blocks[link.block] ?? { instructions: [] };
      const starts = instructions.some(
        (one) => isBefore(one, exit) && one.span.start > seed.span.start && mayStart(one, startedBy, isIt),
      );
      if (starts) return true;
    }
    return false;
  });
}

/** The call that fails itself has not started it. */
function isBefore({ span }: Instruction, exit: OpenExit): boolean {
  return exit.kind !== 'throw' || span.start < exit.span.start;
}

/** Whoever else has it may start it. */
function mayStart(one: Instruction, startedBy: ReadonlySet<string>, isIt: (place: PlaceId) => boolean): boolean {
  if (one.op === 'closure') return one.captures.some(isIt);
  if (one.op !== 'call') return false;
  if (one.receiver !== null && isIt(one.receiver) && startedBy.has(calleeLabel(one))) return true;
  return one.args.some(({ value }) => value.kind === 'place' && isIt(value.place));
}
