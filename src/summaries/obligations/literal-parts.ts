/**
 * Which fields a resource is in that was put into literals: `&Session{Conn: conn}`. What becomes of such a field becomes of
 * the resource.
 */
import type { PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../demand.ts';
import { groupsReturned } from '../functions/flow-groups.ts';
import type { Obligation } from './obligations.ts';

/** Of the literals that this function makes. */
export function literalParts(demand: Demand, scope: Scope, place: PlaceId | null): readonly string[] {
  if (place === null || !scope.world.models.conventions.constructsByFields) return [];
  return [...new Set(literalsWith(demand, scope, [place]).flatMap(({ field }) => field ?? []))];
}

/** What the result of a call is of the resource in it, where it is not the resource itself. */
export interface Carrier {
  /** Fields of the result that the resource is in. */
  readonly parts: readonly string[];
  /** Methods of the result's class that release such a field. */
  readonly endedBy: readonly string[];
}

const itself: Carrier = { parts: [], endedBy: [] };

/**
 * Of what the function returns, as the result `index`. None where the resource is returned as it is, or beside another one in
 * a field of its own: that field is not the whole. null: what has it in a field cannot be released in its place, as it is a
 * function to be called.
 */
export function carrierReturned(
  demand: Demand,
  scope: Scope,
  obligation: Obligation,
  all: readonly Obligation[],
  index: number,
): Carrier | null {
  if (!scope.world.models.conventions.constructsByFields) return itself;
  const groups = demand.groups(scope);
  const returned = groupsReturned(scope.fn, groups, index);
  const inReturned = (places: readonly PlaceId[]): readonly FieldOfLiteral[] =>
    literalsWith(demand, scope, places).filter(({ literal }) => returned.has(groups.group(literal)));
  const found = inReturned(obligation.seed.places);
  if (found.length === 0) return obligation.carrier;
  const isReleased = ({ type, field }: FieldOfLiteral): boolean =>
    field !== null && releasersOf(demand, scope, type, field).length > 0;
  if (found.some((one) => isEndedInVain(scope, one.type) && !isReleased(one))) return null;
  const others = all.filter((one) => one !== obligation);
  const whole = scope.world.models.resource(obligation.resource).isFunction ? null : itself;
  if (inReturned(others.flatMap(({ seed }) => seed.places)).length > 0) return whole;
  const fields = new Set(found.map(({ field }) => field));
  const [field] = fields;
  if (fields.size !== 1 || field == null) return whole;
  return {
    parts: [field],
    endedBy: [...new Set(found.flatMap(({ type }) => releasersOf(demand, scope, type, field)))],
  };
}

/** `Cancel` beside `Close`: what plainly releases the field, and so ends what somebody has as an interface. */
function releasersOf(demand: Demand, scope: Scope, type: string | null, field: string): readonly string[] {
  const found = type === null ? null : scope.world.project.type(type);
  return found === null ? [] : [...(demand.fieldReleases.plain(found.file).get(field) ?? [])];
}

/** `func (s *store) Close() error { return nil }`: the type keeps for good what it has, and whoever has one can do nothing about it. */
function isEndedInVain({ world }: Scope, type: string | null): boolean {
  const found = type === null ? null : world.project.type(type);
  if (found === null) return false;
  const { releaseMethods } = world.models.conventions;
  const ends = found.file.index.declarations.filter(
    ({ owner, name, hasBody }) => owner === found.shape.name && hasBody && releaseMethods.has(name),
  );
  return ends.length > 0 && ends.every(({ calls }) => calls.size === 0);
}

interface FieldOfLiteral {
  readonly literal: PlaceId;
  readonly type: string | null;
  /** null: nobody knows its name. */
  readonly field: string | null;
}

/** Literals with what is in one of the places in a field, or with another such literal. */
function literalsWith(demand: Demand, scope: Scope, places: readonly PlaceId[]): readonly FieldOfLiteral[] {
  const groups = demand.groups(scope);
  const held = new Set(places.map((place) => groups.group(place)));
  const found: FieldOfLiteral[] = [];
  for (const call of callsOf(scope.fn)) {
    const [literal] = call.dests;
    if (call.callee.kind !== 'construct' || literal === undefined) continue;
    for (const [position, { value, name }] of call.args.entries()) {
      if (value.kind !== 'place' || !held.has(groups.group(value.place))) continue;
      const { ownerType: type } = scope.resolved(call);
      found.push({ literal, type, field: name ?? fieldAt(scope, type, position) });
      held.add(groups.group(literal));
    }
  }
  return found;
}

function fieldAt({ world }: Scope, type: string | null, position: number): string | null {
  const found = type === null ? null : world.project.type(type);
  return found?.shape.fields[position]?.name ?? null;
}
