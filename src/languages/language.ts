/** The port every language implements. Adding a language adds a folder and a line in `registry.ts`. */
import type { Fix, FixRequest } from '../findings/edit.ts';
import type { FunctionId, IrFunction, Language, Literal, Span, SymbolName, TypeHint } from '../ir/ir.ts';
import type { Habits } from './habits.ts';

/** Opaque to everyone but the frontend that made it. Holds no WASM memory. */
export interface ParsedFile {
  readonly language: Language;
  /** Relative to the scan root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Ranges the parser could not make sense of; the rest is analysed. */
  readonly errors: readonly Span[];
  /** The tree as `parse` takes it again, in this thread or another; absent: there is no such thing. */
  readonly numbers?: Int32Array;
}

export interface Comment extends Span {
  readonly kind: 'line' | 'block';
  /** What it says, without the signs around it: ` eslint-disable-line leak`. */
  readonly text: string;
}

export interface Import {
  /** The name it has in this file; `*` for all names of the target. */
  readonly local: string;
  /** Dotted, e.g. `java.io.File`, or for a wildcard `java.io`. */
  readonly target: string;
  /** `member`: a static import, a name inside a module or type. */
  readonly kind: 'type' | 'member';
}

export interface Parameter {
  readonly name: string;
  readonly type: TypeHint | null;
  readonly annotations: readonly Annotation[];
  readonly isVariadic: boolean;
  /** What it is where a call leaves it out, if that is a plain constant. */
  readonly fallback?: Literal;
}

/** A function with a body or a signature, outside any other function. */
export interface Declaration {
  readonly id: FunctionId;
  readonly symbol: SymbolName;
  readonly name: string;
  /** Name of the declaring type within the package, e.g. `Outer.Inner`; null at top level. */
  readonly owner: string | null;
  /** `initializer`: all instance field initialisers and blocks of a type; `static-initializer` alike. */
  readonly kind: 'function' | 'method' | 'constructor' | 'initializer' | 'static-initializer';
  readonly params: readonly Parameter[];
  readonly returnType: TypeHint | null;
  /** Exceptions the signature announces. */
  readonly throws: readonly TypeHint[];
  readonly annotations: readonly Annotation[];
  readonly isStatic: boolean;
  readonly isPrivate: boolean;
  /** Runs on an event loop, by the syntax of the language. */
  readonly isAsync: boolean;
  readonly hasBody: boolean;
  /** Has a body without statements. */
  readonly isEmpty: boolean;
  readonly span: Span;
  readonly nameSpan: Span;
  /** Names called in the body, closures included: `close`, `new FileInputStream` (see `ir/construction.ts`). */
  readonly calls: ReadonlySet<string>;
}

export interface Annotation {
  /** As written, without `@`: `Cleanup`, `lombok.Cleanup`. */
  readonly name: string;
  /** Text of the arguments, or null. */
  readonly args: string | null;
}

export interface FieldShape {
  readonly name: string;
  readonly type: TypeHint | null;
  readonly isStatic: boolean;
  readonly annotations: readonly Annotation[];
  readonly span: Span;
  readonly nameSpan: Span;
}

export interface TypeShape {
  /** Within the package, e.g. `Outer.Inner`. */
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'enum' | 'record' | 'annotation';
  readonly isAbstract: boolean;
  readonly supertypes: readonly TypeHint[];
  /** Those of the supertypes that it gets no bodies from, where the source says so. */
  readonly interfaces?: readonly TypeHint[];
  readonly typeParameters: readonly string[];
  readonly fields: readonly FieldShape[];
  readonly annotations: readonly Annotation[];
  readonly span: Span;
  readonly nameSpan: Span;
}

/** What other files need to know of a file. */
export interface FileIndex {
  readonly language: Language;
  readonly path: string;
  /** Dotted; '' if none. */
  readonly package: string;
  readonly imports: readonly Import[];
  /** Nested and local types included, anonymous ones not. */
  readonly types: readonly TypeShape[];
  readonly declarations: readonly Declaration[];
  /** Variables that the other files of the package see by name, with their types. */
  readonly variables: ReadonlyMap<string, TypeHint>;
  /** Variables of the file, by dotted names, that are always the same number; absent: not known. */
  readonly numbers?: ReadonlyMap<string, number>;
  /** Components it renders for as long as the program runs; absent: the language has none. */
  readonly roots?: ReadonlySet<string>;
}

/** What a type checker says of calls; null: nothing. `path` as that of a parsed file, `call` the span of the whole call. */
export interface CallTypes {
  /** Of its result, or of what a promise of it stands for. */
  resultOf(path: string, call: Span): TypeHint | null;
  /** Of what the method is called on. */
  receiverOf(path: string, call: Span): TypeHint | null;
}

/** A file beside the sources that says what the folder it is in goes by: `go.mod`. */
export interface Manifest {
  /** What imports call the folder; null: it does not say. */
  readonly name: string | null;
  /** The version of the language that is written below the folder; null: it does not say. */
  readonly languageVersion: string | null;
  /** Folders, from the manifest's, that imports call by a name of their own as well. */
  readonly replaced: readonly { readonly name: string; readonly folder: string }[];
  readonly aliases: readonly ImportAlias[];
}

/** What imports may call a package besides what its path says; a `*` stands for the same in both. */
export interface ImportAlias {
  readonly name: string;
  /** From the manifest's folder, as the path of a file says its package. */
  readonly path: string;
}

export interface ManifestReader {
  /** Base names. The nearest of each kind, from a file upwards, counts. */
  readonly fileNames: readonly string[];
  /** Never throws: what it cannot read it does not know. */
  read(text: string, fileName: string): Manifest;
  /** `folder`: of the file, from the manifest's; '' for that itself. */
  packageOf(name: string, folder: string): string;
}

/** What a file may be written with, as the manifests around it say. */
export interface Target {
  /** Constructs that not every version of the language has: `using`. */
  readonly constructs: ReadonlySet<string>;
  /** The lowest version of the platform it runs on, as numbers with dots; null: not said. */
  readonly platform: string | null;
}

/** Text of a file by its absolute path; null: there is none. */
export type ReadText = (path: string) => string | null;

export interface LanguageFrontend {
  readonly id: Language;
  /** With the dot: `.java`. */
  readonly extensions: readonly string[];
  /** Names of folders in which a project keeps others' code, which is called and not judged. */
  readonly dependencyFolders: readonly string[];
  /** Packages whose names need no import: `java.lang`. */
  readonly implicitPackages: readonly string[];
  /**
   * Functions say what they take and return: a missing result type means that there is none, and functions of
   * one name are told apart by their parameters. Else arguments may be left out as well.
   */
  readonly isTyped: boolean;
  /** Asked where the syntax does not tell; absent: nobody checks types. */
  readonly types?: CallTypes;
  /** The same, with types of these files; absent: there is no type checker for the language. */
  readonly withTypes?: (root: string, files: readonly string[]) => LanguageFrontend;
  /** `close()` may mean a method of the class around, or of a class around that; else it is a function. */
  readonly callsMembersByName: boolean;
  /** Private members are called by the type that declares them, and by nobody else. */
  readonly isPrivateToType: boolean;
  /** What a file imports others may import from it. */
  readonly sharesImports: boolean;
  /** The package a file belongs to, where its path alone says so; absent: its text does. */
  readonly packageOf?: (path: string) => string;
  /** Absent: paths and texts of the sources say all there is to say. */
  readonly manifests?: ManifestReader;
  /** Simple names that types of the text are declared to extend or implement; asked of files nobody parses. Absent: who implements what is not looked for. */
  readonly supertypesNamed?: (text: string) => ReadonlySet<string>;
  /** Names of components that a text may render for as long as the program runs; asked of files nobody parses. Absent: there are none. */
  readonly rootsNamed?: (text: string, habits: Habits) => ReadonlySet<string>;
  /** Text that a tool has written from other text, which is what its authors read; absent: there is none such. */
  readonly isGenerated?: (text: string) => boolean;
  /** Gets the parser ready; call once before `parse`. */
  load(): Promise<void>;
  /** Never throws for bad syntax: a tree with errors is a tree. `known`: the `numbers` of what was made of the same text. */
  parse(path: string, text: string, known?: Int32Array): ParsedFile;
  /** `packageName`: where a manifest says it. */
  index(file: ParsedFile, habits: Habits, packageName?: string | null): FileIndex;
  /** In source order. Asked only of files in which a comment may matter: it can cost another parse. */
  comments(file: ParsedFile): readonly Comment[];
  /** The function, then its closures (lambdas, local functions, anonymous class methods), outer first. */
  lower(file: ParsedFile, declaration: Declaration, habits: Habits): readonly IrFunction[];
  /**
   * Ways to release what a finding is about, best first. Each is tried out before it is offered, so a fixer need
   * only see to what an analysis of the result cannot: that it compiles, and that right paths stay right.
   */
  readonly fixes?: (file: ParsedFile, request: FixRequest, habits: Habits, target: Target) => readonly Fix[];
  /** `path`: absolute. Asked only where a fix is to be written; absent: what every version has. Never throws. */
  readonly targetOf?: (path: string, read: ReadText) => Target;
}
