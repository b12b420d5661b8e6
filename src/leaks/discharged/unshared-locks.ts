/**
 * A lock that the function made itself, and that nobody else has been given on the way out, is held against nobody: whatever
 * waits for it is made further on.
 *
 *     var mu sync.Mutex
 *     mu.Lock()
 *     if err := load(names); err != nil { return err }
 *     mu.Unlock()
 *     go collect(&mu, names)
 */
import { blocksPassed, type OpenExit } from '../../engine/state.ts';
import type { BasicBlock, Instruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { placesRead, placesWritten } from '../../ir/operands.ts';
import { reaches } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';

export function withoutUnsharedLocks(
  { fn }: Scope,
  { family, seed }: Obligation,
  open: readonly OpenExit[],
): readonly OpenExit[] {
  const [lock] = seed.places;
  if (family !== 'lock' || open.length === 0 || lock === undefined || !isMadeHere(fn, lock)) return open;
  const sharing = fn.blocks.filter((block) => isSharedIn(block, lock)).map(({ id }) => id);
  return open.filter((exit) => {
    const path = new Set([seed.block, ...blocksPassed(exit.state)]);
    return sharing.some((block) => path.has(block) || reaches(fn, block, seed.block));
  });
}

/** Declared without a value, which is a lock by itself, or constructed of nothing: `FileLock(path)` is one for whoever knows the path. */
function isMadeHere({ places, blocks, params, captures, receiver }: IrFunction, lock: PlaceId): boolean {
  const place = places[lock];
  if (place?.kind !== 'local' || lock === receiver || params.includes(lock) || captures.includes(lock)) return false;
  const writes = blocks.flatMap(({ instructions }) => instructions.filter((one) => placesWritten(one).includes(lock)));
  return writes.length > 0 && writes.every((one) => isMaking(one, place.typeHint !== null));
}

function isMaking(one: Instruction, isDeclared: boolean): boolean {
  if (one.op === 'call') return one.callee.kind === 'construct' && one.args.length === 0;
  return one.op === 'assign' && one.source.kind === 'unknown' && isDeclared;
}

/** Anything but a call on it may give it to somebody. */
function isSharedIn({ instructions, terminator }: BasicBlock, lock: PlaceId): boolean {
  const isReturned =
    terminator.op === 'return' && terminator.values.some((value) => value.kind === 'place' && value.place === lock);
  return isReturned || instructions.some((one) => isSharing(one, lock));
}

function isSharing(one: Instruction, lock: PlaceId): boolean {
  if (one.op !== 'call') return placesRead(one).includes(lock);
  return one.args.some(({ value }) => value.kind === 'place' && value.place === lock);
}
