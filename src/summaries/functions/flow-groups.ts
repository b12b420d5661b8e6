/**
 * Which places of a function may hold the same resource, flow-insensitively: joined by copies and by
 * wrappers. Used for evidence (is it released anywhere here?) and for names, never to prove a leak.
 */
import { append } from '../../append.ts';
import { inputsWith, receiverInput } from '../../effects/inputs.ts';
import { whenApart } from '../../engine/slots.ts';
import type { CallInstruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { isCopy, returnedValues } from '../../ir/operands.ts';
import type { CallKnowledge } from '../calls/call-knowledge.ts';
import { indexInOne, slotPlace } from '../call-names.ts';

export interface FlowGroups {
  group(place: PlaceId): PlaceId;
  members(place: PlaceId): readonly PlaceId[];
  /** Groups whose release releases this one's: the statement of a result set. */
  holders(place: PlaceId): readonly PlaceId[];
  /** Places copied from this one, nearest first, the place itself included. */
  forward(place: PlaceId): readonly PlaceId[];
}

export function groupsOf(groups: FlowGroups, places: readonly PlaceId[]): ReadonlySet<PlaceId> {
  return new Set(places.map((place) => groups.group(place)));
}

/** Those of what the function returns in that place of its results. */
export function groupsReturned(fn: IrFunction, groups: FlowGroups, index: number): ReadonlySet<PlaceId> {
  const values = returnedValues(fn).map((one) => one[index]);
  return new Set(values.flatMap((value) => (value?.kind === 'place' ? [groups.group(value.place)] : [])));
}

/** `mayHold`: may there be a resource in the place? Calls are not asked what they do to others. */
export function flowGroups(
  fn: IrFunction,
  knowledge: (call: CallInstruction) => CallKnowledge,
  mayHold: (place: PlaceId) => boolean,
): FlowGroups {
  const parent = fn.places.map((_, index) => index as PlaceId); // places are numbered by position
  const copies = new Map<PlaceId, PlaceId[]>();
  const heldBy: [PlaceId, PlaceId][] = [];
  const standsFor = new Map<PlaceId, number>();

  const find = (place: PlaceId): PlaceId => {
    let root = place;
    while (parent[root] !== root) root = parent[root] as PlaceId; // every index has a parent
    parent[place] = root;
    return root;
  };
  const join = (from: PlaceId, into: PlaceId): void => {
    append(copies, from, into);
    parent[find(into)] = find(from);
  };

  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      if (isCopy(instruction)) {
        join(instruction.source.place, instruction.dest);
      } else if (instruction.op === 'closure' && instruction.base !== null) {
        join(instruction.base, instruction.dest);
      } else if (instruction.op === 'call') {
        const known = knowledge(instruction);
        if (!known.mayYieldResource) continue;
        for (const effect of known.effectsOn(receiverInput | inputsWith(instruction, mayHold))) {
          if (effect.kind !== 'alias' || effect.certainty === 'may') continue;
          const from = slotPlace(instruction, effect.from);
          const part = from === null ? null : (standsFor.get(from) ?? null);
          const into = slotPlace(instruction, whenApart(instruction, effect.into, part));
          if (from !== null && into !== null) join(from, into);
        }
        for (const acquisition of known.acquisitions) {
          const [dest] = instruction.dests;
          const part = indexInOne(instruction, acquisition.slot);
          if (dest !== undefined && part !== null) standsFor.set(dest, part);
          const held = acquisition.heldBy.length === 0 ? null : slotPlace(instruction, acquisition.slot);
          if (held === null) continue;
          const holders = acquisition.heldBy.flatMap((slot) => slotPlace(instruction, slot) ?? []);
          heldBy.push(...holders.map((holder): [PlaceId, PlaceId] => [held, holder]));
        }
      }
    }
  }

  const members = (place: PlaceId): PlaceId[] => {
    const root = find(place);
    return parent.flatMap((_, index) => (find(index as PlaceId) === root ? [index as PlaceId] : []));
  };
  return {
    group: find,
    members,
    holders(place) {
      const found: PlaceId[] = [];
      const groups = new Set([find(place)]);
      for (const group of groups) {
        for (const [held, holder] of heldBy) if (find(held) === group) groups.add(find(holder));
      }
      groups.delete(find(place));
      for (const group of groups) found.push(...members(group));
      return found;
    },
    forward(place) {
      const reached = [place];
      const seen = new Set(reached);
      for (const at of reached) {
        for (const next of copies.get(at) ?? []) {
          if (seen.has(next)) continue;
          seen.add(next);
          reached.push(next);
        }
      }
      return reached;
    },
  };
}
