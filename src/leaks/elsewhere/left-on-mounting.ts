/**
 * A handler of a component that the page is given whenever the component appears, and that nobody takes back:
 *
 *     const close = () => setOpen(false);
 *     useEffect(() => { window.addEventListener('keydown', close); }, []);
 *
 * The function around keeps the handler, so no path loses it. What is wrong is that the function ends with nothing to undo it.
 */
import type { OpenExit } from '../../engine/state.ts';
import type { CallInstruction, PlaceId } from '../../ir/ir.ts';
import { inwards, outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import { isMounting } from '../../summaries/obligations/mounting.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { valueUses } from '../../summaries/value-uses.ts';
import { isMadeAnew } from '../../summaries/obligations/what-listens.ts';
import { openAtEnd } from '../own-exits.ts';

export function leftOnMounting(demand: Demand, scope: Scope, obligation: Obligation): readonly OpenExit[] {
  const { family, hasSiblingRelease, seed, call } = obligation;
  const [place] = seed.places;
  if (family !== 'listener' || hasSiblingRelease || place === undefined) return [];
  const { fn } = scope;
  if (!fn.captures.includes(place) || !isMounting(scope) || !isMadeAnew(scope, place)) return [];
  if (isGivenToOthers(demand, scope, place, call)) return [];
  return [openAtEnd(fn, seed)];
}

/** Who else is given the handler may take it back: `useUndo(close)`, `useEffect(() => () => off('keydown', close))`. */
function isGivenToOthers(demand: Demand, scope: Scope, place: PlaceId, call: CallInstruction): boolean {
  const outer = outwards(scope, place);
  if (outer === null) return isTakenWithin(demand, scope, place, call);
  return isGivenToOthers(demand, outer.scope, outer.place, call);
}

function isTakenWithin(demand: Demand, scope: Scope, place: PlaceId, except: CallInstruction): boolean {
  const isTaken = valueUses(scope.fn)
    .takers(place)
    .some(({ callee, span }) => callee.kind !== 'aggregate' && span.start !== except.span.start);
  if (isTaken) return true;
  return demand.closuresOf(scope).some(({ inner }) => {
    const own = inwards(inner, place);
    return own !== null && isTakenWithin(demand, inner, own, except);
  });
}
