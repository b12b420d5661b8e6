/** Which findings of a file its comments silence, and which comments silence none. */
import type { CheckId, Finding } from '../findings/finding.ts';
import type { LineMap } from '../findings/line-map.ts';
import type { Directive, DirectiveFault } from './directive.ts';

export interface SilencedFinding {
  readonly finding: Finding;
  readonly directive: Directive;
}

export interface Suppressed {
  readonly findings: readonly Finding[];
  readonly silenced: readonly SilencedFinding[];
  /** Directives, or checks of them, that silence nothing. */
  readonly unused: readonly DirectiveFault[];
}

/** Lines a directive speaks of, for one check; both ends count. */
interface Range {
  readonly directive: Directive;
  readonly check: CheckId;
  readonly from: number;
  readonly to: number;
  isUsed: boolean;
}

/** A finding is where its resource is acquired. */
export function suppress(findings: readonly Finding[], directives: readonly Directive[], lines: LineMap): Suppressed {
  const ranges = rangesOf(directives, lines);
  const kept: Finding[] = [];
  const silenced: SilencedFinding[] = [];
  for (const finding of findings) {
    const { line } = lines.position(finding.acquiredAt.start);
    const matching = ranges.filter(({ check, from, to }) => check === finding.check && from <= line && line <= to);
    // The narrowest is meant; an outer block that has other findings is not used up by it.
    const [narrowest] = matching.sort((a, b) => a.to - a.from - (b.to - b.from));
    if (narrowest === undefined) {
      kept.push(finding);
      continue;
    }
    narrowest.isUsed = true;
    silenced.push({ finding, directive: narrowest.directive });
  }
  return { findings: kept, silenced, unused: unusedOf(ranges, lines) };
}

function rangesOf(directives: readonly Directive[], lines: LineMap): Range[] {
  const ranges: Range[] = [];
  for (const [index, directive] of directives.entries()) {
    for (const check of directive.checks) {
      const lineRange =
        directive.kind === 'enable' ? null : linesOf(directive, check, directives.slice(index + 1), lines);
      if (lineRange !== null) ranges.push({ directive, check, ...lineRange, isUsed: false });
    }
  }
  return ranges;
}

function linesOf(
  directive: Directive,
  check: CheckId,
  later: readonly Directive[],
  lines: LineMap,
): { from: number; to: number } {
  const first = lines.position(directive.span.start).line;
  if (directive.kind === 'disable-line') return { from: first, to: first };
  if (directive.kind === 'disable-next-line') return { from: directive.nextLine, to: directive.nextLine };
  const end = later.find(({ kind, checks }) => kind === 'enable' && (checks.length === 0 || checks.includes(check)));
  return { from: first, to: end === undefined ? Infinity : lines.position(end.span.start).line };
}

function unusedOf(ranges: readonly Range[], lines: LineMap): DirectiveFault[] {
  return ranges
    .filter(({ isUsed }) => !isUsed)
    .map(({ directive, check }) => ({
      line: lines.position(directive.span.start).line,
      message: `closewait-${directive.kind} ${check} silences nothing; remove it`,
    }));
}
