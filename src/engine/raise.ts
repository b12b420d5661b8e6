/** Where an exception takes a state. */
import type { BasicBlock, Span, ThrowTier, TypeHint } from '../ir/ir.ts';
import type { Walk } from './machine.ts';
import { traced, weaker, type State } from './state.ts';

export function raise(
  block: BasicBlock,
  tier: ThrowTier,
  types: readonly TypeHint[] | null,
  span: Span,
  label: string,
  state: State,
  walk: Walk,
): void {
  if (tier === 'never') return;
  const thrown: State = {
    ...state,
    weakest: weaker(state.weakest, tier),
    thrown: types,
    cause: traced(state, 'throws', span, label),
  };
  unwind(block, span, thrown, walk);
}

export function unwind(block: BasicBlock, span: Span, state: State, walk: Walk): void {
  if (block.unwind === null) walk.open('throw', span, state, []);
  else walk.go(block.unwind, state);
}
