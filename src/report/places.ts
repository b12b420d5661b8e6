/** Paths and steps as the smaller formats share them. */
import type { LineMap } from '../findings/line-map.ts';
import type { ReportedFinding } from '../findings/select.ts';
import type { ReportInput } from './report.ts';

/** Services want paths from the repository's root; outside of one, from the folder scanned from. */
export function pathInRepository({ repository }: Pick<ReportInput, 'repository'>, path: string): string {
  const segments: string[] = [];
  for (const segment of `${repository?.prefix ?? ''}${path}`.split('/')) {
    if (segment === '..' && segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else if (segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}

/** `line 12: the exception leaves the function`, for each step of the path. */
export function stepLines({ trace }: ReportedFinding, map: LineMap): string[] {
  return trace.map(({ span, text }) => `line ${String(map.position(span.start).line)}: ${text}`);
}
