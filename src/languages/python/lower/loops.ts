/** `while` and `for`, with what runs when they end by themselves. */
import type { BlockId } from '../../../ir/ir.ts';
import { lowerTurns } from '../../lowering/turns.ts';
import { childInField, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { closingSpan, hasKeyword } from '../nodes.ts';
import { lowerCondition } from './conditions.ts';
import type { Frame } from './frame.ts';
import { assignElement, hasElement, lowerIterable } from './iterables.ts';
import { lowerBlock } from './statements.ts';

export function lowerWhile(frame: Frame, node: SyntaxNode): void {
  const { builder } = frame;
  const [head, body, finished, end] = [builder.block(), builder.block(), builder.block(), builder.block()];
  const condition = childInField(node, 'condition');
  builder.continueIn(head, spanOf(node));
  if (condition === null) builder.branch('unknown', body, finished, spanOf(node));
  else lowerWaiting(frame, condition, body, finished);
  builder.start(body);
  lowerTurn(frame, node, { next: head, end });
  lowerEnd(frame, node, { finished, end });
}

function lowerWaiting(frame: Frame, condition: SyntaxNode, body: BlockId, finished: BlockId): void {
  const wasWaiting = frame.isWaiting;
  frame.isWaiting = true;
  lowerCondition(frame, condition, body, finished);
  frame.isWaiting = wasWaiting;
}

export function lowerFor(frame: Frame, node: SyntaxNode): void {
  const { builder } = frame;
  const [left, right] = [childInField(node, 'left'), childInField(node, 'right')];
  const isAwaited = hasKeyword(node, 'async');
  const span = spanOf(right ?? node);
  const element = right === null ? null : lowerIterable(frame, right, isAwaited);
  const [head, body, finished, end] = [builder.block(), builder.block(), builder.block(), builder.block()];
  const ask = (): void => {
    builder.branch('unknown', body, finished, span);
  };
  const turn = (): void => {
    if (left !== null) assignElement(frame, left, element, isAwaited);
    lowerTurn(frame, node, { next: head, end });
  };
  const hasFirst = right !== null && !isAwaited && hasElement(frame, right);
  lowerTurns(builder, { ask, turn, head, body, hasFirst, span });
  lowerEnd(frame, node, { finished, end });
}

function lowerTurn(frame: Frame, node: SyntaxNode, { next, end }: { next: BlockId; end: BlockId }): void {
  const targets = { labels: [], takesPlainBreak: true, breakTo: end, continueTo: next, yieldTo: null };
  const body = childInField(node, 'body');
  frame.builder.withTargets(targets, () => {
    if (body !== null) lowerBlock(frame, body);
  });
  frame.builder.jump(next, closingSpan(body ?? node));
}

/** A `break` leaves out the `else`. */
function lowerEnd(frame: Frame, node: SyntaxNode, { finished, end }: { finished: BlockId; end: BlockId }): void {
  const { builder } = frame;
  const alternative = childInField(node, 'alternative');
  const body = alternative === null ? null : childInField(alternative, 'body');
  builder.start(finished);
  if (body !== null) lowerBlock(frame, body);
  builder.continueIn(end, closingSpan(node));
}
