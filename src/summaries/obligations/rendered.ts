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
import { callsOf } from '../../ir/operands.ts';
import { entryBlock, successors, walkBlocks } from '../../ir/walk.ts';
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
  let isReached = false;
  for (const { id, terminator } of walkBlocks(fn, [entryBlock], (one) => (one.id === block ? [] : successors(one)))) {
    isReached ||= id === block;
    if (id !== block && terminator.op === 'return') return false;
  }
  return isReached;
}

/** A hook gave it, or somebody else: what the function makes each time goes with what was left with it. */
export function outlivesRendering(scope: Scope, place: PlaceId): boolean {
  const { accessors } = scope.world.models.conventions;
  return originsOf(scope, place).every(({ call }) => call === null || accessors.test(calleeLabel(call)));
}
