/**
 * The shape of a rules file after parsing: what `rules/schema.json` promises, as types, plus the line
 * each entry came from. Nothing here validates (`parse-rules.ts`) or gives meaning (`compile.ts`).
 */
import type { FixStyle, Undo } from '../effects/remedy.ts';
import type { ResourceFamily } from '../effects/resource-family.ts';
import type { Language, ThrowTier } from '../ir/ir.ts';
import type { ConventionRules } from './conventions.ts';
import type { AnnotationMeaning, SoonOver } from './model-set.ts';

/** One YAML file. */
export interface RuleDocument {
  readonly library: string;
  readonly language: Language;
  readonly docs?: string | readonly string[];
  /** Package prefixes the same library also goes by: `{ javax.mail: jakarta.mail }`. */
  readonly alsoAs?: Readonly<Record<string, string | readonly string[]>>;
  readonly resources?: Readonly<Record<string, ResourceRule>>;
  readonly types?: readonly TypeRule[];
  readonly calls?: readonly CallRule[];
  readonly annotations?: Readonly<Record<string, AnnotationMeaning>>;
  readonly conventions?: ConventionRules;
  readonly exceptions?: ExceptionRules;
  /** Further words that make a file worth parsing, e.g. a package name. */
  readonly triggers?: readonly string[];
}

export interface ResourceRule {
  readonly title: string;
  readonly release: readonly string[];
  readonly family?: ResourceFamily;
  readonly fix?: FixStyle;
  /** The version of the platform from which the construct takes it: `'20.4'`. */
  readonly fixSince?: string;
  /** How a fix writes the release, with `$` for the value, where it is not the first of `release`: `clearTimeout($)`. */
  readonly written?: string;
  /** What the release does besides: `it waits for the process to end`. */
  readonly releaseAlso?: string;
  /** How a fix takes back what a call left with somebody, by the call's name: `{ on: '{receiver}.off({param0}, {param1})' }`. */
  readonly takenBack?: Readonly<Record<string, string>>;
  /** Fields of the value that stand for it: the body of a response. */
  readonly through?: readonly string[];
  /** Fields by which it goes on being used: whoever is handed one has it. */
  readonly outlets?: readonly string[];
  /** It is meant to be made once and shared; what making one costs: `a connection pool`. */
  readonly shared?: string;
  /** Few of them do no harm; those of a loop, or of what a framework runs again and again (`mounting`: of that alone), add up. */
  readonly addsUp?: true | 'mounting';
  /** What is handed on of it is used up there, as it is meant to be: that says nothing of other ways. */
  readonly handedOn?: true;
  readonly withHolder?: true;
  /** Properties of the value that use it up where they are read: `response.text`. */
  readonly spentBy?: readonly string[];
  /** Fields of others that get no more than a copy of it, each with the method that tells that the copy has served: `{ href: click }`. */
  readonly copiedTo?: Readonly<Record<string, string>>;
  /** Methods before which it holds nothing, if nobody else has it, or `*`. */
  readonly startedBy?: readonly string[];
  /** The same, in functions that call one of them. */
  readonly mayBeStartedBy?: readonly string[];
  /** Functions that read all of it, or of a part of it: from then on it holds nothing that others wait for. */
  readonly readBy?: readonly string[];
  /** It ends by itself, after as long as an argument of the call says; up to `most` that is soon. */
  readonly soonOver?: SoonOver;
  readonly completes?: true;
  /** Properties that say whether it is there to be released: `{ pid: 'open' }`, of whatever holds it as well. */
  readonly states?: Readonly<Record<string, 'open' | 'released'>>;
  /** Properties with values that say that there is nothing to be released: `{ status: ['204'] }`. */
  readonly emptyWith?: Readonly<Record<string, readonly string[]>>;
  readonly noneGiven?: readonly string[];
  /** A pattern for the paths of files that run where the platform itself releases it. */
  readonly freedIn?: string;
  /** Releasing nothing, as it is `written`, does no harm: `clearTimeout(undefined)`. */
  readonly takesEmpty?: true;
  /** Releasing it is done when the call returns. */
  readonly sync?: true;
  /** Released, it goes back to where others take it from. */
  readonly reused?: true;
  /** Releasing it again fails, or releases what is somebody else's by then. */
  readonly once?: true;
  /** What has to be undone before it is released where something fails. */
  readonly undo?: Undo;
  /** Only an object with an end of its own has to take it back. */
  readonly ofOwner?: true;
}

export interface TypeRule {
  readonly type: string;
  readonly resource?: string;
  readonly wraps?: number;
  readonly exempt?: string;
  readonly extends?: readonly string[];
  /** Methods that return the receiver: `withConf`, for builders. */
  readonly fluent?: readonly string[];
  /** Added by the parser. */
  readonly line?: number;
}

/** Effects that share a guard, an outcome and a certainty. */
export interface EffectGroup {
  readonly acquire?: string;
  readonly at?: string;
  readonly heldBy?: OneOrMany<string>;
  readonly within?: string;
  readonly makes?: string;
  readonly release?: OneOrMany<string>;
  readonly resource?: string;
  readonly borrow?: OneOrMany<string>;
  readonly drain?: OneOrMany<string | DrainRule>;
  readonly escape?: OneOrMany<string>;
  readonly alias?: OneOrMany<{ readonly from: string; readonly into: string }>;
  readonly transfer?: OneOrMany<{ readonly from: string; readonly to: string }>;
  readonly invoke?: OneOrMany<InvokeRule>;
  readonly test?: { readonly slot: string; readonly is: 'null' | 'set' | 'open' | 'released' };
  readonly throws?: 'never' | { readonly tier: ThrowTier; readonly types?: readonly string[] };
  readonly rejects?: ThrowTier;
  readonly noReturn?: true;
  readonly given?: Readonly<Record<string, true | false | 'null' | 'set' | null>>;
  readonly on?: 'return' | 'throw' | 'both';
  readonly certainty?: 'must' | 'may';
}

export interface DrainRule {
  readonly slot: string;
  /** What a fix writes before the call: `{param0}.on('close', () => {receiver}.destroy())`. */
  readonly otherwise: string;
  /** What that changes where nothing failed, or for others. */
  readonly reason?: string;
}

export interface InvokeRule {
  readonly slot: string;
  readonly with?: readonly string[];
  readonly when?: 'now' | 'later' | 'always';
  /** Only where the promise that the call is made on came out so; `rejected` takes the failure. */
  readonly outcome?: 'fulfilled' | 'rejected';
  /** Resources that its parameters get, `error` for one that is null then, `-` for others. */
  readonly gives?: readonly string[];
}

export interface CallRule extends EffectGroup {
  /** One pattern, or several that share everything else. */
  readonly call: OneOrMany<string>;
  /** Only where what it is called on has a name like this, nobody knowing its type. */
  readonly named?: string;
  /** Only in what is written for a version of the language before this one: `1.23`. */
  readonly until?: string;
  readonly returns?: string;
  readonly exempt?: string;
  /**
   * `handlers`: worth a word only where requests are answered; a command may well wait for it. `briefly`: there at low
   * confidence only, as it is soon over.
   */
  readonly blocks?: true | 'handlers' | 'briefly';
  /** What it gives beside its other results, an error, is none. */
  readonly succeeds?: true;
  /** Further effects under conditions of their own. */
  readonly and?: readonly EffectGroup[];
  /** Added by the parser. */
  readonly line?: number;
}

export interface ExceptionRules {
  readonly unlikely: readonly string[];
  readonly unchecked: readonly string[];
  readonly ofOpening?: readonly string[];
}

export type OneOrMany<T> = T | readonly T[];

/** A validated document and where it is from. */
export interface RuleSource {
  /** For messages and `models test`: `rules/java/jdbc.yaml`, or a user's path as given. */
  readonly path: string;
  readonly document: RuleDocument;
}
