/** Where a function releases things, without asking when: evidence for ownership, not proof of release. */
import type { ResourceKind } from '../effects/effect.ts';
import { functionFacts } from '../engine/function-facts.ts';
import { slotPlaces } from '../engine/apply-effects.ts';
import type { BlockId, IrFunction, PlaceId } from '../ir/ir.ts';
import { successors } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from './demand.ts';

export interface ReleaseSite {
  readonly place: PlaceId;
  /** null: whatever it is. */
  readonly resource: ResourceKind | null;
  /** Only an exception leads there: it cleans up after a failure, and says nothing of success. */
  readonly isAfterFailure: boolean;
}

/** Releases in the function's own body and, by capture, in its closures. */
export function releaseSites(demand: Demand, scope: Scope): readonly ReleaseSite[] {
  const sites: ReleaseSite[] = [];
  const machine = { facts: functionFacts(scope.fn) };
  const normal = blocksReachedNormally(scope.fn);
  for (const block of scope.fn.blocks) {
    const isAfterFailure = !normal.has(block.id);
    for (const instruction of block.instructions) {
      if (instruction.op === 'call') {
        const known = demand.knowledge(scope, instruction);
        if (!known.mayRelease) continue;
        for (const effect of known.effects) {
          if (effect.kind !== 'release') continue;
          for (const place of slotPlaces(machine, instruction, effect.slot))
            sites.push({ place, resource: effect.resource ?? null, isAfterFailure });
        }
      } else if (instruction.op === 'closure') {
        for (const member of instruction.members) {
          for (const effect of demand.closureEffects(scope, member.fn)) {
            if (effect.kind !== 'release' || effect.slot.at !== 'capture') continue;
            const place = instruction.captures[effect.slot.index];
            if (place !== undefined) sites.push({ place, resource: effect.resource ?? null, isAfterFailure });
          }
        }
      }
    }
  }
  return sites;
}

export function isReleasedIn(demand: Demand, scope: Scope, place: PlaceId, resource: ResourceKind): boolean {
  const groups = demand.groups(scope);
  const group = groups.group(place);
  return demand
    .releases(scope)
    .some(
      (site) =>
        !site.isAfterFailure &&
        groups.group(site.place) === group &&
        (site.resource === null || site.resource === resource),
    );
}

function blocksReachedNormally(fn: IrFunction): ReadonlySet<BlockId> {
  const reached = new Set<BlockId>([0 as BlockId]); // blocks[0] is the entry
  for (const id of reached) {
    const block = fn.blocks[id];
    if (block === undefined) continue;
    for (const next of successors(block)) reached.add(next);
  }
  return reached;
}
