/** What the rest of the program asks of `rules/`; compiled from YAML by `compile.ts`. */
import type { ResourceKind, Slot, Summary } from '../effects/effect.ts';
import type { FixStyle, Undo } from '../effects/remedy.ts';
import type { ResourceFamily } from '../effects/resource-family.ts';
import type { Language, TypeHint } from '../ir/ir.ts';
import type { NamedArgument } from './call-pattern.ts';
import type { Conventions } from './conventions.ts';

/** An argument of the acquiring call says after how long it ends by itself; up to `most`, that is soon. */
export interface SoonOver {
  readonly argument: number;
  readonly most: number;
  /** Up to so many, that is soon whatever its function does, and wherever it is left. */
  readonly brief?: number;
  /** As `most`, whatever its function does, of what is left where something failed. */
  readonly failing?: number;
  /** The same, of what a field keeps, unless its function starts it again. */
  readonly kept?: number;
  /** The same, of what does nothing but settle a promise. */
  readonly settling?: number;
}

export interface ResourceInfo {
  /** `java/file-stream`. */
  readonly kind: ResourceKind;
  /** For messages, lower case: `file stream`. */
  readonly title: string;
  /** Methods of the value that release it: `close`, `shutdown`. */
  readonly releases: readonly string[];
  /** It is released by calling it, before anything else. */
  readonly isFunction: boolean;
  readonly family: ResourceFamily;
  /** The construct that releases it, where its type does not tell; null: nothing said. */
  readonly fix: FixStyle | null;
  /** The version of the platform from which it takes the value; null: any. */
  readonly fixSince: string | null;
  /** How a fix writes the release, with `$` for the value; null: as a call of the first of `releases`. */
  readonly written: string | null;
  /** What the release does besides, which a fix tells; null: nothing. */
  readonly releaseAlso: string | null;
  /** How a fix takes back what a call left with somebody, by the call's name; see `Remedy`. */
  readonly takenBack: ReadonlyMap<string, string>;
  /** Fields of the value that stand for it: the body of a response. */
  readonly through: readonly string[];
  /** Fields by which it goes on being used, `ticker.C`: whoever is handed one has it. */
  readonly outlets: readonly string[];
  /** Properties of the value that use it up where they are read: what remains holds nothing. */
  readonly spentBy: readonly string[];
  /** Fields of others that get no more than a copy of it, with the method that tells that the copy has served. */
  readonly copiedTo: ReadonlyMap<string, string>;
  /** It ends by itself; null: nothing said. */
  readonly soonOver: SoonOver | null;
  /** Methods before which it holds nothing, if nobody else has it, or `*`; empty: it does from the start. */
  readonly startedBy: ReadonlySet<string>;
  /** Any use of it does: until somebody uses it, it holds nothing. */
  readonly isStartedByUse: boolean;
  /** The same, in functions that call one of them: others may leave it to start by itself. */
  readonly mayBeStartedBy: ReadonlySet<string>;
  /** Functions that read all of it, or of a part: those of all rounds of a loop may wait for its end. */
  readonly readBy: ReadonlySet<string>;
  /** It is meant to be made once and shared; what making one costs. Null: made where it is needed. */
  readonly shared: string | null;
  /** Releasing nothing, as a fix writes it, does no harm. */
  readonly takesEmpty: boolean;
  /** Releasing it is done when the call returns; else nobody knows. */
  readonly isSync: boolean;
  /** Released, it goes back to where others take it from, with all that was left with it. */
  readonly isReused: boolean;
  /** Releasing it again fails, or releases what is somebody else's by then. */
  readonly isOnce: boolean;
  /** What a fix has to undo before it releases it where something fails; null: nothing. */
  readonly undo: Undo | null;
  /** Few of them do no harm; those of a loop, or of what a framework runs again and again, add up. */
  readonly addsUp: 'everywhere' | 'mounting' | null;
  /** What is handed on of it is used up there, as it is meant to be: that says nothing of other ways. */
  readonly isHandedOn: boolean;
  /** Whoever has its holder has it: kept, returned and handed on with that, under no name of its own. */
  readonly isWithHolder: boolean;
  /** What its properties, or those of what holds it, are while it is there to be released. */
  readonly states: ReadonlyMap<string, boolean>;
  /** The values of its properties, numbers and texts, with which there is nothing to be released. */
  readonly emptyWith: ReadonlyMap<string, ReadonlySet<string>>;
  /** Texts, and constants by their full names, with which as an argument a call gives nothing to be released. */
  readonly noneGiven: ReadonlySet<string>;
  /** Paths of the files that run where the platform itself releases it, once nobody refers to it; null: nowhere. */
  readonly freedIn: RegExp | null;
  /** Releasing it completes what was written, and it holds nothing else: where the function fails nothing is lost. */
  readonly completes: boolean;
  /** A listener that only an object with an end of its own has to take back. */
  readonly isOfOwner: boolean;
}

/** Knowledge of one type, found on the type itself; callers walk the supertypes. */
export interface TypeModel {
  /** Qualified: `java.io.FileInputStream`. */
  readonly type: string;
  /** Constructing one acquires this; null: says nothing. */
  readonly resource: ResourceKind | null;
  /** Nothing to release, and why. */
  readonly exempt: string | null;
  /** Index of the constructor's argument this type wraps: releasing either releases both. */
  readonly wraps: number | null;
  /** Supertypes, for libraries whose sources are not part of the scan. */
  readonly supertypes: readonly string[];
}

export interface CallModel {
  /** Qualified type; members of subtypes match as well. */
  readonly owner: string;
  /** `<init>` for constructors. */
  readonly member: string;
  /** null: any number of arguments. */
  readonly arity: number | null;
  /** Simple type names the arguments must have where their types are known; null: any. */
  readonly params: readonly string[] | null;
  /** Arguments the call must give by name; empty: any. */
  readonly named: readonly NamedArgument[];
  /** What it is called on must have a name like this; null: any. */
  readonly receiverNamed: RegExp | null;
  /** The first version of the language this is not true of, number by number; null: it is true of all. */
  readonly until: readonly number[] | null;
  readonly summary: Summary;
  /** Qualified result type, where the platform's index does not say. */
  readonly returns: TypeHint | null;
  /** What the result has the type of, as it is the same object: `T requireNonNull(T)`. */
  readonly returnsTypeOf: Slot | null;
  /** Its last result, an error, is none. */
  readonly succeeds: boolean;
  /** Runs for as long as the calling thread cannot go on, e.g. network I/O. */
  readonly mayBlock: boolean;
  /** A command may well wait for it; who answers requests may not. */
  readonly blocksHandlersOnly: boolean;
  /** Not for long, as a rule: it reads or writes a file. */
  readonly blocksBriefly: boolean;
  /** `rules/java/jdbc.yaml:12`, for `models test`. */
  readonly source: string;
}

/** Effects an annotation stands for, by simple name. */
export type AnnotationMeaning =
  /** On a method: the result is the caller's to release. On a parameter or field: taken over. */
  | 'owning'
  /** On a method: the result stays somebody else's. On a parameter or field: used only. */
  | 'borrowed'
  /** On a parameter: the callee releases it. */
  | 'releases'
  /** On a local variable: released at the end of its scope. */
  | 'scoped'
  /** On a method: called by a framework at the end of the object's life. */
  | 'lifecycle-end'
  /** On a function: it runs on an event loop. */
  | 'coroutine';

export interface ExceptionLists {
  /** Checked, or otherwise announced, but so rare that a path needs more: simple or qualified names. */
  readonly unlikely: ReadonlySet<string>;
  /** Exceptions a program need not announce: a path by one of these is `possible` only. */
  readonly unchecked: ReadonlySet<string>;
  /** Kinds of others that what opens something throws, and then announces: `read()` means none of these by its `IOException`. */
  readonly ofOpening: ReadonlySet<string>;
}

export interface ModelSet {
  readonly language: Language;
  resource(kind: ResourceKind): ResourceInfo;
  /** Fields that stand for a resource of some kind: the body of a response. */
  readonly throughFields: readonly string[];
  /** Properties that use up what has them where they are read, with the kinds of resource of which that is so. */
  readonly spendingFields: ReadonlyMap<string, readonly ResourceKind[]>;
  /** Resource kinds that a method of this name releases, `conventions.releaseMethods` aside. */
  releasedBy(method: string): readonly ResourceKind[];
  /** Models of a member declared on exactly this type. */
  calls(type: string, member: string): readonly CallModel[];
  /** Is there any model of a member of this name, on whatever type? */
  knowsMember(member: string): boolean;
  /** Is there any model of a member of this name that acquires something? */
  acquiresMember(member: string): boolean;
  /** Is there any model of a member of this name that releases something? */
  releasesMember(member: string): boolean;
  /** Is there any model of a member of this name that releases what it is given? */
  releasesGiven(member: string): boolean;
  /** Is there any model of a member of this name that may block? */
  blocksMember(member: string): boolean;
  /** Is there any model of a member of this name that never fails? */
  succeedsMember(member: string): boolean;
  /** Members that rules say release this kind and nothing else. */
  releasingMembers(kind: ResourceKind): ReadonlySet<string>;
  /** Kinds of which every rule that acquires one says that it need not be so. */
  readonly presumedKinds: ReadonlySet<ResourceKind>;
  /** Members of rules that take back a listener of any kind: `removeListener`. */
  readonly removingMembers: ReadonlySet<string>;
  type(name: string): TypeModel | null;
  /** Types that wrap what they are given. */
  readonly wrappers: readonly string[];
  /** Qualified names of modelled types with this simple name, for unresolved wildcard imports. */
  typesNamed(simpleName: string): readonly string[];
  annotation(simpleName: string): AnnotationMeaning | null;
  readonly conventions: Conventions;
  readonly exceptions: ExceptionLists;
  /** Names whose presence in a file's text makes it worth parsing. */
  readonly triggers: readonly string[];
}

/** Platform API knowledge, generated; see `rules/<language>/api/`. */
export interface ApiType {
  readonly name: string;
  readonly supertypes: readonly string[];
  readonly typeParameters: readonly string[];
  /** Declared on the type itself, inherited ones not; constructors under `<init>`. */
  methods(name: string): readonly ApiMethod[];
  /** Type of a public field, or null. */
  field(name: string): TypeHint | null;
}

export interface ApiMethod {
  readonly params: readonly TypeHint[];
  readonly isVariadic: boolean;
  readonly isStatic: boolean;
  /** Qualified, with type arguments where the platform declares them. */
  readonly returns: TypeHint;
  /** Announced exceptions, qualified. */
  readonly throws: readonly string[];
}

export interface ApiIndex {
  /** By qualified name, nested types with dots: `java.util.Map.Entry`. */
  type(name: string): ApiType | null;
}
