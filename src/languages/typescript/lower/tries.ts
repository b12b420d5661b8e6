/** `try`. A clause takes whatever is thrown: which exceptions it is meant for cannot be written. */
import type { ClauseLowering } from '../../../ir/builder.ts';
import { placeValue } from '../../lowering/values.ts';
import { childOf, closingSpan, identifierName, spanOf } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { boundNames } from '../patterns.ts';
import type { Frame } from './frame.ts';
import { declareLocal } from './hoisting.ts';
import { assignPattern } from './patterns.ts';
import { lowerBlockOf } from './statements.ts';

export function lowerTry(frame: Frame, node: Node): void {
  const block = childOf(node, 'block');
  const handler = childOf(node, 'handler');
  const finalizer = childOf(node, 'finalizer');
  const guarded = (): void => {
    // Whoever guards something expects it to fail.
    frame.withTier('likely', () => {
      if (block !== null) lowerBlockOf(frame, block);
    });
  };
  const withClause = (): void => {
    if (handler === null) return guarded();
    frame.builder.catching(guarded, [readClause(frame, handler, finalizer !== null)], spanOf(node));
  };
  if (finalizer === null) return withClause();
  const cleanup = frame.bound(() => {
    lowerBlockOf(frame, finalizer);
  });
  const span = closingSpan(finalizer);
  frame.builder.withCleanup({ key: finalizer.range[0], span, body: withClause, cleanup });
}

function readClause(frame: Frame, handler: Node, hasFinally: boolean): ClauseLowering {
  const body = childOf(handler, 'body');
  const lower = frame.bound(() => {
    frame.scoped(() => {
      lowerCaught(frame, handler);
      // What fails in the clause is still seen to by the `finally`.
      frame.withTier(hasFinally ? 'likely' : frame.tier, () => {
        if (body !== null) lowerBlockOf(frame, body);
      });
    });
  });
  return { types: [], isBroad: true, lower };
}

function lowerCaught(frame: Frame, handler: Node): void {
  const { builder } = frame;
  const param = childOf(handler, 'param');
  const span = spanOf(param ?? handler);
  if (param === null || identifierName(param) !== null) {
    const dest = param === null ? null : declareLocal(frame, param, null, 'object');
    builder.emit({ op: 'caught', dest, span });
    return;
  }
  const dest = builder.places.temp();
  builder.emit({ op: 'caught', dest, span });
  for (const bound of boundNames(param)) declareLocal(frame, bound, null, null);
  assignPattern(frame, param, placeValue(dest));
}
