/**
 * What is known of how a resource is released: enough for a fixer to write the release. All of it is said of the resource or of
 * the function around, in terms of no language, so that any fixer may ask; that one language alone asks for `undo`,
 * `givesResource` or `lazyCalls` is so as the others have no pool, declared result or generator to ask about yet. What only the
 * syntax of one language can mean belongs to its fixer, and not here.
 */
import type { Span } from '../ir/ir.ts';
import type { DrainFix } from './effect.ts';
import type { ResourceFamily } from './resource-family.ts';

/** What the rules can say of a resource where its type does not tell a fixer which construct takes it. */
export type FixStyle =
  'try-with-resources' | 'with' | 'async with' | 'closing' | 'try-finally' | 'using' | 'await using';

export interface ReleaseSite {
  /** The call that releases. */
  readonly span: Span;
  /** Only an exception leads there. */
  readonly isAfterFailure: boolean;
  /** It does nothing else: where something else releases as well, it can go. */
  readonly isPlain: boolean;
  /** The method is given something that means the same anywhere: `shutdown(true)`. */
  readonly hasArguments: boolean;
}

/** Something that was begun by a text given to a call of the resource, and that its release does not end. */
export interface Undo {
  /** A pattern, as all of these without case, of the first argument of a call. */
  readonly after: string;
  /** The pattern of a text by which the function undoes it itself. */
  readonly unless: string;
  /** The pattern of a text that ends it, and does so on each path in a `finally`. */
  readonly ends: string;
  /** With `$` for the value. */
  readonly written: string;
}

export interface Remedy {
  /** As the rules say of its kind; null: nothing. */
  readonly style: FixStyle | null;
  /** Version of the platform from which the construct takes it; null: any. */
  readonly styleSince: string | null;
  /** Methods by which it is released that the project's own class of it declares. */
  readonly declared: readonly string[];
  readonly family: ResourceFamily;
  /**
   * How the release is written, best first, with `$` for the value: `$.close()`, `$()`, `clearTimeout($)`.
   * Empty: nobody knows.
   */
  readonly calls: readonly string[];
  /** What the release does besides, where not all paths without a failure do it yet; null: nothing. */
  readonly releaseAlso: string | null;
  /** Releasing nothing does no harm: `clearTimeout(undefined)`. */
  readonly takesEmpty: boolean;
  /** Releasing it again fails, or releases what is somebody else's by then. */
  readonly isOnce: boolean;
  /** What has to be undone before the release where something fails; null: nothing. */
  readonly undo: Undo | null;
  /** The variable may hold what somebody else has, too: only the function's own test tells when to release it. */
  readonly mayBeAnothers: boolean;
  /** Nobody knows its type, and nothing here releases it: that it has such a method is a guess. */
  readonly isGuess: boolean;
  /** What the function returns is itself something to release, and made of the resource it ends with it. */
  readonly givesResource: boolean;
  /** Calls of which nothing has run when they return: generators. */
  readonly lazyCalls: readonly Span[];
  /** The release is done when the call returns; else nobody knows. */
  readonly isSync: boolean;
  /**
   * How what the acquiring call left with somebody is taken back, with the call's own parts: `{receiver}.off({param0},
   * {param1})`, `clearTimeout({result})`; null: nobody knows.
   */
  readonly takenBack: string | null;
  /** Fields of the value that stand for it: the body of a response. */
  readonly through: readonly string[];
  /** Qualified where it can be. */
  readonly type: string | null;
  /** The language's own construct for a scope takes it; null: nobody knows the type. */
  readonly isScoped: boolean | null;
  /** What is to be released is what the acquiring call was made on: a lock. */
  readonly isReceiver: boolean;
  /** Exceptions the release announces and callers have to provide for; null: nobody knows. */
  readonly throws: readonly string[] | null;
  /** `throws` is what its supertype announces: a class nobody has seen may announce less, and none of it has to be caught. */
  readonly mayAnnounceLess: boolean;
  /** Where the function releases it already, on some path. */
  readonly releasedAt: readonly ReleaseSite[];
  /** Calls of the function that never come back: they end the process, or always throw. */
  readonly endings: readonly Span[];
  /** On some path somebody else takes it over: it is returned, kept or given away. */
  readonly isTransferred: boolean;
  /** On some path somebody may have kept it; we cannot tell. */
  readonly mayBeKept: boolean;
  /** Where it is still open. */
  readonly exits: readonly RemedyExit[];
  /** Calls that carry it on to its end, which does not come where what they connect it with fails. */
  readonly drains: readonly DrainSite[];
  /** The field it stays in, which nobody releases. */
  readonly field: string | null;
  /** The method that ends the owner's life and forgets the field; others of the class release it. */
  readonly forgottenIn: string | null;
}

export interface DrainSite extends DrainFix {
  /** The call, with parts of its own that `written` names. */
  readonly span: Span;
}

export interface RemedyExit {
  readonly kind: 'return' | 'throw' | 'overwritten' | 'dropped';
  readonly span: Span;
  /** Ways on which it is released, or somebody else's, end there as well. */
  readonly isShared: boolean;
}
