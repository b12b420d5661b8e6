/**
 * While a function waits for a lock, others may change what the lock guards. What it asked before, and asks again only with
 * the lock held, may have another answer then.
 *
 *     if !cache.stale { return }
 *     cache.mu.Lock()
 *     if !cache.stale { return } // still locked
 *
 * What is asked behind it with and without the lock is what decides whether to lock at all: `if shared { mu.Lock() }; …;
 * if shared { mu.Unlock() }` is answered alike both times.
 */
import { filterStore, someEntry, type Store } from '../../engine/store.ts';
import type { BasicBlock, BlockId, IrFunction, PlaceId } from '../../ir/ir.ts';
import { entryBlock, successors, walkBlocks } from '../../ir/walk.ts';

/** What is still known once the call in the block has the lock. */
export function knownBehindLock(fn: IrFunction, block: BlockId, facts: Store): Store {
  if (!someEntry(facts, (place) => isShared(fn, place))) return facts;
  const behind = new Set([block, ...blocksFrom(fn, block, null)]);
  const passing = blocksFrom(fn, null, block);
  return filterStore(facts, (place) => {
    if (!isShared(fn, place)) return true;
    const asking = fn.blocks.filter(({ id }) => behind.has(id)).filter((one) => asks(one, place));
    return asking.some(({ id }) => passing.has(id));
  });
}

/** Others have it as well: a field, a variable of the package, or what is worked out from one. */
function isShared({ places }: IrFunction, id: PlaceId): boolean {
  const place = places[id];
  if (place?.kind === 'predicate') return place.roots.some((root) => places[root]?.kind !== 'local');
  return place !== undefined && place.kind !== 'local';
}

function asks({ terminator }: BasicBlock, place: PlaceId): boolean {
  return terminator.op === 'branch' && terminator.when !== 'unknown' && terminator.when.place === place;
}

/** `from` null: from where the function begins, that included. `around`: a block no way may go through. */
function blocksFrom(fn: IrFunction, from: BlockId | null, around: BlockId | null): ReadonlySet<BlockId> {
  const start = from === null ? undefined : fn.blocks[from];
  const first = start === undefined ? [entryBlock] : successors(start);
  const onwards = (block: BasicBlock): readonly BlockId[] =>
    [...successors(block), ...(block.unwind === null ? [] : [block.unwind])].filter((next) => next !== around);
  const reached = walkBlocks(
    fn,
    first.filter((id) => id !== around),
    onwards,
  );
  return new Set(Array.from(reached, ({ id }) => id));
}
