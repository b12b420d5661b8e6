/**
 * Results of earlier scans, by round and unit. A unit's result holds as long as its description and its own files are the
 * same and every question it asked of other files has the same answer.
 */
import type { NamesOf } from '../project/files-by-name.ts';
import { baseNameOf, type FileTable, type SourceFile } from '../project/project.ts';
import { hashOf, type SourceStore } from '../project/source-store.ts';
import type { Round } from '../session/rounds.ts';
import { emptyStats } from '../session/stats.ts';
import type { AnalysedFile, Unit, UnitReads, UnitResult } from '../session/unit.ts';

/** A file as it was when results were stored. */
export interface StoredFile {
  /** Of its text. */
  readonly hash: string;
  readonly mayMatter: boolean;
}

export type StoredFiles = Readonly<Record<string, StoredFile>>;

export interface StoredUnit {
  /** Of its description. */
  readonly key: string;
  readonly files: readonly AnalysedFile[];
  readonly reads: UnitReads;
}

export interface StoredRound {
  readonly opened: readonly string[];
  readonly units: readonly StoredUnit[];
}

/** What is kept for one language and one set of files. */
export interface StoredScan {
  readonly files: StoredFiles;
  /** Of what manifests say of them. */
  readonly manifests: string;
  readonly rounds: readonly StoredRound[];
}

/** The files as they are now. */
export interface CurrentFiles {
  readonly stored: StoredFiles;
  readonly manifests: string;
  readonly table: FileTable;
  readonly store: SourceStore;
}

export function storedFile(text: string | null, mayMatter: boolean): StoredFile {
  return { hash: text === null ? '' : hashOf(text), mayMatter };
}

export class UnitCache {
  readonly #before: StoredScan | null;
  readonly #now: CurrentFiles;
  readonly #changes: Changes;
  readonly #rounds: StoredRound[] = [];
  #isSame: boolean;

  constructor(stored: StoredScan | null, now: CurrentFiles) {
    // Other packages, or another version of the language, and any call may mean something else.
    const before = stored?.manifests === now.manifests ? stored : null;
    this.#before = before;
    this.#now = now;
    this.#changes = changesBetween(before?.files ?? {}, now);
    this.#isSame = before !== null && this.#changes.paths.size === 0;
  }

  /** What is known of the units, in their order; null: the unit has to be analysed. */
  find({ number, opened, units }: Round): readonly (UnitResult | null)[] {
    const before = this.#before?.rounds[number];
    if (before === undefined) return units.map(() => null);
    const known = new Map(before.units.map((unit) => [unit.key, unit]));
    const gates = changedGates(before.opened, opened, this.#before?.files ?? {}, this.#now);
    return units.map((unit) => {
      const stored = known.get(keyOf(unit));
      if (stored === undefined || !isValid(unit, stored.reads, gates, this.#changes, this.#now)) return null;
      return { files: stored.files, reads: stored.reads, stats: { ...emptyStats(), cached: unit.length } };
    });
  }

  /** To be called for every round, in order. */
  keep({ number, opened, units }: Round, results: readonly UnitResult[]): void {
    const kept = results.flatMap(({ files, reads }, index): StoredUnit[] => {
      const unit = units[index];
      if (unit === undefined || reads === null || !isKeepable(files) || !this.#isOfNow(files)) return [];
      return [{ key: keyOf(unit), files, reads }];
    });
    this.#rounds.push({ opened: [...opened].sort(), units: kept });
    const before = this.#before?.rounds[number];
    this.#isSame &&= kept.length === before?.units.length && results.every(({ stats }) => stats.cached > 0);
  }

  /** A file that was saved while the scan went on was not analysed as what it is stored as. */
  #isOfNow(files: readonly AnalysedFile[]): boolean {
    return files.every(({ path, hash }) => hash === this.#now.stored[path]?.hash);
  }

  /** What the next scan may use. */
  get stored(): StoredScan {
    return { files: this.#now.stored, manifests: this.#now.manifests, rounds: this.#rounds };
  }

  /** Whether that is what the last one left. */
  get isSame(): boolean {
    return this.#isSame && this.#rounds.length === this.#before?.rounds.length;
  }
}

function keyOf(unit: Unit): string {
  return hashOf(JSON.stringify(unit));
}

/** Results that came about under pressure of time, or through a bug, are not to be kept. */
function isKeepable(files: readonly AnalysedFile[]): boolean {
  return !files.some(({ problems }) => problems.some(({ kind }) => kind === 'budget' || kind === 'internal'));
}

interface Changes {
  /** Of all files there are or were, those that are not the same. */
  readonly paths: ReadonlySet<string>;
  /** Base names of files that came or went. */
  readonly baseNames: ReadonlySet<string>;
  /** A package came or went, so a name may mean another one. */
  readonly otherPackages: boolean;
}

function changesBetween(before: StoredFiles, now: CurrentFiles): Changes {
  const paths = new Set<string>();
  const baseNames = new Set<string>();
  for (const path of pathsOf(before, now.stored)) {
    const [old, current] = [before[path], now.stored[path]];
    if (old?.hash === current?.hash && old?.mayMatter === current?.mayMatter) continue;
    paths.add(path);
    if (old === undefined || current === undefined) baseNames.add(baseNameOf(path));
  }
  const otherPackages = baseNames.size > 0 && packagesOf(before, now) !== packagesOf(now.stored, now);
  return { paths, baseNames, otherPackages };
}

function pathsOf(...files: readonly StoredFiles[]): ReadonlySet<string> {
  return new Set(files.flatMap((one) => Object.keys(one)));
}

function packagesOf(files: StoredFiles, { table }: CurrentFiles): string {
  const [source] = table.files.values();
  const packageOf = source?.frontend.packageOf;
  if (packageOf === undefined) return '';
  return [...new Set(Object.keys(files).map((path) => packageOf(path)))].sort().join('\n');
}

/** Files that mattered in the round and do not now, and the other way round. */
function changedGates(
  openedBefore: readonly string[],
  opened: ReadonlySet<string>,
  before: StoredFiles,
  { stored }: CurrentFiles,
): ReadonlySet<string> {
  const wasOpened = new Set(openedBefore);
  const changed = new Set<string>();
  for (const path of pathsOf(before, stored)) {
    const mattered = before[path]?.mayMatter === true || wasOpened.has(path);
    const matters = stored[path]?.mayMatter === true || opened.has(path);
    if (mattered !== matters) changed.add(path);
  }
  return changed;
}

function isValid(
  unit: Unit,
  reads: UnitReads,
  gates: ReadonlySet<string>,
  changes: Changes,
  now: CurrentFiles,
): boolean {
  if (gates.size > 0 && reads.gates.some((path) => gates.has(path))) return false;
  if (changes.paths.size === 0) return true;
  if (unit.some(({ path }) => changes.paths.has(path))) return false;
  if (changes.baseNames.size > 0 && reads.baseNames.some((name) => changes.baseNames.has(name))) return false;
  if (changes.otherPackages && reads.mentions.length + reads.words.length > 0) return false;
  const isSame = (path: string, hash: string | null, hashNow: (source: SourceFile) => string | null): boolean => {
    if (!changes.paths.has(path)) return true;
    const source = now.table.files.get(path);
    return (source === undefined ? null : hashNow(source)) === hash;
  };
  return (
    reads.indexes.every(([path, hash]) => isSame(path, hash, (source) => now.store.indexHash(source))) &&
    reads.bodies.every(([path, id, hash]) => isSame(path, hash, (source) => now.store.bodyHash(source, id))) &&
    reads.mentions.every((mention) => isMentionedAlike(mention, changes, now)) &&
    reads.subtypes.every((asked) => isNamedAlike(asked, changes, now, (source) => now.store.supertypesNamed(source))) &&
    reads.roots.every((asked) => isNamedAlike(asked, changes, now, (source) => now.store.rootsNamed(source))) &&
    reads.words.every(([words, files]) => isWordedAlike(words.split(' '), files, changes, now)) &&
    reads.namings.every((naming) => isMentionedByTheSame(naming, changes, now))
  );
}

/** Only files that changed may have begun or ceased to mention the name. */
function isMentionedAlike(
  [packageName, name, files]: UnitReads['mentions'][number],
  { paths }: Changes,
  { table, store }: CurrentFiles,
): boolean {
  const mentioning = new Set(files);
  const here = table.packages.files(packageName).filter(({ path }) => paths.has(path));
  const stillHere = new Set(here.map(({ path }) => path));
  if (files.some((path) => paths.has(path) && !stillHere.has(path))) return false;
  return here.every((source) => store.mentions(source, name) === mentioning.has(source.path));
}

/** The same of the files that were found by a name alone. */
function isNamedAlike(
  [name, files]: UnitReads['subtypes'][number],
  { paths }: Changes,
  { table }: CurrentFiles,
  namesOf: NamesOf,
): boolean {
  return [...paths].every((path) => {
    const source = table.files.get(path);
    return (source !== undefined && namesOf(source).has(name)) === files.includes(path);
  });
}

/** Files that changed may have got or lost one of the words. */
function isWordedAlike(
  words: readonly string[],
  files: readonly string[],
  { paths }: Changes,
  { table, store }: CurrentFiles,
): boolean {
  return [...paths].every((path) => {
    const source = table.files.get(path);
    return (source !== undefined && store.hasWords(source, words)) === files.includes(path);
  });
}

/** The same functions of the file mention the name otherwise than to call it. */
function isMentionedByTheSame(
  [path, name, ids]: UnitReads['namings'][number],
  { paths }: Changes,
  { table, store }: CurrentFiles,
): boolean {
  if (!paths.has(path)) return true;
  const source = table.files.get(path);
  return source !== undefined && store.declarationsNaming(source, name).join('\n') === ids.join('\n');
}
