/** Whether a finding has to do with some lines: where it is acquired, where it is left open, or a step between. */
import type { Finding } from './finding.ts';
import type { LineMap } from './line-map.ts';

/** Both ends of a range count. */
export function touchesLines(
  finding: Finding,
  ranges: readonly { readonly from: number; readonly to: number }[],
  lines: LineMap,
): boolean {
  const spans = [finding.acquiredAt, ...finding.leaksAt, ...finding.trace.map(({ span }) => span)];
  return spans.some(({ start, end }) => {
    const first = lines.position(start).line;
    // A function's end is a step, but its whole body is not.
    const last = Math.min(lines.position(end).line, first + MAX_STEP_LINES);
    return ranges.some(({ from, to }) => first <= to && from <= last);
  });
}

const MAX_STEP_LINES = 20;
