/**
 * The parts a scan is cut into. Files of a unit are analysed in order by one session, so what is learnt of a function
 * serves the next file; nothing passes from one unit to another. So the result of a unit depends on the files and its own
 * description alone: not on threads, shards, caches, nor on what was analysed before.
 */
import type { SourceFile } from '../project/project.ts';
import type { Reads } from '../project/reads.ts';
import { hashOf } from '../project/source-store.ts';
import { noResult, type FileResult } from './file-result.ts';
import type { Knowledge } from './knowledge.ts';
import { Session, type SessionOptions, type SharedFiles, type Users } from './session.ts';
import { emptyStats, type ScanStats } from './stats.ts';

export interface UnitFile {
  readonly path: string;
  /** null: the functions whose own names speak of resources. */
  readonly users: Users | null;
}

/** Sorted by path. */
export type Unit = readonly UnitFile[];

export interface AnalysedFile extends FileResult {
  readonly path: string;
  /** Of the text that was analysed; empty for one that cannot be read. */
  readonly hash: string;
}

/** `Reads` as data, of files outside of the unit. */
export interface UnitReads {
  /** Path, the function's id, and the hash of what it does. */
  readonly bodies: readonly (readonly [path: string, id: string, hash: string | null])[];
  /** Path, and the hash of the file's declarations. */
  readonly indexes: readonly (readonly [path: string, hash: string | null])[];
  readonly gates: readonly string[];
  readonly baseNames: readonly string[];
  /** Package, name, and the files of the package that mention it. */
  readonly mentions: readonly (readonly [packageName: string, name: string, files: readonly string[]])[];
  /** Name of a type, and the files that may declare subtypes of it. */
  readonly subtypes: readonly (readonly [name: string, files: readonly string[]])[];
  /** Name of a component, and the files that may render it for good. */
  readonly roots: readonly (readonly [name: string, files: readonly string[]])[];
  /** Words with blanks between them, and the files that have them all. */
  readonly words: readonly (readonly [words: string, files: readonly string[]])[];
  /** Path, name, and the ids of the declarations that mention the name otherwise than to call it. */
  readonly namings: readonly (readonly [path: string, name: string, ids: readonly string[]])[];
}

export interface UnitResult {
  readonly files: readonly AnalysedFile[];
  /** null: nobody wanted to know. */
  readonly reads: UnitReads | null;
  readonly stats: ScanStats;
}

/** Small enough that a change redoes little, large enough that most helpers of a file are in its unit. */
const LEAST = 60;
const MOST = 160;
const AVERAGE_EXTRA = 40;

/** `files`: sorted. Where a unit ends depends on names, so a new file moves no end but those next to it. */
export function planUnits(files: readonly UnitFile[]): Unit[] {
  const units: UnitFile[][] = [];
  let unit: UnitFile[] = [];
  for (const file of files) {
    unit.push(file);
    const mayEnd = unit.length >= LEAST && numberOf(file.path) % AVERAGE_EXTRA === 0;
    if (!mayEnd && unit.length < MOST) continue;
    units.push(unit);
    unit = [];
  }
  return unit.length === 0 ? units : [...units, unit];
}

function numberOf(path: string): number {
  return Buffer.from(hashOf(path), 'base64url').readUInt32BE();
}

export interface UnitOptions extends SessionOptions {
  readonly wantsReads: boolean;
  readonly onFile?: () => void;
}

export function analyseUnit(unit: Unit, knowledge: Knowledge, shared: SharedFiles, options: UnitOptions): UnitResult {
  const stats = emptyStats();
  const parsedBefore = shared.store.parsed;
  const session = new Session(knowledge, shared, options, stats);
  const files = unit.map(({ path, users }): AnalysedFile => {
    const source = shared.table.files.get(path);
    const text = source === undefined ? null : shared.store.text(source);
    options.onFile?.();
    if (text === null) return { path, hash: '', ...noResult };
    const result = users === null ? session.analyse(path, text) : session.analyseUsers(path, text, users);
    return { path, hash: hashOf(text), ...result };
  });
  const reads = options.wantsReads ? readsOf(session.reads, new Set(unit.map(({ path }) => path)), shared) : null;
  stats.parsed += shared.store.parsed - parsedBefore;
  return { files, reads, stats };
}

function readsOf(reads: Reads, own: ReadonlySet<string>, { table, store }: SharedFiles): UnitReads {
  const others = (paths: Iterable<string>): string[] => [...paths].filter((path) => !own.has(path)).sort();
  const hashed = (path: string, hash: (source: SourceFile) => string | null): string | null => {
    const source = table.files.get(path);
    return source === undefined ? null : hash(source);
  };
  return {
    bodies: others(reads.bodies.keys()).flatMap((path) =>
      [...(reads.bodies.get(path) ?? [])].map(
        (id) => [path, id, hashed(path, (source) => store.bodyHash(source, id))] as const,
      ),
    ),
    indexes: others(reads.indexes).map((path) => [path, hashed(path, (source) => store.indexHash(source))] as const),
    gates: others(reads.gates),
    baseNames: [...reads.baseNames].sort(),
    mentions: [...reads.mentions].flatMap(([packageName, names]) =>
      [...names].map(([name, files]) => [packageName, name, files] as const),
    ),
    subtypes: [...reads.subtypes].sort(([a], [b]) => (a < b ? -1 : 1)),
    roots: [...reads.roots].sort(([a], [b]) => (a < b ? -1 : 1)),
    words: [...reads.words].sort(([a], [b]) => (a < b ? -1 : 1)),
    namings: others(reads.namings.keys()).flatMap((path) =>
      [...(reads.namings.get(path) ?? [])].map(([name, ids]) => [path, name, ids] as const),
    ),
  };
}
