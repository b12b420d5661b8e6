/**
 * The packages of a scan, for languages whose paths say which package a file belongs to. Where no manifest says how imports
 * call it, one may name a package by more than the scan sees of its path, or by less: then the longest common end decides.
 */
import { append } from '../append.ts';
import type { SourceFile } from './project.ts';

export class Packages {
  /** Where all files are, if that is outside of the working folder. */
  readonly #elsewhere: string;
  readonly #files = new Map<string, SourceFile[]>();
  readonly #byLastSegment = new Map<string, string[]>();
  readonly #found = new Map<string, readonly SourceFile[]>();
  /** Names that manifests give to what goes by its path; null: to several. */
  readonly #aliases = new Map<string, string | null>();

  constructor(files: readonly SourceFile[]) {
    const folder = commonFolder(files.map(({ path }) => path));
    this.#elsewhere = folder.startsWith('../') ? folder : '';
    for (const file of files) {
      const name = file.home?.package ?? null;
      if (name === null) this.#addByPath(file);
      else for (const one of [name, ...(file.home?.alsoCalled ?? [])]) this.#add(file, one);
    }
  }

  #addByPath(file: SourceFile): void {
    const name = file.frontend.packageOf?.(file.path);
    if (name === undefined) return;
    for (const alias of file.home?.alsoCalled ?? [])
      this.#aliases.set(alias, !this.#aliases.has(alias) || this.#aliases.get(alias) === name ? name : null);
    if (!this.#add(file, name)) return;
    const last = lastSegment(name);
    append(this.#byLastSegment, last, name);
  }

  /** What a package goes by here that imports call by this name. */
  ownName(name: string): string {
    return this.#files.has(name) ? name : (this.#aliases.get(name) ?? name);
  }

  /** Whether it is the first of its package. */
  #add(file: SourceFile, name: string): boolean {
    const isFirst = !this.#files.has(name);
    append(this.#files, name, file);
    return isFirst;
  }

  get isEmpty(): boolean {
    return this.#files.size === 0;
  }

  files(name: string): readonly SourceFile[] {
    let found = this.#found.get(name);
    if (found === undefined) {
      found = this.#files.get(this.ownName(name)) ?? this.#byEnd(name);
      this.#found.set(name, found);
    }
    return found;
  }

  /** Without what only leads there from the working folder. */
  #fromFolder(name: string): string {
    if (this.#elsewhere !== '' && name.startsWith(this.#elsewhere)) return name.slice(this.#elsewhere.length);
    return name.replace(/^(?:\.\.\/)+/, '');
  }

  #byEnd(name: string): readonly SourceFile[] {
    const candidates = (this.#byLastSegment.get(lastSegment(name)) ?? []).filter(
      (one) => meansTheSame(name, this.#fromFolder(one)) || meansTheSame(one, name),
    );
    const [longest] = candidates.sort((a, b) => b.length - a.length);
    return longest === undefined ? [] : (this.#files.get(longest) ?? []);
  }
}

/** `../up/` for `../up/a/x.go` and `../up/b/y.go`. */
function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  let end = first.lastIndexOf('/') + 1;
  for (const path of others) {
    while (end > 0 && !path.startsWith(first.slice(0, end))) end = first.lastIndexOf('/', end - 2) + 1;
  }
  return first.slice(0, end);
}

function lastSegment(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('.')) + 1);
}

/** A single segment in common says nothing (`net/http` and a folder `http`), unless the longer one starts with a domain. */
function meansTheSame(longer: string, shorter: string): boolean {
  if (!longer.endsWith(shorter) || !/[/.]/.test(longer.charAt(longer.length - shorter.length - 1))) return false;
  return /[/.]/.test(shorter) || /^[^/]+\.[^/]+\//.test(longer);
}
