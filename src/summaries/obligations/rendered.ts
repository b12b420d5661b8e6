/**
 * Functions that a framework runs again with each change of what they show: components, and the hooks they call. What one leaves
 * behind whichever way it takes, each change adds to:
 *
 *     const [width, setWidth] = useState(0);
 *     window.addEventListener('resize', () => setWidth(window.innerWidth));
 *
 * What only some ways lead to may be for the first time alone.
 */
import type { BlockId, IrFunction, PlaceId } from '../../ir/ir.ts';
import { callsOf, successors } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../call-names.ts';
import { originsOf } from './origins.ts';

/** Is the block run each time? */
export function isRendered({ fn, world }: Scope, block: BlockId): boolean {
  const { renderHooks } = world.models.conventions;
  if (renderHooks === null || !callsOf(fn).some((call) => renderHooks.test(calleeLabel(call)))) return false;
  return isOnEveryWay(fn, block);
}

function isOnEveryWay(fn: IrFunction, block: BlockId): boolean {
  const reached = new Set<BlockId>([0 as BlockId]); // blocks[0] is the entry
  for (const id of reached) {
    const one = fn.blocks[id];
    if (one === undefined || id === block) continue;
    if (one.terminator.op === 'return') return false;
    for (const next of successors(one)) reached.add(next);
  }
  return reached.has(block);
}

/** A hook gave it, or somebody else: what the function makes each time goes with what was left with it. */
export function outlivesRendering(scope: Scope, place: PlaceId): boolean {
  const { accessors } = scope.world.models.conventions;
  return originsOf(scope, place).every(({ call }) => call === null || accessors.test(calleeLabel(call)));
}
