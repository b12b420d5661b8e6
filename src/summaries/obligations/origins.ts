/** Where the value of a place comes from: was it there before the function ran, or did the function make it? */
import type { CallInstruction, PlaceId } from '../../ir/ir.ts';
import { outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';

/** A place in the function it belongs to: a captured variable is that of the function around. */
export interface Origin {
  readonly scope: Scope;
  readonly place: PlaceId;
  /** A parameter, the object the function belongs to, or what a call gave. */
  readonly kind: 'parameter' | 'owner' | 'call';
  /** Of kind `call` only. */
  readonly call: CallInstruction | null;
}

interface Pending {
  readonly scope: Scope;
  readonly place: PlaceId;
}

/** Through copies, fields, captures and the functions that loops call: a field comes from where its object does, a literal from nowhere. */
export function originsOf(scope: Scope, place: PlaceId): readonly Origin[] {
  return wayBack(scope, place).flatMap((one) => ownOrigin(one) ?? []);
}

/** The place, and all those that its value comes by. */
export function wayBack(scope: Scope, place: PlaceId): readonly Pending[] {
  const pending: Pending[] = [{ scope, place }];
  for (const one of pending) {
    for (const next of sourcesOf(one)) {
      const isSeen = pending.some((known) => known.scope === next.scope && known.place === next.place);
      if (!isSeen) pending.push(next);
    }
  }
  return pending;
}

function ownOrigin({ scope, place }: Pending): Origin | null {
  const { fn } = scope;
  if (fn.params.includes(place))
    return elementSource({ scope, place }) !== null ? null : { scope, place, kind: 'parameter', call: null };
  if (place === fn.receiver) return { scope, place, kind: 'owner', call: null };
  for (const { instructions } of fn.blocks) {
    for (const call of instructions) {
      if (call.op === 'call' && call.dests.includes(place)) return { scope, place, kind: 'call', call };
    }
  }
  return null;
}

function sourcesOf({ scope, place }: Pending): Pending[] {
  const { fn } = scope;
  const sources: Pending[] = [];
  const elements = elementSource({ scope, place });
  if (elements !== null) sources.push(elements);
  const path = fn.places[place];
  if (path?.kind === 'path') sources.push({ scope, place: path.root });
  const outer = outwards(scope, place);
  if (outer !== null) sources.push(outer);
  for (const { instructions } of fn.blocks) {
    for (const instruction of instructions) {
      const isCopy = (instruction.op === 'assign' || instruction.op === 'await') && instruction.dest === place;
      if (isCopy && instruction.source.kind === 'place') sources.push({ scope, place: instruction.source.place });
    }
  }
  return sources;
}

/** `sockets.forEach((socket) => …)`: an element comes from where the collection does. */
function elementSource({ scope, place }: Pending): Pending | null {
  const { fn, around, world } = scope;
  if (around === null || fn.params[0] !== place) return null;
  const call = scope.handedTo();
  // `reduce(add, 0)` begins with what it is given.
  if (call?.callee.kind !== 'method' || call.receiver === null || call.args.length > 1) return null;
  if (world.models.conventions.runsAtOnce?.test(call.callee.name) !== true) return null;
  return { scope: around.scope, place: call.receiver };
}

/** It was there before: somebody else has it as well. What a constructor makes is its own object. */
export function isGiven(origins: readonly Origin[]): boolean {
  return origins.some(
    ({ kind, scope }) => kind === 'parameter' || (kind === 'owner' && scope.fn.kind !== 'constructor'),
  );
}
