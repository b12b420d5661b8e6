/** Turns of a loop over elements: each is taken if there is another element. */
import type { FunctionBuilder } from '../../ir/builder.ts';
import type { BlockId, Span } from '../../ir/ir.ts';

export interface Turns {
  /** Asks whether there is another element, and leads to the body or away; it goes on from where the builder is. */
  readonly ask: () => void;
  /** From the start of the body back to `head`. */
  readonly turn: () => void;
  readonly head: BlockId;
  readonly body: BlockId;
  /** There surely is a first element: `for name in ("a", "b")`, `range 3`. */
  readonly hasFirst: boolean;
  readonly span: Span;
}

/** The builder is left in no block. */
export function lowerTurns(builder: FunctionBuilder, { ask, turn, head, body, hasFirst, span }: Turns): void {
  if (hasFirst) {
    builder.continueIn(body, span);
    turn();
    builder.start(head);
    ask();
    return;
  }
  builder.continueIn(head, span);
  ask();
  builder.start(body);
  turn();
}
