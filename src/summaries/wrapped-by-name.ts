/** What a function does to its arguments whose name, or use, says that its result works on them; nobody knows its body. */
import type { Effect, Guard, Slot } from '../effects/effect.ts';
import type { CallInstruction, IrFunction, PlaceId } from '../ir/ir.ts';
import type { ResolvedCall } from '../resolve/resolve-call.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase } from '../resolve/type-names.ts';
import { successGuard } from './success-guard.ts';
import { valueUses } from './value-uses.ts';

/** `r, err := zstd.NewReader(f)`: the result works on the argument; where it failed it may have released it. */
export function wrappedByName(
  scope: Scope,
  call: CallInstruction,
  resolved: ResolvedCall,
  from: Slot,
): readonly Effect[] {
  const success = successGuard(scope, call, resolved);
  const alias: Effect = { kind: 'alias', from, into: { at: 'result', index: 0 }, on: 'return', certainty: 'may' };
  if (success === null) return [alias];
  const failure: Guard = { ...success, is: success.is === 'null' ? 'set' : 'false' };
  return [
    { ...alias, given: success },
    { kind: 'escape', slot: from, on: 'both', certainty: 'may', given: failure },
  ];
}

/** `w := s2.NewWriter(&buffer)`: what works on something that needs no release needs none either. */
export function wrapsExempt(scope: Scope, call: CallInstruction, name: string): boolean {
  const first = call.args[0]?.value;
  if (first?.kind !== 'place' || scope.world.models.conventions.wrapsByName?.test(name) !== true) return false;
  const type = scope.typeOf(first.place);
  return type !== null && scope.world.isExempt(type);
}

/** `shared, reader := NewShared(conn)`, with a connection for a result: the argument it works on; null: there is none. */
export function wrappedOfItsType(scope: Scope, call: CallInstruction, resultType: string | null): number | null {
  const { wrappedTypes } = scope.world.models.conventions;
  if (resultType === null || wrappedTypes?.test(erase(resultType)) !== true) return null;
  const index = call.args.findIndex(
    ({ value }) => value.kind === 'place' && erase(scope.typeOf(value.place) ?? '') === erase(resultType),
  );
  return index < 0 ? null : index;
}

/** More calls than this around each other, and nobody follows them. */
const MAX_WRAPPERS = 4;

/** `bucket = traced(metered(bucket))`: the argument that the result takes the place of; null: there is none. */
export function replacedArgument(scope: Scope, call: CallInstruction): number | null {
  const { fn } = scope;
  const dest = call.dests[0];
  if (dest === undefined) return null;
  const replaced = placesReached(fn, dest, MAX_WRAPPERS);
  const index = call.args.findIndex(
    ({ value }) =>
      value.kind === 'place' && !isPlainValue(scope, value.place) && isMadeOf(fn, value.place, replaced, MAX_WRAPPERS),
  );
  return index < 0 ? null : index;
}

/** `ctx, tx, err := store.Begin(ctx)` */
function isPlainValue(scope: Scope, place: PlaceId): boolean {
  const type = scope.typeOf(place);
  return type !== null && scope.world.models.conventions.valueTypes.test(erase(type));
}

/** Is the place one of these variables, or what a call made that was given one? */
function isMadeOf(fn: IrFunction, place: PlaceId, variables: ReadonlySet<PlaceId>, calls: number): boolean {
  if (isNamed(fn, place)) return fn.places[place]?.kind === 'local' && variables.has(place);
  if (calls === 0) return false;
  return valueUses(fn)
    .makers(place)
    .some(({ args }) =>
      args.some(({ value }) => value.kind === 'place' && isMadeOf(fn, value.place, variables, calls - 1)),
    );
}

/** Where a value goes by copies, and by calls that are given it. */
function placesReached(fn: IrFunction, from: PlaceId, calls: number): ReadonlySet<PlaceId> {
  const uses = valueUses(fn);
  const reached = new Set([from]);
  for (const place of reached) {
    if (isNamed(fn, place)) continue;
    for (const copy of uses.copies(place)) reached.add(copy);
    if (calls === 0) continue;
    for (const { dests } of uses.takers(place)) {
      const [dest] = dests;
      if (dest !== undefined) for (const further of placesReached(fn, dest, calls - 1)) reached.add(further);
    }
  }
  return reached;
}

function isNamed(fn: IrFunction, id: PlaceId): boolean {
  const place = fn.places[id];
  return place?.kind !== 'local' || place.name !== null;
}
