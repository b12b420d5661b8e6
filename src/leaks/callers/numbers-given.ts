/**
 * The numbers that all who call a function give it, where they are written out or constants:
 *
 *     function retry(work: () => Promise<void>, ms: number) { … setTimeout(reject, ms); … }
 *     await retry(save, 2000);
 *
 * Of a function that others than those of the scan may call, these speak for the rest.
 */
import type { Argument, IrFunction, Operand, PlaceId } from '../../ir/ir.ts';
import { outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import { wholeArgumentFor, parameterAt } from './callers.ts';
import { callsInScan } from './callers-in-scan.ts';

/** From one who hands it on to the next. */
const MOST_HANDS = 3;

/** null: it is no parameter, nobody of the scan calls the function, or one gives what nobody can tell. */
export function longestGiven(demand: Demand, scope: Scope, place: PlaceId): number | null {
  return longest(demand, scope, place, MOST_HANDS);
}

function longest(demand: Demand, start: Scope, from: PlaceId, hands: number): number | null {
  let [scope, place] = [start, from];
  for (let outer = outwards(scope, place); outer !== null; outer = outwards(scope, place))
    [scope, place] = [outer.scope, outer.place];
  const index = scope.fn.params.indexOf(place);
  if (index < 0 || hands === 0) return null;
  const parameter = parameterAt(scope, index);
  let most: number | null = null;
  for (const { scope: caller, call } of callsInScan(demand, scope)) {
    if (call.args.some(({ isSpread }) => isSpread)) return null;
    const given = wholeArgumentFor(call, parameter);
    const number = given === null ? null : numberGiven(demand, caller, given, hands);
    if (number === null) return null;
    most = Math.max(most ?? 0, number);
  }
  return most;
}

function numberGiven(demand: Demand, caller: Scope, { number, value }: Argument, hands: number): number | null {
  const known = number ?? numberIn(caller, value);
  return known ?? (value.kind === 'place' ? longest(demand, caller, value.place, hands - 1) : null);
}

/** Written out, or a constant of another file. */
export function numberIn({ fn, file, world }: Scope, value: Operand): number | null {
  if (value.kind === 'literal')
    return value.literal.kind === 'number' ? Number(value.literal.text.replaceAll('_', '')) : null;
  const name = value.kind === 'place' ? globalName(fn, value.place) : null;
  return name === null ? null : world.project.number(world.resolve(file.index, fn.owner, name));
}

/** `LIMIT`, `Limits.idle`, `delays.retry.first` */
function globalName({ places }: IrFunction, id: PlaceId): string | null {
  const place = places[id];
  if (place?.kind === 'global') return place.name;
  const root = place?.kind === 'path' ? places[place.root] : undefined;
  return place?.kind === 'path' && root?.kind === 'global' ? [root.name, ...place.fields].join('.') : null;
}
