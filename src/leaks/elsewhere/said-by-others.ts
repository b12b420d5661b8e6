/**
 * What the functions made in one function tell each other by its variables: one that was called before has seen to it that
 * all is over, and said so.
 *
 *     request.setTimeout(limit, () => { isOver = true; request.destroy(); });
 *     request.on('response', (response) => { if (isOver) return; … });
 */
import type { State, TraceEvent } from '../../engine/state.ts';
import type { Condition, IrFunction, PlaceId, Span } from '../../ir/ir.ts';
import { placesWritten } from '../../ir/operands.ts';
import { inwards, outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';

/** Did the path find a variable set that others set? */
export function wasSaidByOthers(demand: Demand, scope: Scope, { cause }: State): boolean {
  const { places } = scope.fn;
  for (let event: TraceEvent | null = cause; event !== null; event = event.previous) {
    const when = event.kind === 'branch' ? conditionAt(scope.fn, event.span) : null;
    if (when === null || (when.test !== 'true' && when.test !== 'null')) continue;
    const holds = (event.detail === 'true') !== when.negated;
    if (holds === (when.test === 'true') && isSetByOthers(demand, scope, flagOf(places, when.place))) return true;
  }
  return false;
}

/** `if (isOver)` may ask whether the value counts as true; `if (bytes > limit)` asks for no flag. */
function flagOf(places: IrFunction['places'], asked: PlaceId): PlaceId {
  const place = places[asked];
  if (place?.kind !== 'predicate' || place.compares !== null) return asked;
  const [only = asked, ...others] = place.roots;
  return others.length > 0 ? asked : only;
}

function conditionAt({ blocks }: IrFunction, span: Span): Condition | null {
  for (const { terminator } of blocks) {
    if (terminator.op !== 'branch' || terminator.when === 'unknown') continue;
    if (terminator.span.start === span.start && terminator.span.end === span.end) return terminator.when;
  }
  return null;
}

/** Does another function made in the function around set what this one has captured? */
function isSetByOthers(demand: Demand, scope: Scope, captured: PlaceId): boolean {
  const outer = outwards(scope, captured);
  if (outer === null) return false;
  return demand.closuresOf(outer.scope).some(({ closure, inner }) => {
    const own = inwards(inner, outer.place);
    if (closure === scope.around?.closure || own === null) return false;
    return inner.fn.blocks.some(({ instructions }) =>
      instructions.some((instruction) => placesWritten(instruction).includes(own)),
    );
  });
}
