/** What every report format is given, and the places of a finding as people count them. */
import type { Finding } from '../findings/finding.ts';
import { lineMap } from '../findings/line-map.ts';
import type { LineMap, Position } from '../findings/line-map.ts';
import type { Span } from '../ir/ir.ts';

export interface ReportProblem {
  readonly path: string;
  readonly message: string;
  readonly kind: 'unreadable' | 'syntax' | 'budget' | 'internal';
}

export interface ReportInput {
  /** Sorted by path, then place. */
  readonly findings: readonly Finding[];
  readonly problems: readonly ReportProblem[];
  /** Text of every file with findings, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** How many files were looked at. */
  readonly files: number;
  /** Of this program. */
  readonly version: string;
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
