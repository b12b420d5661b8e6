/**
 * Whether the failure of an object ends the process, as the function made it and nobody listens for its error:
 *
 *     open(path).pipe(new Parser()).on('parsed', done);
 *
 * What somebody else may have as well, may be listened to there.
 */
import type { CallInstruction, PlaceId } from '../../ir/ir.ts';
import { isCopy, placesLeaving, placesRead } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';
import { slotPlace } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import { valueUses } from '../value-uses.ts';

export function endsProcessByFailing(demand: Demand, scope: Scope, place: PlaceId): boolean {
  if (scope.world.models.conventions.unheardErrors === null) return false;
  const same = new Set([place]);
  for (const one of same) {
    const sources = sourcesOf(scope, one);
    if (sources === null) return false;
    for (const source of sources) same.add(source);
  }
  return !mayBeHeard(demand, scope, same);
}

/** Places it comes from; empty: it was made there; null: somebody else may have it. */
function sourcesOf(scope: Scope, place: PlaceId): readonly PlaceId[] | null {
  const { fn } = scope;
  if (fn.places[place]?.kind !== 'local' || fn.params.includes(place) || fn.captures.includes(place)) return null;
  const sources: PlaceId[] = [];
  let isMade = false;
  for (const { instructions } of fn.blocks) {
    for (const one of instructions) {
      if (isCopy(one) && one.dest === place) sources.push(one.source.place);
      else if (one.op === 'await' && one.dest === place) return null;
      else if (one.op === 'call' && one.dests.includes(place)) {
        const passed = passedOn(scope, one);
        if (passed !== null) sources.push(passed);
        else if (isMaking(scope, one)) isMade = true;
        else return null;
      }
    }
  }
  return isMade || sources.length > 0 ? sources : null;
}

/** What such a call gives back: `source.pipe(target)`, `target.on('close', done)`. */
function passedOn(scope: Scope, call: CallInstruction): PlaceId | null {
  const effects = scope.resolved(call).models[0]?.summary.effects ?? [];
  const drain = effects.findLast((effect) => effect.kind === 'drain' && effect.slot.at === 'param');
  if (drain?.kind === 'drain') return slotPlace(call, drain.slot);
  return isListening(scope, call) ? call.receiver : null;
}

function isListening({ world }: Scope, { callee }: CallInstruction): boolean {
  return callee.kind === 'method' && world.models.conventions.unheardErrors?.methods.test(callee.name) === true;
}

/** Of a type that ends the process, or a type nobody knows: what emits an error without a listener does. */
function isMaking(scope: Scope, call: CallInstruction): boolean {
  const { world } = scope;
  const { resultType, ownerType, models } = scope.resolved(call);
  const type = call.callee.kind === 'construct' ? ownerType : models.length > 0 ? resultType : null;
  const types = world.models.conventions.unheardErrors?.types;
  if (type !== null && world.models.type(erase(type)) !== null)
    return world.ancestors(type).some((one) => types?.test(one) === true);
  // A class of the project may listen to itself.
  return (
    call.callee.kind === 'construct' && models.length === 0 && type !== null && world.project.type(erase(type)) === null
  );
}

function mayBeHeard(demand: Demand, scope: Scope, from: Iterable<PlaceId>): boolean {
  const { fn } = scope;
  const same = new Set(from);
  for (const place of same) {
    if (fn.places[place]?.kind !== 'local') return true;
    for (const copy of valueUses(fn).copies(place)) same.add(copy);
    for (const call of [...valueUses(fn).callsOn(place), ...valueUses(fn).takers(place)])
      if (passedOn(scope, call) === place) for (const dest of call.dests) same.add(dest);
  }
  const closures = demand.closuresOf(scope);
  return fn.blocks.some(({ instructions, terminator }) => {
    if (placesLeaving(terminator).some((place) => same.has(place))) return true;
    return instructions.some((one) => {
      if (isCopy(one) || !placesRead(one).some((place) => same.has(place))) return false;
      if (one.op === 'call') return hears(scope, one, same);
      if (one.op !== 'closure') return true;
      return closures.some(({ closure, inner }) => {
        if (closure !== one) return false;
        const captured = inner.fn.captures.filter((_, index) => same.has(closure.captures[index] as PlaceId));
        return mayBeHeard(demand, inner, captured);
      });
    });
  });
}

/** It listens for the error, or is given the object for something else than to be connected. */
function hears(scope: Scope, call: CallInstruction, same: ReadonlySet<PlaceId>): boolean {
  const passed = passedOn(scope, call);
  const isGiven = call.args.some(
    ({ value }) => value.kind === 'place' && same.has(value.place) && value.place !== passed,
  );
  if (isGiven) return true;
  if (call.receiver === null || !same.has(call.receiver) || !isListening(scope, call)) return false;
  const event = call.args[0]?.value;
  const heard = scope.world.models.conventions.unheardErrors?.event;
  return event?.kind !== 'literal' || (event.literal.kind === 'string' && event.literal.text === heard);
}
