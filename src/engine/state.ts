/** One path's knowledge of one resource, and how it got there. */
import type { BlockId, CallInstruction, Span, ThrowTier, TypeHint } from '../ir/ir.ts';
import { throwTiers } from '../ir/ir.ts';
import type { Owner, ResourceKind, Unless } from '../effects/effect.ts';
import type { FunctionFacts } from './function-facts.ts';
import { emptyStore, type Store } from './store.ts';

/** A step worth telling; a list back to the acquisition. */
export interface TraceEvent {
  readonly kind:
    | 'acquired'
    | 'wrapped'
    | 'derived'
    /** To a function that runs on its own. */
    | 'given'
    | 'branch'
    | 'throws'
    | 'fails'
    | 'skipped'
    | 'caught'
    | 'overwritten'
    | 'dropped'
    | 'settled';
  readonly span: Span;
  /** Name of the callee; for a branch which way it went. */
  readonly detail: string;
  readonly previous: TraceEvent | null;
}

/** Blocks walked, newest first; what replay follows. */
export interface PathLink {
  readonly block: BlockId;
  readonly previous: PathLink | null;
}

export interface State {
  readonly store: Store;
  /** Least certain exceptional edge taken so far; null: none. */
  readonly weakest: ThrowTier | null;
  /** Types of the exception in flight or last caught; null: not known. */
  readonly thrown: readonly TypeHint[] | null;
  /** Facts were lost in a merge. */
  readonly isCoarse: boolean;
  /** An effect that only may happen was passed. */
  readonly usesMay: boolean;
  /** Of what is followed without knowing its kind: the kinds that were released on the way. */
  readonly releasedAs: readonly ResourceKind[];
  /** Loops over a collection that holds it which have had their first turn. */
  readonly begun: readonly BlockId[];
  /** A call that might keep it was taken to borrow it. */
  readonly wasLent: boolean;
  readonly cause: TraceEvent;
  readonly path: PathLink | null;
}

/** How a path begins: the call of this name acquires what is followed. */
export function acquiredBy({ span, label }: { readonly span: Span; readonly label: string }): TraceEvent {
  return { kind: 'acquired', span, detail: label, previous: null };
}

/** A path that starts with this event, before anything happened on it. */
export function stateFrom(cause: TraceEvent, store: Store = emptyStore): State {
  return {
    store,
    weakest: null,
    thrown: null,
    isCoarse: false,
    usesMay: false,
    wasLent: false,
    releasedAs: [],
    begun: [],
    cause,
    path: null,
  };
}

export type ExitKind =
  | 'return'
  | 'throw'
  /** The last reference was overwritten. */
  | 'overwritten'
  /** It was never held by a name, or the last temporary holding it is gone. */
  | 'dropped';

/** The obligation is still open where the path ends. */
export interface OpenExit {
  readonly kind: ExitKind;
  readonly span: Span;
  readonly state: State;
  /** Fields of the receiver that hold it there. */
  readonly fields: readonly string[];
}

/** Why a path needs no release here. */
export type Settlement =
  /** `only`: by something that releases these kinds and nothing else; absent: whatever it is. `drained`: by its end. */
  | {
      readonly kind: 'released';
      readonly only?: readonly ResourceKind[];
      readonly drained?: true;
      readonly unless?: Unless;
    }
  /** `alone`: it was the only value returned. */
  | { readonly kind: 'returned'; readonly index: number; readonly alone: boolean }
  /** `isOwn`: the field is of this object, and the function itself does not mention it. */
  | { readonly kind: 'transferred'; readonly to: Owner; readonly field: string | null; readonly isOwn?: boolean }
  | { readonly kind: 'escaped'; readonly span: Span; readonly why: string }
  | { readonly kind: 'halted' };

export interface SettledExit {
  readonly settlement: Settlement;
  readonly isExceptional: boolean;
  /** As the path was when the duty ended, with the resource still in its places. */
  readonly state: State;
  /** The call that ended it; null: something else did. */
  readonly by: CallInstruction | null;
  /** By a call that failed, and the function with it. */
  readonly isLeaving: boolean;
}

export function weaker(a: ThrowTier | null, b: ThrowTier): ThrowTier {
  if (a === null) return b;
  return throwTiers.indexOf(a) <= throwTiers.indexOf(b) ? a : b;
}

/** null, a path without exceptions, is the strongest evidence. */
export function evidenceRank(weakest: ThrowTier | null): number {
  return weakest === null ? throwTiers.length : throwTiers.indexOf(weakest);
}

export function traced(state: State, kind: TraceEvent['kind'], span: Span, detail: string): TraceEvent {
  return { kind, span, detail, previous: state.cause };
}

/** How many steps there are to tell. */
export function eventsOf({ cause }: State): number {
  let count = 0;
  for (let event: TraceEvent | null = cause; event !== null; event = event.previous) count++;
  return count;
}

/** Calls that fail on the way: of two ways alike the one with a plain `throw`, or none, is the easier to believe. */
export function failuresOn({ cause }: State): number {
  let failures = 0;
  for (let event: TraceEvent | null = cause; event !== null; event = event.previous)
    if (event.kind === 'throws' && event.detail !== 'throw') failures++;
  return failures;
}

/** The blocks of the path, the last one first. */
export function blocksPassed({ path }: State): readonly BlockId[] {
  const blocks: BlockId[] = [];
  for (let link = path; link !== null; link = link.previous) blocks.push(link.block);
  return blocks;
}

/** The last block of the path before the cleanup it may end with; null: there is none. */
export function blockBeforeCleanup(
  { cleanups }: Pick<FunctionFacts, 'cleanups'>,
  path: PathLink | null,
): BlockId | null {
  let link = path;
  while (link !== null && cleanups.has(link.block)) link = link.previous;
  return link?.block ?? null;
}

export function lastThrow(state: State): Span | null {
  for (let event: TraceEvent | null = state.cause; event !== null; event = event.previous) {
    if (event.kind === 'throws') return event.span;
  }
  return null;
}
