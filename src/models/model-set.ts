/** What the rest of the program asks of `rules/`; compiled from YAML by `compile.ts`. */
import type { ResourceKind, Slot, Summary } from '../effects/effect.ts';
import type { FixStyle, Undo } from '../effects/remedy.ts';
import type { ResourceFamily } from '../effects/resource-family.ts';
import type { Language, TypeHint } from '../ir/ir.ts';
import type { Habits } from '../languages/habits.ts';
import type { NamedArgument } from './call-pattern.ts';

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
  /** The same, in functions that call one of them: others may leave it to start by itself. */
  readonly mayBeStartedBy: ReadonlySet<string>;
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
  /** Runs for as long as the calling thread cannot go on, e.g. network I/O. */
  readonly mayBlock: boolean;
  /** A command may well wait for it; who answers requests may not. */
  readonly blocksHandlersOnly: boolean;
  /** `rules/java/jdbc.yaml:12`, for `debug model`. */
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

/** By the simple names of annotations: of such a class, of one that is made more often, of the method that begins its life. */
export interface Singletons {
  readonly annotations: RegExp;
  readonly unless: RegExp | null;
  readonly starts: RegExp | null;
  /** Methods that begin it, by name; null: none do. */
  readonly begins: RegExp | null;
  /** Methods that have something done again and again. */
  readonly endless: RegExp | null;
  /** Methods that run what they are given, which may never come to an end. */
  readonly runs: RegExp | null;
  /** Annotations of methods that make such objects, and whose failure is the application's, which does not start then. */
  readonly makers: RegExp | null;
  /** What such an annotation says where the object's end, if it has one, comes with the program's; null: that is not told. */
  readonly untilExit: RegExp | null;
}

/** How names are read when nothing better is known; data, since it is a habit of a community. */
export interface Conventions extends Habits {
  /** Constructing a value sets its fields, and runs no code. */
  readonly constructsByFields: boolean;
  /** Functions nobody knows that open something, as `name/arity`, where they return it and an error; null: no such habit. */
  readonly opensByName: RegExp | null;
  /** Functions nobody knows that open what they are told how to open, `safe_open(path, "rb")`; null: no such habit. */
  readonly toldHow: Opener | null;
  /** Functions nobody knows whose result works on what they are given: `NewReader(in)`. */
  readonly wrapsByName: RegExp | null;
  /** Methods that end a builder, and throw as rarely as a constructor; null: no such habit. */
  readonly finishers: RegExp | null;
  /** Types, and functions that give one, whose methods only note what they are told, unless by name they read or make something; null: no such habit. */
  readonly noteTakers: RegExp | null;
  /** Functions nobody knows whose result, closed on one path only, was somebody else's before; null: no such habit. */
  readonly keptGetters: RegExp | null;
  /** Of what functions of such names give, nobody knowing them, a release on one path says little. */
  readonly doubtfulSources: RegExp | null;
  /** Methods that take back every listener of an object. */
  readonly removesAll: RegExp | null;
  /** Functions that are returned beside what they release; null: there is no such habit. */
  readonly closerResource: ResourceKind | null;
  /** A call nobody knows that is given one of such a type and gives one gives a wrapper. */
  readonly wrappedTypes: RegExp | null;
  /** Results of these types that come with an error were opened for the caller, whatever the function is called. */
  readonly openedTypes: RegExp | null;
  /** Fields that say of a value that it is a failure, and has nothing to release. */
  readonly errorFields: RegExp | null;
  /** What functions nobody knows acquire, where the function around releases that kind as well. */
  readonly presumedCalls: readonly PresumedCall[];
  /** Types of a parameter by which a function that returns nothing is a command: what it leaves open ends with the process. */
  readonly processParameters: RegExp | null;
  /** What stands before the type that is constructed: `new`; null: nothing does. */
  readonly constructionKeyword: string | null;
  /** What a text written in the code is a value of; null: arguments are not told apart by their types. */
  readonly textType: string | null;
  /** Names of what lives no longer than the call it is given to: `request`; null: nothing known of that. */
  readonly shortLivedNames: RegExp | null;
  /** Names of the parameters by which a function answers requests, one after the other on one loop; null: none do. */
  readonly requestNames: RegExp | null;
  /** Of these, names that others use as well; null: there are none. */
  readonly requestContexts: RequestContexts | null;
  /** What is written for a server that one developer uses; null: there are none. */
  readonly developmentServers: DevelopmentServers | null;
  /** Functions, as `package.name`, that write down a value as a text; null: none known. */
  readonly serializers: RegExp | null;
  /** Which errors end the process where nobody listens for them; null: none do. */
  readonly unheardErrors: UnheardErrors | null;
  /** Names of a parameter that is called once, when all is done: `callback`; null: no such habit. */
  readonly completions: RegExp | null;
  /** Events, and methods, whose listeners are called whatever came before; null: nobody asks. */
  readonly comesLast: RegExp | null;
  /** Types of a last result that is null where the call succeeded; null: calls do not fail that way. */
  readonly errorResult: RegExp | null;
  /** Names of results beside another one that are true where there is that one. */
  readonly successFlags: RegExp | null;
  /** Functions that release an argument: `closeQuietly`. */
  readonly releaseFunctions: RegExp;
  /** Functions that only use their arguments: `copy`, `readFully`. */
  readonly borrowFunctions: RegExp;
  /** Functions whose result is fresh: `open…`, `create…`, `new…`. */
  readonly factories: RegExp;
  /** Functions whose result stays somebody else's: `get…`. */
  readonly accessors: RegExp;
  /** Types presumed to need a release, by simple name. */
  readonly presumedCloseable: RegExp;
  /** Types presumed not to need one though a rule above says so. */
  readonly presumedHarmless: RegExp;
  /** Variables that hold a number, a text or a lock, by their names: whoever made it, nothing is due; null: no such habit. */
  readonly harmlessNames: RegExp | null;
  /** What an accessor hands out is kept by somebody, whatever other functions close of it. */
  readonly gettersKeep: boolean;
  /** Types of what ends, at its own end, what was made for it: `store := newStore(t)`, which says `t.Cleanup(store.Close)`. */
  readonly caretakerTypes: RegExp | null;
  /** Of a class and its method, `App#start`: it sets a service up, and nobody is waiting for it yet. */
  readonly setsUpService: RegExp | null;
  /** Files of commands, by their paths: nothing but the command is on the loop; null: nothing tells them. */
  readonly commandPaths: RegExp | null;
  /** Variables that hold a log, by their names: it only writes what it is told of; null: no such habit. */
  readonly logNames: RegExp | null;
  /** Methods by which a loop goes through an object: one that releases it does so at the end; null: no such habit. */
  readonly iterationSteps: RegExp | null;
  /** Release methods that a statement calls, and tells how it was left; null: no such habit. */
  readonly scopeEnds: RegExp | null;
  /** Getters whose result is fresh all the same: `getResourceAsStream`. */
  readonly streamGetters: RegExp;
  /** Types nobody knows whose streams end with them; null: no such habit. */
  readonly ownersOfStreams: RegExp | null;
  /** Takes something out of a collection or holder; never fresh, whatever is done with it. */
  readonly elementGetters: RegExp;
  /** Static functions a process starts with, and ends with. */
  readonly processEntries: RegExp;
  /** Methods of a program to which its entry leaves all of its work: `new Agent().run()`; null: no such habit. */
  readonly programMethods: RegExp | null;
  /** Functions of a type or module that end the process, as `Type.name`. */
  readonly processExits: RegExp;
  /** Methods that a framework's own entry calls, and ends the process after; empty: none known. */
  readonly processMethods: readonly ProcessMethods[];
  /** Annotations of functions that are commands of the process; null: there are none. */
  readonly processAnnotations: RegExp | null;
  /** Arguments by which a call takes a function that a process starts with; empty: none known. */
  readonly processTargets: readonly ProcessTarget[];
  /** What a file asks that may be started as well as imported; null: files do not ask. */
  readonly programTest: ProgramTest | null;
  /** Functions, as `package.name`, whose arguments a tool reads to write calls of them; null: there are none. */
  readonly describedBy: RegExp | null;
  /** Files of tests, by their paths; null: nothing tells them. */
  readonly testPaths: RegExp | null;
  /** Files of examples, likewise. */
  readonly examplePaths: RegExp | null;
  /** Files of scripts that build or show something, whose processes end with what their functions leave; null: nothing tells them. */
  readonly scriptPaths: RegExp | null;
  /** Modules that imports call by the folder they are in; null: there are none. */
  readonly folderModules: RegExp | null;
  /** Of the presumed types, those whose name leaves hardly a doubt. */
  readonly surelyCloseable: RegExp;
  /** Types whose values are never released: numbers, text. */
  readonly valueTypes: RegExp;
  /** Functions that give their argument back to a pool, which keeps it open. */
  readonly poolReturns: RegExp;
  /** Calls that throw nothing worth a report: getters, logging. */
  readonly neverThrows: RegExp;
  /** Methods of what wraps a stream that fail only where the stream does, and the method of it that tells; null: none are known. */
  readonly writing: { readonly calls: RegExp; readonly sink: string } | null;
  /** Methods that end the life of an object: `close`, `stop`, `destroy`. */
  readonly lifecycleEnd: RegExp;
  /** Annotations of classes and fields that write getters; null: whether a field is handed out cannot be told by the types of methods. */
  readonly givesFields: RegExp | null;
  /** Methods that add the argument to the receiver: `add`, `put`, `register`. */
  readonly containerMethods: RegExp;
  /** Release methods that, called on what a call gave, say that whoever makes that call owns what it gives. */
  readonly tellingReleases: ReadonlySet<string>;
  /** Methods and fields that are true while their object is open: `isOpen`; null: there is no such habit. */
  readonly openTests: RegExp | null;
  /** Methods and fields that are true once their object is released: `isClosed`, `destroyed`. */
  readonly releasedTests: RegExp | null;
  /** Fields that say by a word how their object is, and the words for one that is released; null: there are none. */
  readonly releasedStates: { readonly fields: RegExp; readonly words: RegExp } | null;
  /** Methods that run when nobody holds an object any more, also one whose constructor failed; null: there are none. */
  readonly finalizers: RegExp | null;
  /** Methods after which an object is not used any more, beside those that release; null: there are none. */
  readonly endMethods: RegExp | null;
  /** Methods that end what nobody knows, though the name alone is no evidence of a duty: `abort`; null: there are none. */
  readonly mayEnd: RegExp | null;
  /** Those that a framework calls by itself, whatever was called before; null: there are none. */
  readonly endHooks: RegExp | null;
  /** Names of a first parameter that tells a function of a failure, which is then called once; null: functions are told otherwise. */
  readonly errbacks: RegExp | null;
  /** Methods before which what is only presumed to need a release holds nothing, in functions that call one of them. */
  readonly startMethods: RegExp | null;
  /** Methods that set an object up, once. */
  readonly initMethods: RegExp | null;
  /** Methods that only end what one of these began, in classes that have it: `close`, of `open`. */
  readonly counterparts: ReadonlyMap<string, readonly string[]>;
  /** What the function of a timer calls that is there to end something which does not end by itself. */
  readonly watchdogEnds: RegExp | null;
  /** Methods of a promise whose own is rejected only by the function they are given: `catch`. */
  readonly rejectionHandlers: RegExp | null;
  /** What nobody knows but by name, and hardly ever fails when it is waited for: `sleep`; null: there is none. */
  readonly pauses: RegExp | null;
  /** Properties of options by which whoever gave them ends what is made with them: `signal`; null: there are none. */
  readonly endingOptions: RegExp | null;
  /** Functions, as `Type.name`, whose promise is rejected if one of those they are given is. */
  readonly joinsPromises: RegExp | null;
  /** Those of them that wait for one only, and leave the others to themselves. */
  readonly racesPromises: RegExp | null;
  /** Types of promises, of what their first argument says; null: values are waited for under their own types. */
  readonly promiseTypes: RegExp | null;
  /** Methods a framework calls when an object's life begins, and it will end it as well; null: there are none. */
  readonly startHooks: RegExp | null;
  /** Functions whose first argument runs whenever something appears or changes, and returns what undoes it; null: there are none. */
  readonly startEffects: RegExp | null;
  /** Functions that say of whoever calls them that it runs again with each change; null: there are none. */
  readonly renderHooks: RegExp | null;
  /** Calls that give another function each time; null: nobody knows of any. */
  readonly makesFunctions: RegExp | null;
  /** Classes a framework makes one object of, for as long as the program runs; null: it makes none. */
  readonly singletons: Singletons | null;
  /** Methods that open what they are called on; null: no such habit. */
  readonly openMethods: RegExp | null;
  /** Functions that may return with a lock held on purpose, by name; null: a lock nobody here unlocks is not asked about. */
  readonly leavesHeld: RegExp | null;
  /** Resources that are numbers have at least this one; null: nothing is known of them. */
  readonly numbersFrom: number | null;
  /** Supertypes that mark a type as releasable: `java.lang.AutoCloseable`. */
  readonly closeableTypes: readonly string[];
  /** Types of what stands for a value, their first argument, that may not be there. */
  readonly holderTypes: readonly string[];
}

export interface ProcessMethods {
  readonly names: RegExp;
  /** A supertype of theirs, by its qualified name; null: any. So with the others, of which one has to hold. */
  readonly types: RegExp | null;
  /** An annotation of their type. */
  readonly annotations: RegExp | null;
  /** An annotation of a field of their type. */
  readonly fieldAnnotations: RegExp | null;
}

export interface ProcessTarget {
  readonly calls: RegExp;
  /** The name it is given by, or its position. */
  readonly argument: string | number;
  /** What a file imports that makes such calls; null: nothing. */
  readonly imports: RegExp | null;
}

/** `parser.on('error', report)` */
export interface UnheardErrors {
  readonly event: string;
  /** By which listeners are left; they give back their object. */
  readonly methods: RegExp;
  /** Supertypes of what emits such errors. */
  readonly types: RegExp;
}

/** `ctx`: where its type is known, that says whether it belongs to a request. */
export interface RequestContexts {
  readonly names: RegExp;
  /** Of libraries. */
  readonly types: RegExp;
  /** Those of the project have one of these: `request`. */
  readonly members: RegExp;
}

/** By what a function takes or gives, or by its own name. */
export interface DevelopmentServers {
  readonly types: RegExp;
  readonly functions: RegExp;
}

/** `__name__ == "__main__"` */
export interface ProgramTest {
  readonly name: string;
  readonly value: string;
}

export interface Opener {
  readonly names: RegExp;
  /** What the argument of this name or number has to be. */
  readonly modes: RegExp;
  readonly modeName: string;
  readonly modeAt: number;
  /** What opens a path that it is called on: `path.open('rb')`. */
  readonly method: string;
  readonly resource: ResourceKind;
  /** Of the first result. */
  readonly type: string;
}

export interface PresumedCall {
  readonly name: RegExp;
  /** null: any number of arguments. */
  readonly args: number | null;
  readonly resource: ResourceKind;
  /** `param0`: a listener, which is somebody's to take back or not as any other. */
  readonly at: 'receiver' | 'result' | 'param0';
  /** Calls of which the function has one where the thing cannot just be dropped; null: it never can. */
  readonly undoneBy: RegExp | null;
}

export interface ExceptionPolicy {
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
  readonly exceptions: ExceptionPolicy;
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
