/** `using` and `await using`: what they hold is disposed of at the end of the block, the last one first. */
import type { PlaceId, Span } from '../../../ir/ir.ts';
import { isNull, placeValue } from '../../lowering/values.ts';
import { textIn } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { emitImplicitCall } from './calls.ts';
import type { Frame } from './frame.ts';

/** The method that ends what a declaration holds; null if it is not such a declaration. */
export function disposalOf(declaration: Node): string | null {
  const kind = textIn(declaration, 'kind');
  if (kind === 'using') return '[Symbol.dispose]';
  return kind === 'await using' ? '[Symbol.asyncDispose]' : null;
}

export interface Disposed {
  readonly node: Node;
  readonly places: readonly PlaceId[];
  readonly release: string;
  /** Where a reader sees the region end. */
  readonly span: Span;
}

export function lowerDisposed(frame: Frame, disposed: Disposed, body: () => void): void {
  const { node, places, release, span } = disposed;
  const [place, ...others] = places;
  if (place === undefined) return body();
  const start = node.range[0];
  const cleanup = frame.bound(() => {
    disposeUnlessNull(frame, place, release, { start, end: node.range[1] });
  });
  frame.depth++;
  frame.builder.withCleanup({
    // Several of one declaration are regions of their own.
    key: start + others.length,
    span,
    body: () => {
      lowerDisposed(frame, { ...disposed, places: others }, body);
    },
    cleanup,
  });
  frame.depth--;
}

function disposeUnlessNull(frame: Frame, place: PlaceId, release: string, span: Span): void {
  const { builder } = frame;
  const [present, after] = [builder.block(), builder.block()];
  builder.branch(isNull(place), after, present, span);
  builder.start(present);
  const result = emitImplicitCall(frame, place, release, span);
  if (release.includes('async')) {
    builder.emit({ op: 'await', dest: null, source: placeValue(result), throws: frame.tier, span });
  }
  builder.continueIn(after, span);
}
