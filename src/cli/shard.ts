/** `closewait scan --shard I/N` and what `closewait merge` reads of it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ScanOptions } from '../analyze.ts';
import { joinParts, printPart, type JoinedParts, type PartOrigin, type Shard } from '../cache/part.ts';
import { UserError } from '../errors.ts';
import { modelStamp } from '../models/load.ts';
import { printable } from '../report/printable.ts';
import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { warn } from './warn.ts';
import { checkWritable, writeAtomically } from './write-atomically.ts';

export interface ShardFlags {
  readonly shard?: Shard;
  readonly output?: string;
  readonly format: string;
  readonly report: readonly string[];
  readonly changed?: string | true;
  readonly baseline?: string;
  readonly updateBaseline?: true;
  /** As on the command line. */
  readonly models: readonly string[];
}

export function parseShard(value: string): Shard {
  const [, index, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(value) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index >= 1 && shard.index <= shard.of) return shard;
  throw new UserError(`--shard ${value}: expected I/N, such as 1/4, with I from 1 to N`);
}

export async function runShard(
  shard: Shard,
  options: ScanOptions,
  flags: ShardFlags,
  terminal: Terminal,
): Promise<number> {
  const file = checkFlags(flags);
  await checkWritable(terminal.cwd, file);
  const { scan } = await import('../analyze.ts');
  const { stored } = await scan({ ...options, shard, wantsStored: true });
  const { paths, exclude, modelFiles } = options;
  const origin: PartOrigin = { stamp: modelStamp(modelFiles), paths, exclude, models: flags.models };
  await writeAtomically(terminal.cwd, file, printPart({ kind: 'part of a scan', origin, shard, scans: stored }));
  terminal.err(`part ${nameOf(shard)} written to ${file}\n`);
  return exitCodes.clean;
}

/** The file for the part. A part is no report yet, so what is about reports belongs to `merge`. */
function checkFlags(flags: ShardFlags): string {
  const others = Object.entries({
    '--format': flags.format !== 'text',
    '--report': flags.report.length > 0,
    '--changed': flags.changed !== undefined,
    '--baseline': flags.baseline !== undefined,
    '--update-baseline': flags.updateBaseline === true,
  }).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
  if (others[0] !== undefined) throw new UserError(`--shard makes no report; give ${others[0]} to closewait merge`);
  if (flags.output === undefined) throw new UserError('--shard: where to? Name a file: --output part.json');
  return flags.output;
}

/** Says what is missing; it is analysed all the same. */
export function readParts(names: readonly string[], terminal: Terminal): JoinedParts {
  const parts = joinParts(names.map((name) => ({ name, text: readPart(terminal.cwd, name) })));
  for (const shard of parts.missing) warn(terminal, `part ${nameOf(shard)} is missing; its files are analysed now`);
  return parts;
}

/** Results of another version mean nothing here. */
export function checkOrigin({ origin }: JoinedParts, modelFiles: readonly string[]): void {
  if (origin.stamp !== modelStamp(modelFiles))
    throw new UserError('the parts are of another version of closewait, or of other models');
}

function readPart(cwd: string, name: string): string {
  try {
    return readFileSync(resolve(cwd, name), 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new UserError(`${printable(name)} cannot be read (${reason})`);
  }
}

function nameOf({ index, of }: Shard): string {
  return `${String(index)}/${String(of)}`;
}
