/**
 * How a function tells its caller that it failed, and which of its ways out do. What happens to an argument only where
 * it succeeds is guarded by that:
 *
 *     func newReader(f *os.File) (*Reader, error)      keeps `f` in what it returns, if the error is null
 */
import type { Guard } from '../../effects/effect.ts';
import type { OpenExit } from '../../engine/state.ts';
import { read } from '../../engine/store.ts';
import { NON_NULL } from '../../engine/value.ts';
import type { BasicBlock, BlockId, IrFunction, PlaceId } from '../../ir/ir.ts';
import { nullTest, successors, walkBlocks } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import { resultTypes } from '../../resolve/type-names.ts';

export interface Failure {
  /** Holds of a call that succeeded. */
  readonly success: Guard;
  /** Is the way out surely one of failure? */
  ends(exit: OpenExit): boolean;
  /** Does the block return an error, by what was asked right before it? */
  isIn(block: BlockId): boolean;
}

/** null: the function has no such result. */
export function failureOf({ fn, world }: Scope): Failure | null {
  const { errorResult } = world.models.conventions;
  const types = fn.returns === null ? [] : resultTypes(fn.returns);
  const index = types.length - 1;
  if (errorResult?.test(types[index] ?? '') !== true) return null;
  return {
    success: { slot: { at: 'result', index }, is: 'null' },
    ends({ kind, state }) {
      const terminator = state.path === null ? undefined : fn.blocks[state.path.block]?.terminator;
      const value = kind === 'return' && terminator?.op === 'return' ? terminator.values[index] : undefined;
      return value?.kind === 'fresh' || (value?.kind === 'place' && read(state.store, value.place) === NON_NULL);
    },
    isIn(id) {
      const terminator = fn.blocks[id]?.terminator;
      const value = terminator?.op === 'return' ? terminator.values[index] : undefined;
      return value?.kind === 'fresh' || (value?.kind === 'place' && isSetThere(fn, value.place, id));
    },
  };
}

/** `if err != nil { mu.Unlock(); return err }` */
function isSetThere(fn: IrFunction, place: PlaceId, to: BlockId): boolean {
  const before = fn.blocks.filter((block) => successors(block).includes(to));
  return (
    before.length > 0 &&
    before.every(({ terminator }) => {
      const asked = nullTest(terminator);
      return asked?.place === place && asked.whereNot === to && asked.whereNull !== to;
    })
  );
}

/** Blocks that lie behind no error that was there, for functions that say nothing of their own failure. */
export function reachedWithoutError(scope: Scope, from: BlockId): ReadonlySet<BlockId> {
  const withoutError = (block: BasicBlock): readonly BlockId[] => {
    const failing = failingSide(scope, block);
    return successors(block).filter((next) => next !== failing);
  };
  return new Set(Array.from(walkBlocks(scope.fn, [from], withoutError), ({ id }) => id));
}

/** Where a test of an error leads that is there. */
function failingSide(scope: Scope, { terminator }: BasicBlock): BlockId | null {
  const asked = nullTest(terminator);
  if (asked === null) return null;
  const isError = scope.world.models.conventions.errorResult?.test(scope.typeOf(asked.place) ?? '') === true;
  return isError ? asked.whereNot : null;
}
