/**
 * Texts, trees and indexes of a scan's files, which depend on nothing but the text of each: any number of projects may
 * share them. Trees and texts are large, so only the latest are kept; indexes stay, and the numbers trees are made of,
 * where there are any.
 */
import { createHash } from 'node:crypto';
import type { IrFunction } from '../ir/ir.ts';
import type { Habits } from '../languages/habits.ts';
import type { Declaration, ParsedFile } from '../languages/language.ts';
import { PackedTrees, textMark, type TreeShelf } from './packed-trees.ts';
import { Latest, TEXT_OF_TREES_KEPT } from './latest.ts';
import type { IndexedFile, SourceFile } from './project.ts';
import { isWord, placesOf, Words } from './words.ts';

/** Asking a package for a name reads all its files, again and again. */
const TEXT_KEPT = 32_000_000;

const none: ReadonlySet<string> = new Set();

export class SourceStore {
  /** How often a file was parsed so far. */
  parsed = 0;
  readonly #trees: Latest<ParsedFile>;
  readonly #texts: Latest<string>;
  readonly #indexes = new Map<string, IndexedFile | null>();
  readonly #indexHashes = new Map<string, string | null>();
  readonly #bodyHashes = new Map<string, string | null>();

  readonly #supertypes = new Map<string, ReadonlySet<string>>();
  readonly #roots = new Map<string, ReadonlySet<string>>();
  readonly #words = new Map<string, Words | null>();

  readonly #habits: Habits;
  readonly #shelf: TreeShelf;

  /** `habits`: of the language all files are in. `sharers`: so many stores share the memory there is, and `shelf`. */
  constructor(habits: Habits, sharers = 1, shelf: TreeShelf = new PackedTrees()) {
    this.#habits = habits;
    this.#shelf = shelf;
    this.#trees = new Latest(TEXT_OF_TREES_KEPT / sharers);
    this.#texts = new Latest(TEXT_KEPT / sharers);
  }

  text(source: SourceFile): string | null {
    const known = this.#texts.get(source.path);
    if (known !== undefined) return known;
    const text = source.text();
    if (text !== null) this.#texts.set(source.path, text, text.length);
    return text;
  }

  tree(source: SourceFile): ParsedFile | null {
    const known = this.#trees.get(source.path);
    if (known !== undefined) return known;
    const text = this.text(source);
    if (text === null) return null;
    const tree = this.#parse(source, text);
    this.#trees.set(source.path, tree, text.length);
    return tree;
  }

  #parse({ path, frontend }: SourceFile, text: string): ParsedFile {
    const mark = textMark(text);
    const known = this.#shelf.get(path, mark);
    if (known !== null) return frontend.parse(path, text, known);
    const tree = frontend.parse(path, text);
    this.parsed++;
    if (tree.numbers !== undefined) this.#shelf.put(path, mark, tree.numbers);
    return tree;
  }

  index(source: SourceFile): IndexedFile | null {
    const known = this.#indexes.get(source.path);
    if (known !== undefined) return known;
    const tree = this.tree(source);
    const indexed = tree === null ? null : indexedFile(source, tree, this.#habits);
    this.#indexes.set(source.path, indexed);
    return indexed;
  }

  /** Of types its text declares, by their words alone: simple names of what they extend or implement. */
  supertypesNamed(source: SourceFile): ReadonlySet<string> {
    return this.#namesIn(source, this.#supertypes, source.frontend.supertypesNamed);
  }

  /** Of components its text may render for as long as the program runs. */
  rootsNamed(source: SourceFile): ReadonlySet<string> {
    return this.#namesIn(source, this.#roots, source.frontend.rootsNamed);
  }

  #namesIn(
    source: SourceFile,
    known: Map<string, ReadonlySet<string>>,
    namesIn: ((text: string, habits: Habits) => ReadonlySet<string>) | undefined,
  ): ReadonlySet<string> {
    const before = known.get(source.path);
    if (before !== undefined) return before;
    // Each text is asked once, so it need not push out those that are asked again.
    const text = namesIn === undefined ? null : (this.#texts.get(source.path) ?? source.text());
    const names = text === null || namesIn === undefined ? none : namesIn(text, this.#habits);
    known.set(source.path, names);
    return names;
  }

  /** Does its text have the name? What is no word, and the empty name, is looked for as it stands. */
  mentions(source: SourceFile, name: string): boolean {
    return isWord(name) ? this.hasWords(source, [name]) : this.text(source)?.includes(name) === true;
  }

  /** Is each of them a word of its text? */
  hasWords(source: SourceFile, words: readonly string[]): boolean {
    let known = this.#words.get(source.path);
    if (known === undefined) {
      const text = this.#texts.get(source.path) ?? source.text();
      known = text === null ? null : new Words(text);
      this.#words.set(source.path, known);
    }
    if (known === null || !words.every((word) => known.mayHave(word))) return false;
    const text = this.text(source) ?? '';
    return words.every((word) => placesOf(word, text).next().done !== true);
  }

  /** Ids of the declarations that mention a name otherwise than to call it, as a value or in a comment. */
  declarationsNaming(source: SourceFile, name: string): readonly string[] {
    const text = this.text(source);
    if (text === null) return [];
    const places = [...placesOf(name, text)].filter((at) => text.charAt(at + name.length) !== '(');
    const declarations = this.index(source)?.index.declarations ?? [];
    return declarations
      .filter(({ span, nameSpan }) => places.some((at) => at >= span.start && at < span.end && at !== nameSpan.start))
      .map(({ id }) => id);
  }

  lower(source: SourceFile, declaration: Declaration): readonly IrFunction[] {
    const tree = this.tree(source);
    return tree === null ? [] : source.frontend.lower(tree, declaration, this.#habits);
  }

  /** Equal as long as others see the same declarations in the file, wherever they stand; null: it cannot be read. */
  indexHash(source: SourceFile): string | null {
    const known = this.#indexHashes.get(source.path);
    if (known !== undefined) return known;
    const indexed = this.index(source);
    const hash = indexed === null ? null : hashOf(JSON.stringify(indexed.index, withoutPlaces));
    this.#indexHashes.set(source.path, hash);
    return hash;
  }

  /** Equal as long as the function does the same, wherever it stands; null: there is none of this id. */
  bodyHash(source: SourceFile, id: string): string | null {
    const key = `${source.path}\n${id}`;
    const known = this.#bodyHashes.get(key);
    if (known !== undefined) return known;
    const declaration = this.index(source)?.index.declarations.find((one) => one.id === id);
    const hash =
      declaration === undefined ? null : hashOf(JSON.stringify(this.lower(source, declaration), withoutPlaces));
    this.#bodyHashes.set(key, hash);
    return hash;
  }
}

function indexedFile({ path, frontend, home }: SourceFile, tree: ParsedFile, habits: Habits): IndexedFile {
  const index = frontend.index(tree, habits, home?.package ?? null);
  return { path, index, languageVersion: home?.languageVersion ?? null };
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function withoutPlaces(key: string, value: unknown): unknown {
  if (key === 'span' || key === 'nameSpan') return undefined;
  return value instanceof Set || value instanceof Map ? [...value] : value;
}
