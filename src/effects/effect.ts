/**
 * What a call does to resources: the one vocabulary shared by library models (written by hand) and
 * inferred summaries (written by the engine). The engine knows nothing else about calls.
 */
import type { Span, ThrowTier, TypeHint } from '../ir/ir.ts';

/** Key of a resource kind in `rules/`, e.g. `java/file-stream`. */
export type ResourceKind = string;

/** Of a type that no rule is about: what it is called is all we know of it. */
export const GENERIC_RESOURCE: ResourceKind = 'closeable';

export type Slot = { readonly fields?: readonly string[] } & (
  | { readonly at: 'receiver' }
  | { readonly at: 'param'; readonly index: number }
  /** Every argument from `index` on: varargs. */
  | { readonly at: 'params'; readonly index: number }
  | { readonly at: 'result'; readonly index: number }
  | { readonly at: 'capture'; readonly index: number }
  /** The function value that is called. */
  | { readonly at: 'callee' }
);

/** Holds of a call's outcome when the value in the slot is so, e.g. the error result is null. */
export interface Guard {
  readonly slot: Slot;
  readonly is: 'null' | 'set' | 'true' | 'false';
}

/** Where the duty to release went. */
export type Owner = 'caller' | 'field' | 'container' | 'static' | 'task' | 'runtime';

/** What a fix writes before the call, so that what is in the slot is released where the other end fails. */
export interface DrainFix {
  /** With parts of the call: `{param0}.on('close', () => {receiver}.destroy())`. */
  readonly written: string;
  /** What else it changes; null: nothing. */
  readonly reason: string | null;
}

/** A call after which it stays open if what it is connected with there fails. */
export interface Unless {
  readonly span: Span;
  readonly label: string;
}

export type Effect = {
  readonly on: 'return' | 'throw' | 'both';
  readonly certainty: 'must' | 'may';
  readonly given?: Guard;
} &
  /** A fresh obligation appears in the slot. Releasing a value in `heldBy` releases it too. */
  (
    | {
        readonly kind: 'acquire';
        readonly slot: Slot;
        readonly resource: ResourceKind;
        readonly heldBy?: readonly Slot[];
        /** What ends the value in this slot ends it too: the parent of a context. */
        readonly within?: Slot;
        /** The value that others are `within`, which lives until this is released. */
        readonly makes?: Slot;
      }
    /** `drained`: as `drain` does, so it is no sign of whose it is. */
    | {
        readonly kind: 'release';
        readonly slot: Slot;
        readonly resource?: ResourceKind;
        readonly drained?: true;
        readonly unless?: Unless;
      }
    /** Carried on to its end by somebody else, which releases it, unless what it is connected with fails before. */
    | { readonly kind: 'drain'; readonly slot: Slot; readonly otherwise?: DrainFix }
    /** Wrapper or fluent result: `into` is the same resource as `from`. */
    | { readonly kind: 'alias'; readonly from: Slot; readonly into: Slot }
    | { readonly kind: 'transfer'; readonly from: Slot; readonly to: Slot | Owner }
    /** Used and given back. */
    | { readonly kind: 'borrow'; readonly slot: Slot }
    /** May be kept: we cannot tell. */
    | { readonly kind: 'escape'; readonly slot: Slot }
    /** Calls the closure in the slot: during the call, some time later, or on every way out. */
    | {
        readonly kind: 'invoke';
        readonly slot: Slot;
        readonly with: readonly Slot[];
        readonly when: 'now' | 'later' | 'always';
        /** Only where the promise in the receiver came out so; `rejected` takes the failure. */
        readonly outcome?: 'fulfilled' | 'rejected';
        /** What its parameters get that was opened for it, and the number of the one that is null then. */
        readonly gives?: { readonly resources: readonly (ResourceKind | null)[]; readonly error: number | null };
      }
    /** The result is true exactly when the slot is so: `Objects.isNull(x)`, `socket.isClosed()`. */
    | { readonly kind: 'test'; readonly slot: Slot; readonly is: 'null' | 'set' | 'open' | 'released' }
    | { readonly kind: 'throws'; readonly tier: ThrowTier; readonly types: readonly TypeHint[] }
    /** How surely the promise it gives is rejected. */
    | { readonly kind: 'rejects'; readonly tier: ThrowTier }
    | { readonly kind: 'noReturn' }
  );

/** How sure we are which callee it is. */
export type Resolution = 'exact' | 'typed' | 'name-only' | 'unknown';

export interface Summary {
  readonly effects: readonly Effect[];
}
