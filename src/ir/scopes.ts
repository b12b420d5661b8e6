/** What surrounds the code being built: handlers, cleanup regions, targets of jumps; and ways out of them. */
import type { BlockId, Operand, Span } from './ir.ts';

/** What `break`, `continue` and `yield` may name; null where the construct does not accept it. */
export interface JumpTargets {
  readonly labels: readonly string[];
  /** `break` without a label stops here; a labelled block takes only its label. */
  readonly takesPlainBreak: boolean;
  readonly breakTo: BlockId | null;
  readonly continueTo: BlockId | null;
  readonly yieldTo: BlockId | null;
}

export interface CleanupRegion {
  /** Identifies the region's syntax within the function, e.g. its offset. */
  readonly key: number;
  /** Where a reader sees the region end. */
  readonly span: Span;
  readonly body: () => void;
  /** Called once for each copy. */
  readonly cleanup: () => void;
}

/** One way out of a scope. */
export type Way =
  | { readonly kind: 'jump'; readonly to: BlockId; readonly depth: number; readonly span: Span }
  | { readonly kind: 'return'; readonly values: readonly Operand[]; readonly isShared: boolean; readonly span: Span }
  | { readonly kind: 'rethrow'; readonly span: Span };

/** A copy of a cleanup region, and where it leads. */
export interface Exit {
  readonly entry: BlockId;
  readonly ways: Way[];
}

export interface CleanupScope {
  readonly kind: 'cleanup';
  readonly region: CleanupRegion;
  readonly handler: BlockId;
  readonly exits: Exit[];
  /** Once the copies run out, every further way out goes through this one. */
  shared: Exit | null;
}

export type Scope =
  CleanupScope | { readonly kind: 'catch'; readonly handler: BlockId } | ({ readonly kind: 'target' } & JumpTargets);

/** Ways that may share a copy of a cleanup region. */
export function isSameWay(first: Way, second: Way): boolean {
  if (first.kind === 'jump') return second.kind === 'jump' && first.to === second.to;
  if (first.kind === 'rethrow') return second.kind === 'rethrow';
  if (second.kind !== 'return') return false;
  if (first.isShared && second.isShared) return true;
  return first.span.start === second.span.start && first.span.end === second.span.end;
}
