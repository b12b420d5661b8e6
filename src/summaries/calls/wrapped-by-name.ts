/** What a function does to its arguments whose name, or use, says that its result works on them; nobody knows its body. */
import type { Effect, Guard, Slot } from '../../effects/effect.ts';
import type { CallInstruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';
import { successGuard } from './success-guard.ts';
import type { Demand } from '../demand.ts';
import { valueUses } from '../value-uses.ts';

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
export function wrappedOfItsType(scope: Scope, call: CallInstruction, resultType: string | null): Slot | null {
  const { wrappedTypes } = scope.world.models.conventions;
  if (resultType === null || wrappedTypes?.test(erase(resultType)) !== true) return null;
  const index = call.args.findIndex(
    ({ value }) => value.kind === 'place' && erase(scope.typeOf(value.place) ?? '') === erase(resultType),
  );
  return index < 0 ? null : { at: 'param', index };
}

/** More calls than this around each other, or one after the other, and nobody follows them. */
const MAX_CALLS = 8;
/** Each step of a builder asks where the rest of it leads, so a generated one of 20,000 steps must not be walked to its end. */
const MAX_REACHED = 100;

/**
 * `bucket = traced(metered(bucket))`, `in = Checked.builder().setSource(in).get()`: what the result of the call takes the
 * place of, or is a step to do so; null: nothing.
 */
export function replacedInput(demand: Demand, scope: Scope, { dests, args, receiver }: CallInstruction): Slot | null {
  const { fn } = scope;
  const [dest] = dests;
  if (dest === undefined) return null;
  const replaced = placesReached(fn, dest, MAX_CALLS);
  if (replaced.size > MAX_REACHED) demand.noteLimit('steps of a builder');
  const index = args.findIndex(
    ({ value }) =>
      value.kind === 'place' && !isPlainValue(scope, value.place) && isMadeOf(fn, value.place, replaced, MAX_CALLS),
  );
  if (index >= 0) return { at: 'param', index };
  const isStep = receiver !== null && !isNamed(fn, receiver) && isMadeOf(fn, receiver, replaced, MAX_CALLS);
  return isStep ? { at: 'receiver' } : null;
}

/** `ctx, tx, err := store.Begin(ctx)` */
function isPlainValue(scope: Scope, place: PlaceId): boolean {
  const type = scope.typeOf(place);
  return type !== null && scope.world.models.conventions.valueTypes.test(erase(type));
}

/** Is the place one of these variables, or what a call made that was given one, or a step behind such a call? */
function isMadeOf(fn: IrFunction, place: PlaceId, variables: ReadonlySet<PlaceId>, calls: number): boolean {
  if (isNamed(fn, place)) return fn.places[place]?.kind === 'local' && variables.has(place);
  if (calls === 0) return false;
  return valueUses(fn)
    .makers(place)
    .some(
      ({ args, receiver }) =>
        args.some(({ value }) => value.kind === 'place' && isMadeOf(fn, value.place, variables, calls - 1)) ||
        (receiver !== null && !isNamed(fn, receiver) && isMadeOf(fn, receiver, variables, calls - 1)),
    );
}

/** Where a value goes by copies, by calls that are given it, and step by step, `builder().of(it).get()`. */
function placesReached(fn: IrFunction, from: PlaceId, calls: number): ReadonlySet<PlaceId> {
  const uses = valueUses(fn);
  const reached = new Set([from]);
  for (const place of reached) {
    if (reached.size > MAX_REACHED) break;
    if (isNamed(fn, place)) continue;
    for (const copy of uses.copies(place)) reached.add(copy);
    for (const { dests } of uses.callsOn(place)) if (dests[0] !== undefined) reached.add(dests[0]);
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
