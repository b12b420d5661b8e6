/**
 * The files of a scan: parsed and indexed when somebody asks, never all of them. Trees are large, so only
 * the latest are kept; indexes stay.
 */
import type { Declaration, FileIndex, LanguageFrontend, ParsedFile, TypeShape } from '../languages/language.ts';
import type { IrFunction } from '../ir/ir.ts';

/** A file of the scan and how to get its text; null text: unreadable, reported elsewhere. */
export interface SourceFile {
  readonly path: string;
  readonly frontend: LanguageFrontend;
  readonly text: () => string | null;
  /** Its text speaks of acquiring or releasing something; other files are parsed only for signatures. */
  readonly mayMatter: boolean;
}

export interface IndexedFile {
  readonly path: string;
  readonly index: FileIndex;
}

export interface FoundType {
  readonly file: IndexedFile;
  readonly shape: TypeShape;
}

const TREES_KEPT = 160;

export class Project {
  readonly #files = new Map<string, SourceFile>();
  readonly #byBaseName = new Map<string, SourceFile[]>();
  readonly #indexes = new Map<string, IndexedFile | null>();
  readonly #trees = new Map<string, ParsedFile>();
  readonly #types = new Map<string, FoundType | null>();
  readonly #members = new Map<FileIndex, Map<string, Declaration[]>>();
  parsed = 0;

  constructor(files: readonly SourceFile[]) {
    for (const file of files) {
      this.#files.set(file.path, file);
      const base = file.path.slice(file.path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
      const same = this.#byBaseName.get(base);
      if (same === undefined) this.#byBaseName.set(base, [file]);
      else same.push(file);
    }
  }

  file(path: string): IndexedFile | null {
    const known = this.#indexes.get(path);
    if (known !== undefined) return known;
    const source = this.#files.get(path);
    const tree = this.#tree(path);
    const indexed = source === undefined || tree === null ? null : { path, index: source.frontend.index(tree) };
    this.#indexes.set(path, indexed);
    return indexed;
  }

  tree(path: string): ParsedFile | null {
    return this.#tree(path);
  }

  lower(path: string, declaration: Declaration): readonly IrFunction[] {
    const source = this.#files.get(path);
    const tree = this.#tree(path);
    if (source === undefined || tree === null) return [];
    if (!this.#indexes.has(path)) this.file(path);
    return source.frontend.lower(tree, declaration);
  }

  #tree(path: string): ParsedFile | null {
    const known = this.#trees.get(path);
    if (known !== undefined) {
      this.#trees.delete(path);
      this.#trees.set(path, known);
      return known;
    }
    const source = this.#files.get(path);
    const text = source?.text() ?? null;
    if (source === undefined || text === null) return null;
    const tree = source.frontend.parse(path, text);
    this.parsed++;
    this.#trees.set(path, tree);
    if (this.#trees.size > TREES_KEPT) {
      const oldest = this.#trees.keys().next();
      if (oldest.done !== true) this.#trees.delete(oldest.value);
    }
    return tree;
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
    const segments = qualified.split('.');
    for (let i = segments.length - 1; i >= 0; i--) {
      const candidates = this.#byBaseName.get(segments[i] ?? '');
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
    if (dot < 0) return false;
    const folder = qualified.slice(0, dot).replaceAll('.', '/');
    const candidates =
      this.#byBaseName.get(qualified.slice(dot + 1))?.filter((file) => inFolder(file.path, folder)) ?? [];
    return candidates.length > 0 && candidates.every((file) => !file.mayMatter);
  }

  #findType(qualified: string): FoundType | null {
    const segments = qualified.split('.');
    for (let i = segments.length - 1; i >= 0; i--) {
      const candidates = this.#byBaseName.get(segments[i] ?? '');
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
        const key = `${declaration.owner ?? ''}#${name}`;
        const same = byName.get(key);
        if (same === undefined) byName.set(key, [declaration]);
        else same.push(declaration);
      }
      this.#members.set(file.index, byName);
    }
    return byName.get(`${typeName ?? ''}#${member}`) ?? [];
  }
}

function inFolder(path: string, folder: string): boolean {
  if (folder === '') return true;
  const end = path.lastIndexOf('/');
  const at = end < 0 ? '' : path.slice(0, end);
  return at === folder || at.endsWith(`/${folder}`);
}
