/** What every report format is given, and the places of a finding as people count them. */
import { append } from '../append.ts';
import type { OfferedFix } from '../findings/edit.ts';
import type { FileProblem } from '../findings/file-problem.ts';
import type { CheckId } from '../findings/finding.ts';
import { lineMap } from '../findings/line-map.ts';
import type { LineMap, Position } from '../findings/line-map.ts';
import type { ReportedFinding, SuppressedFinding } from '../findings/select.ts';
import type { WorkingRepository } from '../git/repository.ts';
import type { Span } from '../ir/ir.ts';

export interface ReportInput {
  /** Sorted by path, then place. */
  readonly findings: readonly ReportedFinding[];
  /** Sorted alike; shown only where a format can mark them. */
  readonly suppressed: readonly SuppressedFinding[];
  readonly problems: readonly FileProblem[];
  /** Of findings that have one; null: nobody asked for them. */
  readonly fixes: ReadonlyMap<ReportedFinding, OfferedFix> | null;
  /** Text of every file with findings, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** How many files were looked at. */
  readonly files: number;
  /** Of this program. */
  readonly version: string;
  /** The documentation of checks, as Markdown; those of a check may be missing. */
  readonly pages: ReadonlyMap<CheckId, string>;
  /** null: the scan ran outside of one. */
  readonly repository: WorkingRepository | null;
}

export interface Region {
  readonly start: Position;
  readonly end: Position;
}

/** Line maps by path, each made once. */
export function lineMaps(texts: ReadonlyMap<string, string>): (path: string) => LineMap {
  const made = new Map<string, LineMap>();
  return (path) => {
    const known = made.get(path);
    if (known !== undefined) return known;
    const map = lineMap(texts.get(path) ?? '');
    made.set(path, map);
    return map;
  };
}

export function regionOf(map: LineMap, span: Span): Region {
  return { start: map.position(span.start), end: map.position(span.end) };
}

/** In the order of the findings. */
export function byPath(findings: readonly ReportedFinding[]): ReadonlyMap<string, readonly ReportedFinding[]> {
  const files = new Map<string, ReportedFinding[]>();
  for (const finding of findings) append(files, finding.path, finding);
  return files;
}
