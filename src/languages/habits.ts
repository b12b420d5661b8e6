/**
 * Names by which a frontend knows at sight what a piece of syntax does. They are a matter of libraries and habits, hence
 * data of `rules/<language>/conventions.yaml`; what a language has no use for is null or empty.
 */
import type { TypeHint } from '../ir/ir.ts';

export interface FileNames {
  /** Variables and fields that hold a file, never its name. */
  readonly names: RegExp;
  /** Methods that only files have. */
  readonly methods: readonly string[];
  /** What such a file goes by in the rules. */
  readonly type: TypeHint;
  /** Functions that, as constructors do, take a file for their first argument. */
  readonly takers: RegExp;
}

export interface SteadyQuestions {
  /** Functions that say something of their first argument. */
  readonly functions: RegExp;
  /** Methods, as `name/arguments`, that say something of what they are called on. */
  readonly methods: RegExp;
}

export interface Habits {
  /** Methods that release the value they are called on. */
  readonly releaseMethods: ReadonlySet<string>;
  /** Annotations of a variable that is released at the end of its scope, by simple name. */
  readonly scopeAnnotations: ReadonlySet<string>;
  /** Exceptions a program need not announce, by simple name; a project's own are told by theirs. */
  readonly uncheckedNames: RegExp | null;
  /** Modules that are another one under a second name, `eventlet.green.socket`; the first pattern that fits decides. */
  readonly moduleAliases: readonly ModuleAlias[];
  /** How something is opened, as an argument says it: `"rb"`. */
  readonly toldHow: {
    readonly modes: RegExp;
    readonly modeName: string;
    readonly modeAt: number;
    /** The method of what stands for a path that opens it, and is told the mode next. */
    readonly method: string;
  } | null;
  /** Functions, with the name of their module where they have one, that open a file: `open`, `io.open`. */
  readonly openers: RegExp | null;
  /** The type of what comes of a folder and a text that a slash joins. */
  readonly pathType: TypeHint | null;
  /** Functions, and where the language has properties these and variables, whose value is a boolean. */
  readonly booleanNames: RegExp | null;
  /** Functions that give a number. */
  readonly numberResults: RegExp | null;
  /** Functions and types whose result is a collection, or something else that can be there and be empty. */
  readonly collectionResults: RegExp | null;
  /** Functions whose result can be gone through without anything failing. */
  readonly quietIterables: RegExp | null;
  /** Questions a program asks again and expects the same answer to. */
  readonly steadyQuestions: SteadyQuestions | null;
  /** Types of what is raised or thrown: making one does not fail. */
  readonly errorTypes: RegExp | null;
  /** Functions that are done with a file when they return. */
  readonly readers: RegExp | null;
  /** Methods after which a file nobody has a name for is not needed any more: `open(p).read()`. */
  readonly readMethods: RegExp | null;
  /** Methods, and functions as `package.name`, whose result is a plain value, and does not need what gave it: `f.read()`. */
  readonly plainResults: RegExp | null;
  /** Functions that read what they are given only when their result is read: `map(strip, file)`. */
  readonly lazyResults: RegExp | null;
  /** Methods that are done with the functions they are given when they return: `parts.forEach(part -> show(part))`. */
  readonly runsAtOnce: RegExp | null;
  /** Functions whose result works on what they are given, as far as a fix has to care: `newStore(db)`. */
  readonly makers: RegExp | null;
  /** Calls, as written from the name on, that return when what was started is over: `get()`, `awaitTermination(1, MINUTES)`. */
  readonly waits: RegExp | null;
  /** Methods without arguments that give the same part of their object at every call: `rw.writeLock().lock()`. */
  readonly steadyGetters: RegExp | null;
  /** Numbers and text. */
  readonly valueTypes: RegExp;
  /** Methods that only one type has, and that type. */
  readonly tellingMethods: ReadonlyMap<string, TypeHint>;
  /** How to tell a file from its name. */
  readonly fileNames: FileNames | null;
  /** Functions, as `package.name`, whose result is an error and never nil. */
  readonly errorMakers: RegExp | null;
  /** Functions, as `package.name`, whose result is nil if the error they are given is. */
  readonly errorWrappers: RegExp | null;
  /** Functions, as `package.name`, that ask what the error they are given is, and say no of nil. */
  readonly errorQuestions: RegExp | null;
  /** Functions that do so if what they are given is declared as an error, by name alone: `isNotFound(err)`. */
  readonly errorTests: RegExp | null;
  /** Those of `errorQuestions` that compare it with the error they are given second. */
  readonly errorComparisons: RegExp | null;
  /** Variables that hold an error or nil. */
  readonly errorVariables: RegExp | null;
  /** Variables that are errors, made when the program starts: `ErrClosed`. */
  readonly errorValues: RegExp | null;
  readonly lentFields: readonly LentFields[];
  /** Methods that end the life of the object they are called on. */
  readonly lifecycleEnd: RegExp;
  /** Functions of test libraries, as written; null: there are none. */
  readonly assertions: Assertions | null;
  /** Managers, as written, under which code is expected to fail: the test fails where it does not. */
  readonly expectsFailure: RegExp | null;
  /** Managers, as written, that swallow the exceptions they are given. */
  readonly suppressors: RegExp | null;
  /** Managers, as written, that release what they are given. */
  readonly closingManagers: RegExp | null;
  /** Decorators by which a generator goes on with whatever exception its consumer ran into. */
  readonly managerMakers: RegExp | null;
  /** Channels, as written, that nobody closes: reading them all never ends. */
  readonly endlessChannels: RegExp | null;
  /** Methods that are handed on as functions: `t.Cleanup(f.Close)`. */
  readonly methodValues: ReadonlySet<string>;
  /** Types of functions that a loop goes through as though they were collections. */
  readonly iteratorTypes: RegExp | null;
  /** Functions by which compilers wrap what a module is loaded with. */
  readonly importWrappers: RegExp | null;
  /** null: the language has no such thing. */
  readonly roots: RootHabits | null;
}

/** How components come to stay for as long as the program runs. */
export interface RootHabits {
  /** What the text of a file that renders such imports, quotes included. */
  readonly modules: RegExp;
  readonly renderers: RegExp;
  /** The property that lists them in what describes a program; null: nothing does. */
  readonly listedIn: string | null;
  /** What takes them off again. */
  readonly enders: RegExp;
}

export interface ModuleAlias {
  /** The part of the name that is replaced. */
  readonly name: RegExp;
  readonly by: string;
}

/** By what they ask of their subject. */
export interface Assertions {
  readonly null: RegExp;
  readonly set: RegExp;
  readonly true: RegExp;
  readonly false: RegExp;
  /** Those that end the test where it is not so. */
  readonly ending: RegExp;
}

/** Fields that only lend what is put in them. */
export interface LentFields {
  /** As the source writes it. */
  readonly type: TypeHint;
  /** Functions, as `package.name`, that make one. */
  readonly madeBy: RegExp;
  readonly fields: ReadonlySet<string>;
}
