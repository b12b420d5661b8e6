/**
 * What one of several shards of a scan found out: results of the first round, for its share of the units. Put together
 * they are what a scan of everything would have kept so far, so the rest of the scan goes on from there.
 */
import { UserError } from '../errors.ts';
import { parseChecked, printChecked } from './cache-files.ts';
import type { StoredRound, StoredScan } from './unit-cache.ts';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** What has to be the same for shards to be of one scan. */
export interface PartOrigin {
  /** Of the program, its rules and the user's models. */
  readonly stamp: string;
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  /** As on the command line. */
  readonly models: readonly string[];
}

/** By language. */
export type StoredScans = Readonly<Record<string, StoredScan>>;

export interface ScanPart {
  readonly kind: 'part of a scan';
  readonly origin: PartOrigin;
  readonly shard: Shard;
  readonly scans: StoredScans;
}

export interface PartFile {
  /** For messages. */
  readonly name: string;
  readonly text: string;
}

export function isInShard(unit: number, { index, of }: Shard): boolean {
  return unit % of === index - 1;
}

export function printPart(part: ScanPart): string {
  return printChecked(part);
}

export interface JoinedParts {
  readonly origin: PartOrigin;
  readonly scans: StoredScans;
  /** Shards there is no part of. */
  readonly missing: readonly Shard[];
}

/** Throws a `UserError` for files that are no parts, or not of one scan. */
export function joinParts(files: readonly PartFile[]): JoinedParts {
  const parts = files.map(({ name, text }) => ({ name, part: parsePart(name, text) }));
  const [first] = parts;
  if (first === undefined) throw new UserError('there are no parts to merge');
  const { origin, shard } = first.part;
  for (const { name, part } of parts) {
    if (JSON.stringify([part.origin, part.shard.of]) !== JSON.stringify([origin, shard.of]))
      throw new UserError(`${name} belongs to a different scan than ${first.name}`);
  }
  const seen = new Set(parts.map(({ part }) => part.shard.index));
  const shards = Array.from({ length: shard.of }, (_, at) => ({ index: at + 1, of: shard.of }));
  return {
    origin,
    scans: joined(parts.map(({ part }) => part.scans)),
    missing: shards.filter(({ index }) => !seen.has(index)),
  };
}

function parsePart(name: string, text: string): ScanPart {
  const part = parseChecked(text);
  if (isPart(part)) return part;
  throw new UserError(`${name} is not a part of a scan; scan --shard writes them`);
}

/** Whatever else has a checksum was written here as well, and is a cache. */
function isPart(value: object | null): value is ScanPart {
  return value !== null && 'kind' in value && value.kind === 'part of a scan';
}

/** Of a file that changed between two shards, the units of one of them do not hold; they are analysed again. */
function joined(all: readonly StoredScans[]): StoredScans {
  const byLanguage: Record<string, StoredScan> = {};
  for (const [language, scan] of all.flatMap((scans) => Object.entries(scans))) {
    const before = byLanguage[language];
    const { files, manifests } = before ?? scan;
    const isSame = manifests === scan.manifests && JSON.stringify(files) === JSON.stringify(scan.files);
    const rounds = [both(before?.rounds[0], isSame ? scan.rounds[0] : undefined)];
    byLanguage[language] = { files, manifests, rounds };
  }
  return byLanguage;
}

function both(one: StoredRound | undefined, other: StoredRound | undefined): StoredRound {
  return { opened: [], units: [...(one?.units ?? []), ...(other?.units ?? [])] };
}
