/**
 * The files of a scan as one analysis sees them: parsed and indexed when somebody asks, never all of them. What was asked
 * is noted, for whoever keeps results.
 */
import { append } from '../append.ts';
import type { Declaration, FileIndex, LanguageFrontend, ParsedFile, TypeShape } from '../languages/language.ts';
import type { IrFunction, TypeHint } from '../ir/ir.ts';
import { FilesByName } from './files-by-name.ts';
import type { Home } from './homes.ts';
import { Packages } from './packages.ts';
import { Reads } from './reads.ts';
import type { SourceStore } from './source-store.ts';

/** A file of the scan and how to get its text; null text: unreadable, reported elsewhere. */
export interface SourceFile {
  readonly path: string;
  readonly frontend: LanguageFrontend;
  readonly text: () => string | null;
  /** Its text speaks of acquiring or releasing something; other files are parsed only for signatures. */
  readonly mayMatter: boolean;
  /** What a manifest says of it; null: there is none. */
  readonly home: Home | null;
}

export interface IndexedFile {
  readonly path: string;
  readonly index: FileIndex;
  /** Of the language it is written for; null: not known. */
  readonly languageVersion: string | null;
}

export interface FoundType {
  readonly file: IndexedFile;
  readonly shape: TypeShape;
}

export interface FoundVariable {
  readonly file: IndexedFile;
  readonly type: TypeHint;
}

export interface FoundDeclaration {
  readonly file: IndexedFile;
  readonly declaration: Declaration;
}

/** The files by the names they are looked for. */
export interface FileTable {
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Without extension. */
  readonly byBaseName: ReadonlyMap<string, readonly SourceFile[]>;
  readonly packages: Packages;
  /** By types that they may declare subtypes of. */
  readonly subtypes: FilesByName;
  /** By components that they may render for good. */
  readonly roots: FilesByName;
}

export class Project {
  readonly reads = new Reads();
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #byBaseName: ReadonlyMap<string, readonly SourceFile[]>;
  readonly #packages: Packages;
  readonly #subtypes: FilesByName;
  readonly #roots: FilesByName;
  readonly #store: SourceStore;
  readonly #indexes = new Map<string, IndexedFile | null>();
  readonly #types = new Map<string, FoundType | null>();
  readonly #members = new Map<FileIndex, Map<string, Declaration[]>>();

  constructor({ files, byBaseName, packages, subtypes, roots }: FileTable, store: SourceStore) {
    this.#files = files;
    this.#byBaseName = byBaseName;
    this.#packages = packages;
    this.#subtypes = subtypes;
    this.#roots = roots;
    this.#store = store;
  }

  file(path: string): IndexedFile | null {
    const known = this.#indexes.get(path);
    if (known !== undefined) return known;
    const source = this.#files.get(path);
    const indexed = source === undefined ? null : this.#store.index(source);
    this.reads.indexes.add(path);
    this.#indexes.set(path, indexed);
    for (const shape of indexed?.index.types ?? []) this.#noteType(indexed, shape);
    return indexed;
  }

  /** A type not named like its file is found once its file was looked at, which is where it is used most. */
  #noteType(file: IndexedFile | null, shape: TypeShape): void {
    if (file === null) return;
    const { index } = file;
    const qualified = index.package === '' ? shape.name : `${index.package}.${shape.name}`;
    this.#types.set(qualified, this.#types.get(qualified) ?? { file, shape });
  }

  tree(path: string): ParsedFile | null {
    const source = this.#files.get(path);
    return source === undefined ? null : this.#store.tree(source);
  }

  lower(path: string, declaration: Declaration): readonly IrFunction[] {
    const source = this.#files.get(path);
    if (source === undefined) return [];
    if (!this.#indexes.has(path)) this.file(path);
    this.reads.body(path, declaration.id);
    return this.#store.lower(source, declaration);
  }

  #named(baseName: string): readonly SourceFile[] | undefined {
    this.reads.baseNames.add(baseName);
    return this.#byBaseName.get(baseName);
  }

  /** By qualified name, e.g. `com.acme.Outer.Inner`; found by the path its package implies. */
  type(qualified: string): FoundType | null {
    const known = this.#types.get(qualified);
    if (known !== undefined) return known;
    const found = this.#findType(qualified);
    this.#types.set(qualified, found);
    return found;
  }

  /**
   * Whether there is such a type, from paths alone where they follow the package: asking costs no parsing.
   * A nested type is taken to exist where its outermost type has a file.
   */
  mayHaveType(qualified: string): boolean {
    const known = this.#types.get(qualified);
    if (known !== undefined) return known !== null;
    if (!this.#packages.isEmpty) return this.type(qualified) !== null;
    const segments = qualified.split('.');
    for (let i = segments.length - 1; i >= 0; i--) {
      const candidates = this.#named(segments[i] ?? '');
      if (candidates === undefined) continue;
      const folder = segments.slice(0, i).join('/');
      if (i === segments.length - 1 && folder !== '' && candidates.some((file) => inFolder(file.path, folder)))
        return true;
      return this.type(qualified) !== null;
    }
    return false;
  }

  /**
   * The type's file says nothing of resources, told from its path alone: it neither acquires nor closes.
   * False where there is no such file.
   */
  isPlain(qualified: string): boolean {
    const dot = qualified.lastIndexOf('.');
    if (dot < 0 || !this.#packages.isEmpty) return false;
    const folder = qualified.slice(0, dot).replaceAll('.', '/');
    const candidates = this.#named(qualified.slice(dot + 1))?.filter((file) => inFolder(file.path, folder)) ?? [];
    for (const { path } of candidates) this.reads.gates.add(path);
    return candidates.length > 0 && candidates.every((file) => !file.mayMatter);
  }

  #findType(qualified: string): FoundType | null {
    return this.#packages.isEmpty ? this.#findByPath(qualified) : this.#findInPackages(qualified);
  }

  #findInPackages(qualified: string): FoundType | null {
    for (let dot = qualified.lastIndexOf('.'); dot > 0; dot = qualified.lastIndexOf('.', dot - 1)) {
      const name = qualified.slice(dot + 1);
      for (const file of this.#mentioning(qualified.slice(0, dot), name.slice(name.lastIndexOf('.') + 1))) {
        const shape = file.index.types.find((type) => type.name === name);
        if (shape !== undefined) return { file, shape };
      }
    }
    // A type of the root folder has no package before its name.
    for (const file of this.#mentioning('', qualified)) {
      const shape = file.index.types.find((type) => type.name === qualified);
      if (shape !== undefined) return { file, shape };
    }
    return null;
  }

  /** Files of a package whose text has the name; the others need not be parsed to know they declare nothing so called. */
  #mentioning(packageName: string, name: string): readonly IndexedFile[] {
    const paths =
      this.reads.mentions.get(packageName)?.get(name) ??
      this.#packages
        .files(packageName)
        .filter((source) => this.#store.mentions(source, name))
        .map(({ path }) => path);
    this.reads.mention(packageName, name, paths);
    return paths.flatMap((path) => this.file(path) ?? []);
  }

  /** Files that may declare subtypes of a type of this simple name; null: more than `most`, and none is read. */
  filesExtending(name: string, most: number): readonly IndexedFile[] | null {
    const paths = this.#subtypes.files(name, (source) => this.#store.supertypesNamed(source));
    this.reads.subtypes.set(name, paths);
    if (paths.length > most) return null;
    return paths.flatMap((path) => this.file(path) ?? []);
  }

  /** Files that may render a component of this name for as long as the program runs. */
  filesRendering(name: string): readonly IndexedFile[] {
    const paths = this.#roots.files(name, (source) => this.#store.rootsNamed(source));
    this.reads.roots.set(name, paths);
    return paths.flatMap((path) => this.file(path) ?? []);
  }

  /** Paths of all files that have each of the words, in the order of the files. */
  filesWith(words: readonly string[]): readonly string[] {
    const key = words.join(' ');
    const known = this.reads.words.get(key);
    if (known !== undefined) return known;
    const paths = [...this.#files.values()]
      .filter((source) => this.#store.hasWords(source, words))
      .map(({ path }) => path);
    this.reads.words.set(key, paths);
    return paths;
  }

  /** Does a file import another one, or something that has its name? */
  imports({ index }: IndexedFile, of: IndexedFile): boolean {
    const isOf = (name: string): boolean => this.#packages.files(name).some(({ path }) => path === of.path);
    return index.imports.some(({ target }) => isOf(target) || isOf(target.slice(0, target.lastIndexOf('.'))));
  }

  /** Functions of the file that mention a name otherwise than to call it, in words: not all of them speak of the function. */
  declarationsNaming(file: IndexedFile, name: string): readonly Declaration[] {
    const source = this.#files.get(file.path);
    const ids = source === undefined ? [] : this.#store.declarationsNaming(source, name);
    this.reads.naming(file.path, name, ids);
    return file.index.declarations.filter(({ id }) => ids.includes(id));
  }

  /** Functions of a package outside any type. */
  functions(packageName: string, name: string): readonly FoundDeclaration[] {
    if (this.#packages.isEmpty) return [];
    return this.#mentioning(packageName, name).flatMap((file) =>
      this.members(file, null, name).map((declaration) => ({ file, declaration })),
    );
  }

  /** Files of the same package, the file itself not among them, whose text has the name. */
  othersMentioning(file: IndexedFile, name: string): readonly IndexedFile[] {
    if (this.#packages.isEmpty) return [];
    return this.#mentioning(file.index.package, name).filter((other) => other !== file);
  }

  /** Is there a package of this name in the scan? */
  hasModule(name: string): boolean {
    return !this.#packages.isEmpty && this.#packages.files(name).length > 0;
  }

  /** What a module is called by its path, or by the manifest that names it, whatever imports call it. */
  ownName(module: string): string {
    return this.#packages.ownName(module);
  }

  /** What a name means that a module of the scan imports and does not declare; null: it does not. */
  importedBy(module: string, name: string): string | null {
    const files = this.#mentioning(module, name);
    if (files.some(({ index }) => declares(index, name))) return null;
    for (const { index } of files) {
      const found = index.imports.find(({ local, target }) => local === name && target !== `${module}.${name}`);
      if (found !== undefined) return found.target;
    }
    return this.#importedWithAll(module, name);
  }

  /** `from .http import *`, `module.exports = { ...require("./http") }` */
  #importedWithAll(module: string, name: string): string | null {
    for (const { index } of this.#mentioning(module, '')) {
      for (const { local, target } of index.imports) {
        if (local !== '*' || target === module) continue;
        if (this.#mentioning(target, name).some(({ index }) => declares(index, name) || imports(index, name)))
          return `${target}.${name}`;
      }
    }
    return null;
  }

  /** A variable of a package with a type that its file states; null: nobody declares it, or without a type. */
  variable(packageName: string, name: string): FoundVariable | null {
    if (this.#packages.isEmpty) return null;
    for (const file of this.#mentioning(packageName, name)) {
      const type = file.index.variables.get(name);
      if (type !== undefined) return { file, type };
    }
    return null;
  }

  /** What a variable of a module always is: `limits.IDLE`, `limits.Retries.pause`; null: not known. */
  number(qualified: string): number | null {
    if (this.#packages.isEmpty) return null;
    for (let dot = qualified.lastIndexOf('.'); dot > 0; dot = qualified.lastIndexOf('.', dot - 1)) {
      const module = qualified.slice(0, dot);
      if (!this.hasModule(module)) continue;
      const name = qualified.slice(dot + 1);
      for (const { index } of this.#mentioning(module, name.slice(name.lastIndexOf('.') + 1))) {
        const number = index.numbers?.get(name);
        if (number !== undefined) return number;
      }
    }
    return null;
  }

  /** Methods of a type that other files of its package declare. */
  methodsElsewhere(file: IndexedFile, typeName: string, member: string): readonly FoundDeclaration[] {
    if (this.#packages.isEmpty) return [];
    return this.#mentioning(file.index.package, member).flatMap((other) =>
      other === file ? [] : this.members(other, typeName, member).map((declaration) => ({ file: other, declaration })),
    );
  }

  #findByPath(qualified: string): FoundType | null {
    const segments = qualified.split('.');
    for (let i = segments.length - 1; i >= 0; i--) {
      const candidates = this.#named(segments[i] ?? '');
      if (candidates === undefined) continue;
      const packageName = segments.slice(0, i).join('.');
      const name = segments.slice(i).join('.');
      const folder = segments.slice(0, i).join('/');
      // Files in the folder the package implies come first; the package clause decides.
      const ordered = candidates.length === 1 ? candidates : candidates.filter((file) => inFolder(file.path, folder));
      for (const file of ordered) {
        const indexed = this.file(file.path);
        if (indexed?.index.package !== packageName) continue;
        const shape = indexed.index.types.find((type) => type.name === name);
        if (shape !== undefined) return { file: indexed, shape };
      }
    }
    return null;
  }

  /** Members of a type declared in its own file; constructors under `<init>`. */
  members(file: IndexedFile, typeName: string | null, member: string): readonly Declaration[] {
    let byName = this.#members.get(file.index);
    if (byName === undefined) {
      byName = new Map();
      for (const declaration of file.index.declarations) {
        const name = declaration.kind === 'constructor' ? '<init>' : declaration.name;
        append(byName, `${declaration.owner ?? ''}#${name}`, declaration);
      }
      this.#members.set(file.index, byName);
    }
    return byName.get(`${typeName ?? ''}#${member}`) ?? [];
  }
}

export function fileTable(sources: readonly SourceFile[]): FileTable {
  const files = new Map<string, SourceFile>();
  const byBaseName = new Map<string, SourceFile[]>();
  for (const source of sources) {
    files.set(source.path, source);
    append(byBaseName, baseNameOf(source.path), source);
  }
  return {
    files,
    byBaseName,
    packages: new Packages(sources),
    subtypes: new FilesByName(sources),
    roots: new FilesByName(sources),
  };
}

export function baseNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}

function declares({ types, declarations, variables }: FileIndex, name: string): boolean {
  if (variables.has(name) || types.some((type) => type.name === name)) return true;
  return declarations.some((declaration) => declaration.owner === null && declaration.name === name);
}

function imports(index: FileIndex, name: string): boolean {
  return index.imports.some(({ local }) => local === name);
}

function inFolder(path: string, folder: string): boolean {
  if (folder === '') return true;
  const end = path.lastIndexOf('/');
  const at = end < 0 ? '' : path.slice(0, end);
  return at === folder || at.endsWith(`/${folder}`);
}
