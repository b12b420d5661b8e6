/**
 * Which fields of its object does a function release as elements of a list that it makes of them? Evidence of ownership, never
 * proof of release.
 *
 *     for (Statement each : List.of(insert, update)) each.close();
 *     Stream.of(insert, update).forEach(Statement::close);
 */
import { ownPath } from '../../engine/receiver.ts';
import type { CallInstruction, PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import { elementField } from '../../ir/places.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import type { ReleaseSite } from '../obligations/release-sites.ts';

export function fieldsReleasedAsElements(demand: Demand, scope: Scope, sites: readonly ReleaseSite[]): string[] {
  const { fn } = scope;
  const makers = callsOf(fn).filter((call) => fieldsGiven(scope, call).length > 1);
  const { runsAtOnce } = scope.world.models.conventions;
  const mayEndThem = sites.length > 0 || callsOf(fn).some((call) => runsAtOnce?.test(calleeLabel(call)) === true);
  if (makers.length === 0 || !mayEndThem) return [];
  const groups = demand.groups(scope);
  const released = new Set(sites.map(({ place }) => groups.group(place)));
  const ended = new Set<PlaceId>();
  fn.places.forEach((place, id) => {
    if (place.kind !== 'path' || place.fields.at(-1) !== elementField) return;
    if (released.has(groups.group(id as PlaceId))) ended.add(groups.group(place.root)); // places are numbered by position
  });
  for (const call of callsOf(fn)) {
    if (call.receiver !== null && endsElements(demand, scope, call)) ended.add(groups.group(call.receiver));
  }
  return makers
    .filter(({ dests }) => dests.some((dest) => ended.has(groups.group(dest))))
    .flatMap((call) => fieldsGiven(scope, call));
}

function fieldsGiven({ fn }: Scope, { args, dests }: CallInstruction): readonly string[] {
  if (dests.length === 0) return [];
  return args.flatMap(({ value }) => (value.kind === 'place' ? (ownPath(fn, value.place) ?? []) : []));
}

/** `list.forEach(this::end)` */
function endsElements(demand: Demand, scope: Scope, call: CallInstruction): boolean {
  if (scope.world.models.conventions.runsAtOnce?.test(calleeLabel(call)) !== true) return false;
  const given = new Set(call.args.flatMap(({ value }) => (value.kind === 'place' ? [value.place] : [])));
  return demand
    .closuresOf(scope)
    .some(
      ({ closure, inner }) =>
        given.has(closure.dest) &&
        demand
          .closureEffects(scope, inner.fn.id)
          .some((effect) => effect.kind === 'release' && effect.slot.at === 'param' && effect.slot.index === 0),
    );
}
