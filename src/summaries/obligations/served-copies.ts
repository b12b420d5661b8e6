/**
 * Fields of others that get no more than a copy of what was opened, and have served when a method tells so: one of the
 * object, or one that is given it.
 *
 *     link.href = url; link.click();
 *     image.onload = () => canvas.drawImage(image, 0, 0); image.src = url;
 */
import type { IrFunction, PlaceId } from '../../ir/ir.ts';
import { placesLeaving, placesRead } from '../../ir/operands.ts';
import type { ResourceInfo } from '../../models/model-set.ts';
import { inwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import { releasesOf } from './release-sites.ts';

const none: ReadonlySet<PlaceId> = new Set();

/** `opened`: where it is first. */
export function servedCopies(
  demand: Demand,
  scope: Scope,
  copiedTo: ResourceInfo['copiedTo'],
  opened: PlaceId | null,
): ReadonlySet<PlaceId> {
  if (copiedTo.size === 0) return none;
  const { fn } = scope;
  const isReleasedHere = opened !== null && isReleasedByName(demand, scope, opened);
  return new Set(
    fn.places.flatMap((place, id) => {
      const [field = '', ...inner] = place.kind === 'path' ? place.fields : [];
      const method = copiedTo.get(field);
      if (place.kind !== 'path' || inner.length > 0 || method === undefined) return [];
      const { root } = place;
      if (isReleasedHere && staysHere(fn, root)) return [id as PlaceId];
      return isCalledOn(fn, root, method) || isGivenTo(demand, scope, { root, field, method }) ? [id as PlaceId] : []; // numbered by position
    }),
  );
}

/** `image.src = url; await image.decode(); URL.revokeObjectURL(url);`: who does so has not left it with the picture. */
function isReleasedByName(demand: Demand, scope: Scope, opened: PlaceId): boolean {
  return releasesOf(demand, scope, opened, null).some(
    ({ place, isAfterFailure }) => !isAfterFailure && scope.fn.places[place]?.kind === 'local',
  );
}

function staysHere({ blocks, places, params, captures }: IrFunction, root: PlaceId): boolean {
  if (places[root]?.kind !== 'local' || params.includes(root) || captures.includes(root)) return false;
  return !blocks.some(
    ({ instructions, terminator }) =>
      placesLeaving(terminator).includes(root) ||
      instructions.some((one) => one.op !== 'call' && placesRead(one).includes(root)),
  );
}

/** What a function made here does with the link, it may do with what the link has. */
function isCalledOn({ blocks }: IrFunction, root: PlaceId, method: string): boolean {
  const instructions = blocks.flatMap((block) => block.instructions);
  return (
    instructions.some((one) => one.op === 'call' && one.receiver === root && calleeLabel(one) === method) &&
    !instructions.some((one) => one.op === 'closure' && one.captures.includes(root))
  );
}

interface Served {
  readonly root: PlaceId;
  readonly field: string;
  readonly method: string;
}

/** Nobody else gets the picture, and nobody asks it for its address: `URL.revokeObjectURL(this.src)`. */
function isGivenTo(demand: Demand, scope: Scope, { root, field, method }: Served): boolean {
  const { fn } = scope;
  if (fn.places[root]?.kind !== 'local' || fn.params.includes(root) || fn.captures.includes(root)) return false;
  const having = demand.closuresOf(scope).flatMap(({ inner }) => {
    const own = inwards(inner, root);
    return own === null ? [] : [{ fn: inner.fn, own }];
  });
  const isAsked = demand
    .closuresOf(scope)
    .some(({ inner }) => inner.fn.places.some((place) => place.kind === 'path' && place.fields[0] === field));
  if (isAsked) return false;
  const uses = [{ fn, own: root }, ...having].map((one) => usesOf(one.fn, one.own, method));
  return uses.some(({ isGiven }) => isGiven) && !uses.some(({ leaves }) => leaves);
}

function usesOf({ blocks }: IrFunction, own: PlaceId, method: string): { isGiven: boolean; leaves: boolean } {
  let isGiven = false;
  let leaves = false;
  for (const { instructions, terminator } of blocks) {
    leaves ||= placesLeaving(terminator).includes(own);
    for (const one of instructions) {
      if (one.op === 'closure' || (one.op === 'call' && one.receiver === own)) continue;
      const isMethod = one.op === 'call' && calleeLabel(one) === method;
      const isRead = placesRead(one).includes(own);
      isGiven ||= isMethod && isRead;
      leaves ||= !isMethod && isRead;
    }
  }
  return { isGiven, leaves };
}
