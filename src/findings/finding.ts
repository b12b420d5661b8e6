/** What a scan reports; the same value feeds every report format, the editor and the fixes. */
import type { ResourceKind } from '../effects/effect.ts';
import type { Resolution } from '../effects/effect.ts';
import type { Remedy } from '../effects/remedy.ts';
import type { Language, Span, SymbolName, ThrowTier } from '../ir/ir.ts';

/** Checks that judge the ways out of a function. */
export type PathCheckId =
  | 'leak'
  | 'leak-on-exception'
  | 'lost-reference'
  | 'inline-open'
  | 'unreleased-field'
  | 'unfinished-transaction'
  | 'unreleased-lock'
  | 'unremoved-listener';

export type CheckId = PathCheckId | 'defer-in-loop' | 'wrong-target' | 'blocking-call-in-async' | 'client-per-call';

export type Confidence = 'high' | 'medium' | 'low';

/** What shows that the function, and nobody else, has to release it. */
export type Ownership =
  | 'released-on-another-path'
  | 'released-here'
  | 'released-by-others'
  | 'forgotten-by-owner'
  | 'adds-up'
  | 'outlives-its-end'
  | 'locked-twice';

/** What a finding rests on; `confidence.ts` reads the level off it. */
export interface Evidence {
  readonly resolution: Resolution;
  /** Least certain exceptional edge on the path; null: none was taken. */
  readonly weakest: ThrowTier | null;
  /** null: only that it was acquired here. */
  readonly ownership: Ownership | null;
  /** An effect the engine was not sure of lies on the path. */
  readonly usesMay: boolean;
  /** Facts were lost in a merge; the path was walked again without it, and stands. */
  readonly isCoarse: boolean;
  /** The process ends with the function that leaves it open. */
  readonly endsWithProcess: boolean;
  /** For a field: no method of the class releases anything, so there may be nobody to do it. */
  readonly ownerReleasesNothing: boolean;
  /** A timer that is soon over, or is left on purpose to end what failed. */
  readonly endsByItself: boolean;
  /** All that leaves it open is an exception that fails a test. */
  readonly failsTest: boolean;
  /** Nothing is left open; it only costs more than it has to. */
  readonly isOnlyCostly: boolean;
  /** The type is only presumed to need a release. */
  readonly isPresumed: boolean;
  /** Nobody knows the call that gave it, and what such calls give seldom needs a release, though there is one on another path. */
  readonly isFromDoubtfulSource: boolean;
  /** A listener that a component adds as it appears; it does not say what happens when it goes, and perhaps it never does. */
  readonly isAddedOnce: boolean;
}

/** One step of the path, in the order of execution. */
export interface TraceStep {
  readonly kind: 'acquired' | 'wrapped' | 'called' | 'branch' | 'throws' | 'caught' | 'overwritten' | 'leaks';
  readonly span: Span;
  /** A clause without a full stop: `` `parse` may throw ``. */
  readonly text: string;
}

export interface Finding {
  readonly check: CheckId;
  readonly language: Language;
  readonly resource: ResourceKind;
  readonly resourceTitle: string;
  /** The resource's type as the source names it: `FileInputStream`. */
  readonly resourceType: string;
  /** The variable or field that holds it; null for one that is never named. */
  readonly variable: string | null;
  readonly symbol: SymbolName;
  /** Relative to the scan root, with `/`. */
  readonly path: string;
  readonly acquiredAt: Span;
  /** Where it is left open, most certain first; never empty. */
  readonly leaksAt: readonly Span[];
  readonly message: string;
  readonly trace: readonly TraceStep[];
  readonly evidence: Evidence;
  readonly confidence: Confidence;
  /** How it could be released; null where a release is not what is missing. */
  readonly remedy: Remedy | null;
  /** Stable under edits elsewhere; no line numbers in it. */
  readonly fingerprint: string;
}
