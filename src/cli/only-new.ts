/** What is new: findings that touch changed lines, and those that the baseline does not know. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ScanResult } from '../analyze.ts';
import { compare, parseBaseline, printBaseline, updated } from '../baseline/baseline.ts';
import type { Baseline, BaselineEntry, Compared } from '../baseline/baseline.ts';
import { UserError } from '../errors.ts';
import { lineMap } from '../findings/line-map.ts';
import { touchesLines } from '../findings/touches-lines.ts';
import type { ChangedFiles, LineRange } from '../git/changed-lines.ts';
import { writeAtomically } from './write-atomically.ts';

/** Without findings and silenced findings on lines that are as they were. */
export async function onlyChanged(result: ScanResult, changed: ChangedFiles): Promise<ScanResult> {
  const ranges = new Map<string, readonly LineRange[] | null>();
  const paths = new Set(
    [...result.findings, ...result.suppressed.map(({ finding }) => finding)].map(({ path }) => path),
  );
  for (const path of paths) ranges.set(path, changed.paths.has(path) ? await changed.lines(path) : []);
  const maps = new Map([...paths].map((path) => [path, lineMap(result.texts.get(path) ?? '')]));
  const isNew = (finding: ScanResult['findings'][number]): boolean => {
    const lines = ranges.get(finding.path);
    const map = maps.get(finding.path);
    return lines === null || (lines !== undefined && map !== undefined && touchesLines(finding, lines, map));
  };
  return {
    ...result,
    findings: result.findings.filter(isNew),
    suppressed: result.suppressed.filter(({ finding }) => isNew(finding)),
  };
}

/** null: there is no such file yet. */
export function readBaseline(cwd: string, file: string): Baseline | null {
  const path = resolve(cwd, file);
  if (!existsSync(path)) return null;
  try {
    return parseBaseline(readFileSync(path, 'utf8'), file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export interface NewOnly {
  readonly result: ScanResult;
  readonly fixed: readonly BaselineEntry[];
}

export function withoutKnown(result: ScanResult, baseline: Baseline, file: string, cwd: string): NewOnly {
  const { findings, known, fixed } = compare(baseline, comparedOf(result, cwd), file);
  return { result: { ...result, findings, suppressed: [...result.suppressed, ...known] }, fixed };
}

/** How many entries the file has now. */
export async function updateBaseline(
  result: ScanResult,
  baseline: Baseline | null,
  file: string,
  cwd: string,
): Promise<number> {
  const next = updated(baseline, comparedOf(result, cwd));
  await writeAtomically(cwd, file, printBaseline(next));
  return next.findings.length;
}

/** A file that is gone was scanned as much as any: what was in it is fixed. */
function comparedOf({ findings, fingerprints, scanned }: ScanResult, cwd: string): Compared {
  const paths = new Set(scanned);
  return { findings, fingerprints, wasScanned: (path) => paths.has(path) || !existsSync(resolve(cwd, path)) };
}

export function fixedLines(fixed: readonly BaselineEntry[], file: string): string {
  if (fixed.length === 0) return '';
  const lines = fixed.map(({ path, check, symbol }) => `  ${path}  ${check}  ${symbol}\n`);
  const [what, them] = fixed.length === 1 ? ['1 entry of', 'occurs'] : [`${String(fixed.length)} entries of`, 'occur'];
  return `${what} ${file} no longer ${them}; --update-baseline removes ${fixed.length === 1 ? 'it' : 'them'}:\n${lines.join('')}`;
}
