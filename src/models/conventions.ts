/**
 * The habits of a language's community, as the one file of `rules/<language>/` that has `conventions:` states them: how names are
 * read when nothing better is known. A line of `readers` is a key of that file, and says how it is read; the types of what
 * is written and of what comes of it follow. What frontends need too is explained in `languages/habits.ts`.
 */
import { InvariantError } from '../errors.ts';
import type { ResourceKind } from '../effects/effect.ts';
import type { Language, TypeHint } from '../ir/ir.ts';
import type { Habits } from '../languages/habits.ts';
import type { RuleSource } from './schema.ts';

/** What comes of what a rules file says; `undefined` where it does not speak of it. */
type Reader<Rule, Value> = (rule: Rule, language: Language) => Value;

type Readers = Readonly<Record<string, Reader<never, unknown>>>;

type RuleOf<R> = R extends Reader<infer Rule, unknown> ? Rule : never;

type OptionalIn<R extends Readers> = { [K in keyof R]: undefined extends RuleOf<R[K]> ? K : never }[keyof R];

type RulesOf<R extends Readers> = { readonly [K in Exclude<keyof R, OptionalIn<R>>]: RuleOf<R[K]> } & {
  readonly [K in OptionalIn<R>]?: Exclude<RuleOf<R[K]>, undefined>;
};

type ValuesOf<R extends Readers> = { readonly [K in keyof R]: ReturnType<R[K]> };

/** @throws {SyntaxError} where it is no regular expression */
function pattern(source: string): RegExp {
  return new RegExp(source, 'u');
}

function names(list: readonly string[] = []): ReadonlySet<string> {
  return new Set(list);
}

function texts(list: readonly string[] = []): readonly string[] {
  return list;
}

function text(said: string): string {
  return said;
}

function count(said: number): number {
  return said;
}

function textOrCount(said: string | number): string | number {
  return said;
}

function flag(said = false): boolean {
  return said;
}

/** The key of a resource of this language. */
function kind(name: string, language: Language): ResourceKind {
  return `${language}/${name}`;
}

function position(at: 'receiver' | 'result' | 'param0' = 'result'): 'receiver' | 'result' | 'param0' {
  return at;
}

function byName<Value>(said: Readonly<Record<string, Value>> = {}): ReadonlyMap<string, Value> {
  return new Map(Object.entries(said));
}

/** null where nothing is said. */
function optional<Rule, Value>(read: Reader<Rule, Value>): Reader<Rule | undefined, Value | null> {
  return (rule, language) => (rule === undefined ? null : read(rule, language));
}

function each<Rule, Value>(read: Reader<Rule, Value>): Reader<readonly Rule[] | undefined, readonly Value[]> {
  return (rules = [], language) => rules.map((rule) => read(rule, language));
}

function fields<R extends Readers>(of: R): Reader<RulesOf<R>, ValuesOf<R>> {
  const entries = Object.entries(of) as [string, Reader<unknown, unknown>][];
  return (rules, language) => {
    const said: Readonly<Record<string, unknown>> = rules;
    return Object.fromEntries(entries.map(([key, read]) => [key, read(said[key], language)])) as ValuesOf<R>;
  };
}

const readers = {
  releaseMethods: names,
  /** Functions that release an argument: `closeQuietly`. */
  releaseFunctions: pattern,
  /** Functions that only use their arguments: `copy`, `readFully`. */
  borrowFunctions: pattern,
  /** Functions whose result is fresh: `open…`, `create…`, `new…`. */
  factories: pattern,
  /** Functions whose result stays somebody else's: `get…`. */
  accessors: pattern,
  /** Types presumed to need a release, by simple name. */
  presumedCloseable: pattern,
  /** Types presumed not to need one though a rule above says so. */
  presumedHarmless: pattern,
  /** Getters whose result is fresh all the same: `getResourceAsStream`. */
  streamGetters: pattern,
  /** Types nobody knows whose streams end with them; null: no such habit. */
  ownersOfStreams: optional(pattern),
  /** Of the presumed types, those whose name leaves hardly a doubt. */
  surelyCloseable: pattern,
  /** Takes something out of a collection or holder; never fresh, whatever is done with it. */
  elementGetters: pattern,
  /** Static functions a process starts with, and ends with. */
  processEntries: pattern,
  /** Methods of a program to which its entry leaves all of its work: `new Agent().run()`; null: no such habit. */
  programMethods: optional(pattern),
  /** Functions of a type or module that end the process, as `Type.name`. */
  processExits: pattern,
  /** Types whose values are never released: numbers, text. */
  valueTypes: pattern,
  /** Functions that give their argument back to a pool, which keeps it open. */
  poolReturns: pattern,
  /** Calls that throw nothing worth a report: getters, logging. */
  neverThrows: pattern,
  /** Methods of what wraps a stream that fail only where the stream does, and the method of it that tells; null: none are known. */
  writing: optional(fields({ calls: pattern, sink: text })),
  /** Methods that end the life of an object: `close`, `stop`, `destroy`. */
  lifecycleEnd: pattern,
  /** Annotations of classes and fields that write getters; null: whether a field is handed out cannot be told by the types of methods. */
  givesFields: optional(pattern),
  /** Methods that add the argument to the receiver: `add`, `put`, `register`. */
  containerMethods: pattern,
  /** Supertypes that mark a type as releasable: `java.lang.AutoCloseable`. */
  closeableTypes: texts,
  /** Types of what stands for a value, their first argument, that may not be there. */
  holderTypes: texts,
  /** Constructing a value sets its fields, and runs no code. */
  constructsByFields: flag,
  /** What stands before the type that is constructed: `new`; null: nothing does. */
  constructionKeyword: optional(text),
  /** What a text written in the code is a value of; null: arguments are not told apart by their types. */
  textType: optional(text),
  /** Types of a last result that is null where the call succeeded; null: calls do not fail that way. */
  errorResult: optional(pattern),
  /** Names of results beside another one that are true where there is that one. */
  successFlags: optional(pattern),
  /** Release methods that, called on what a call gave, say that whoever makes that call owns what it gives. */
  tellingReleases: names,
  /** Methods and fields that are true while their object is open: `isOpen`; null: there is no such habit. */
  openTests: optional(pattern),
  /** Methods and fields that are true once their object is released: `isClosed`, `destroyed`. */
  releasedTests: optional(pattern),
  /** Fields that say by a word how their object is, and the words for one that is released; null: there are none. */
  releasedStates: optional(fields({ fields: pattern, words: pattern })),
  /** Functions nobody knows that open something, as `name/arity`, where they return it and an error; null: no such habit. */
  opensByName: optional(pattern),
  /** Functions nobody knows that open what they are told how to open, `safe_open(path, "rb")`; null: no such habit. */
  toldHow: optional(
    fields({
      names: pattern,
      /** What the argument of this name or number has to be. */
      modes: pattern,
      modeName: text,
      modeAt: count,
      /** What opens a path that it is called on: `path.open('rb')`. */
      method: text,
      resource: kind,
      /** Of the first result. */
      type: text,
    }),
  ),
  /** Functions nobody knows whose result works on what they are given: `NewReader(in)`. */
  wrapsByName: optional(pattern),
  /** A call nobody knows that is given one of such a type and gives one gives a wrapper. */
  wrappedTypes: optional(pattern),
  /** Results of these types that come with an error were opened for the caller, whatever the function is called. */
  openedTypes: optional(pattern),
  /** Fields that say of a value that it is a failure, and has nothing to release. */
  errorFields: optional(pattern),
  /** Functions that are returned beside what they release; null: there is no such habit. */
  closerResource: optional(kind),
  /** Types of a parameter by which a function that returns nothing is a command: what it leaves open ends with the process. */
  processParameters: optional(pattern),
  /** Methods that a framework's own entry calls, and ends the process after; empty: none known. */
  processMethods: each(
    fields({
      names: pattern,
      /** A supertype of theirs, by its qualified name; null: any. So with the others, of which one has to hold. */
      types: optional(pattern),
      /** An annotation of their type. */
      annotations: optional(pattern),
      /** An annotation of a field of their type. */
      fieldAnnotations: optional(pattern),
    }),
  ),
  /** Annotations of functions that are commands of the process; null: there are none. */
  processAnnotations: optional(pattern),
  /** Arguments by which a call takes a function that a process starts with; empty: none known. */
  processTargets: each(
    fields({
      calls: pattern,
      /** The name it is given by, or its position. */
      argument: textOrCount,
      /** What a file imports that makes such calls; null: nothing. */
      imports: optional(pattern),
      /** A name on the way to what the call is made on, of a variable, a type or a call; null: any. */
      on: optional(pattern),
    }),
  ),
  /** What a file asks that may be started as well as imported; null: files do not ask. */
  programTest: optional(fields({ name: text, value: text })),
  /** Functions, as `package.name`, whose arguments a tool reads to write calls of them; null: there are none. */
  describedBy: optional(pattern),
  /** Files of tests, by their paths; null: nothing tells them. */
  testPaths: optional(pattern),
  /** Files of scripts that build or show something, whose processes end with what their functions leave; null: nothing tells them. */
  scriptPaths: optional(pattern),
  /** Files of examples, likewise. */
  examplePaths: optional(pattern),
  /** Modules that imports call by the folder they are in; null: there are none. */
  folderModules: optional(pattern),
  /** Names of what lives no longer than the call it is given to: `request`; null: nothing known of that. */
  shortLivedNames: optional(pattern),
  /** Names of the parameters by which a function answers requests, one after the other on one loop; null: none do. */
  requestNames: optional(pattern),
  /** Which errors end the process where nobody listens for them; null: none do. */
  unheardErrors: optional(
    fields({
      /** `parser.on('error', report)` */
      event: text,
      /** By which listeners are left; they give back their object. */
      methods: pattern,
      /** Supertypes of what emits such errors. */
      types: pattern,
    }),
  ),
  /** Of these, names that others use as well; null: there are none. */
  requestContexts: optional(
    fields({
      /** `ctx`: where its type is known, that says whether it belongs to a request. */
      names: pattern,
      /** Of libraries. */
      types: pattern,
      /** Those of the project have one of these: `request`. */
      members: pattern,
    }),
  ),
  /** What is written for a server that one developer uses; null: there are none. */
  developmentServers: optional(
    fields({
      /** By what a function takes or gives. */
      types: pattern,
      /** By its own name. */
      functions: pattern,
    }),
  ),
  /** Names of a parameter that is called once, when all is done: `callback`; null: no such habit. */
  completions: optional(pattern),
  /** Events, and methods, whose listeners are called whatever came before; null: nobody asks. */
  comesLast: optional(pattern),
  moduleAliases: each(fields({ name: pattern, by: text })),
  uncheckedNames: optional(pattern),
  readers: optional(pattern),
  readMethods: optional(pattern),
  plainResults: optional(pattern),
  lazyResults: optional(pattern),
  /** Methods that end a builder, and throw as rarely as a constructor; null: no such habit. */
  finishers: optional(pattern),
  /** Types, and functions that give one, whose methods only note what they are told, unless by name they read or make something; null: no such habit. */
  noteTakers: optional(pattern),
  runsAtOnce: optional(pattern),
  makers: optional(pattern),
  waits: optional(pattern),
  /** Functions nobody knows whose result, closed on one path only, was somebody else's before; null: no such habit. */
  keptGetters: optional(pattern),
  /** Names of functions nobody knows: that their result is released on one path says little about the others. */
  doubtfulSources: optional(pattern),
  steadyGetters: optional(pattern),
  /** What calls that add or remove a listener are given, at which position; null: nobody compares them. */
  listening: optional(
    fields({
      event: count,
      listener: count,
      /** True where the listener hears of an event before those who are nearer to its source. */
      phase: count,
    }),
  ),
  /** Methods that take back every listener of an object. */
  removesAll: optional(pattern),
  tellingMethods: byName<TypeHint>,
  fileNames: optional(fields({ names: pattern, methods: texts, type: text, takers: pattern })),
  openers: optional(pattern),
  pathType: optional(text),
  booleanNames: optional(pattern),
  numberResults: optional(pattern),
  collectionResults: optional(pattern),
  quietIterables: optional(pattern),
  steadyQuestions: optional(fields({ functions: pattern, methods: pattern })),
  errorTypes: optional(pattern),
  errorMakers: optional(pattern),
  errorWrappers: optional(pattern),
  /** Methods that run when nobody holds an object any more, also one whose constructor failed; null: there are none. */
  finalizers: optional(pattern),
  /** What an accessor hands out is kept by somebody, whatever other functions close of it. */
  gettersKeep: flag,
  /** Types of what ends, at its own end, what was made for it: `store := newStore(t)`, which says `t.Cleanup(store.Close)`. */
  caretakerTypes: optional(pattern),
  /** Variables that hold a number, a text or a lock, by their names: whoever made it, nothing is due; null: no such habit. */
  harmlessNames: optional(pattern),
  /** Of a class and its method, `App#start`: it sets a service up, and nobody is waiting for it yet. */
  setsUpService: optional(pattern),
  /** Files of commands, by their paths: nothing but the command is on the loop; null: nothing tells them. */
  commandPaths: optional(pattern),
  /** Variables that hold a log, by their names: it only writes what it is told of; null: no such habit. */
  logNames: optional(pattern),
  /** Methods by which a loop goes through an object: one that releases it does so at the end; null: no such habit. */
  iterationSteps: optional(pattern),
  expectsFailure: optional(pattern),
  suppressors: optional(pattern),
  closingManagers: optional(pattern),
  managerMakers: optional(pattern),
  /** Release methods that a statement calls, and tells how it was left; null: no such habit. */
  scopeEnds: optional(pattern),
  /** Methods after which an object is not used any more, beside those that release; null: there are none. */
  endMethods: optional(pattern),
  /** Methods that end what nobody knows, though the name alone is no evidence of a duty: `abort`; null: there are none. */
  mayEnd: optional(pattern),
  /** Those that a framework calls by itself, whatever was called before; null: there are none. */
  endHooks: optional(pattern),
  /** Methods a framework calls when an object's life begins, and it will end it as well; null: there are none. */
  startHooks: optional(pattern),
  /** Functions that run one of their arguments whenever something appears or changes, which returns what undoes it; null: there are none. */
  startEffects: optional(
    fields({
      calls: pattern,
      /** Positions of the function and of what it depends on: where that is an empty list, it runs once. */
      runs: count,
      dependsOn: count,
    }),
  ),
  /** Whoever calls one of these runs again with each change, `useState()`; null: there are none. */
  renderHooks: optional(pattern),
  /** Calls that give another function each time; null: nobody knows of any. */
  makesFunctions: optional(pattern),
  /** Methods that open what they are called on; null: no such habit. */
  openMethods: optional(pattern),
  /** Functions that may return with a lock held on purpose, by name; null: a lock nobody here unlocks is not asked about. */
  leavesHeld: optional(pattern),
  /** Resources that are numbers have at least this one; null: nothing is known of them. */
  numbersFrom: optional(count),
  errorQuestions: optional(pattern),
  errorTests: optional(pattern),
  errorComparisons: optional(pattern),
  errorVariables: optional(pattern),
  errorValues: optional(pattern),
  assertions: optional(fields({ null: pattern, set: pattern, true: pattern, false: pattern, ending: pattern })),
  endlessChannels: optional(pattern),
  methodValues: names,
  iteratorTypes: optional(pattern),
  importWrappers: optional(pattern),
  /** What the function of a timer calls that is there to end something which does not end by itself. */
  watchdogEnds: optional(pattern),
  /** Methods that set an object up, once. */
  initMethods: optional(pattern),
  /** Methods that only end what one of these began, in classes that have it: `close`, of `open`. */
  counterparts: byName<readonly string[]>,
  /** Methods of a promise whose own is rejected only by the function they are given: `catch`. */
  rejectionHandlers: optional(pattern),
  /** What nobody knows but by name, and hardly ever fails when it is waited for: `sleep`; null: there is none. */
  pauses: optional(pattern),
  /** Properties of options by which whoever gave them ends what is made with them: `signal`; null: there are none. */
  endingOptions: optional(pattern),
  /** Functions, as `Type.name`, whose promise is rejected if one of those they are given is. */
  joinsPromises: optional(pattern),
  /** Those of them that wait for one only, and leave the others to themselves. */
  racesPromises: optional(pattern),
  /** Types of promises, of what their first argument says; null: values are waited for under their own types. */
  promiseTypes: optional(pattern),
  /** Names of a first parameter that tells a function of a failure, which is then called once; null: functions are told otherwise. */
  errbacks: optional(pattern),
  /** Methods before which what is only presumed to need a release holds nothing, in functions that call one of them. */
  startMethods: optional(pattern),
  /** Methods that end what is only presumed to need a release, but are no sign that it does: `worker.Release()`. */
  otherEnds: optional(pattern),
  roots: optional(fields({ modules: pattern, renderers: pattern, listedIn: optional(text), enders: pattern })),
  /** Classes a framework makes one object of, for as long as the program runs; null: it makes none. */
  singletons: optional(
    fields({
      annotations: pattern,
      /** Annotations of a class that is made more often. */
      unless: optional(pattern),
      /** Annotations of the method that begins its life. */
      starts: optional(pattern),
      /** Methods that begin it, by name; null: none do. */
      begins: optional(pattern),
      /** Methods that have something done again and again. */
      endless: optional(pattern),
      /** Methods that run what they are given, which may never come to an end. */
      runs: optional(pattern),
      /** Annotations of methods that make such objects, and whose failure is the application's, which does not start then. */
      makers: optional(pattern),
      /** What such an annotation says where the object's end, if it has one, comes with the program's; null: that is not told. */
      untilExit: optional(pattern),
    }),
  ),
  /** Classes that give the one object there is, whoever makes one; null: that is not told by names. */
  oneOfAKind: optional(
    fields({
      /** Annotations of the class, or types above it. */
      names: pattern,
      /** The method that gives the object, and the static field it keeps it in. */
      makers: pattern,
      keptIn: pattern,
    }),
  ),
  lentFields: each(fields({ type: text, madeBy: pattern, fields: names })),
  /** What functions nobody knows acquire, where the function around releases that kind as well. */
  presumedCalls: each(
    fields({
      name: pattern,
      /** null: any number of arguments. */
      arguments: optional(count),
      resource: kind,
      /** `param0`: a listener, which is somebody's to take back or not as any other. */
      at: position,
      /** Calls of which the function has one where the thing cannot just be dropped; null: it never can. */
      undoneBy: optional(pattern),
    }),
  ),
};

/** As a rules file says them, patterns being text. */
export type ConventionRules = RulesOf<typeof readers> & {
  /** Member names that say too little to make a file worth parsing: `get`, `open`. */
  readonly genericMembers: readonly string[];
};

export interface Conventions extends ValuesOf<typeof readers>, Pick<Habits, 'scopeAnnotations'> {}

/** The keys that can be read, in the order of this file. */
export const conventionKeys: readonly string[] = Object.keys(readers);

export function compileConventions(language: Language, sources: readonly RuleSource[]): Conventions {
  const rules = sources.find((source) => source.document.conventions !== undefined)?.document.conventions;
  if (rules === undefined) throw new InvariantError(`rules/${language} has no conventions`);
  return { ...fields(readers)(rules, language), scopeAnnotations: scopeAnnotations(sources) };
}

/** @throws {SyntaxError} where what a key says holds no regular expression */
export function checkConvention(key: string, rule: unknown, language: Language): void {
  const read = (readers as Readonly<Record<string, Reader<never, unknown>>>)[key] as
    Reader<unknown, unknown> | undefined;
  read?.(rule, language);
}

/** Annotations of a variable that is released at the end of its scope. */
function scopeAnnotations(sources: readonly RuleSource[]): ReadonlySet<string> {
  const stated = sources.flatMap(({ document }) => Object.entries(document.annotations ?? {}));
  return new Set(stated.flatMap(([name, meaning]) => (meaning === 'scoped' ? [name] : [])));
}

/** How a language tells that there is one object of a class. */
export type Singletons = NonNullable<Conventions['singletons']>;
/** How a file asks whether it is the program. */
export type ProgramTest = NonNullable<Conventions['programTest']>;
/** Calls that are given what a process runs. */
export type ProcessTarget = Conventions['processTargets'][number];
