/**
 * The report for people: a line per finding that editors and terminals can jump to, and under it the
 * few steps of the path that matter. `explain` shows the whole path with code.
 */
import type { CheckId, TraceStep } from '../findings/finding.ts';
import type { LineMap } from '../findings/line-map.ts';
import type { ReportedFinding, Severity } from '../findings/select.ts';
import type { Colors } from './colors.ts';
import { printable } from './printable.ts';
import { lineMaps } from './report.ts';
import type { ReportInput } from './report.ts';

const shownSteps = 4;

export function textReport(input: ReportInput, colors: Colors): string {
  const mapOf = lineMaps(input.texts);
  const blocks = input.findings.map((finding) => findingText(finding, mapOf(finding.path), colors));
  return [...blocks, summaryLine(input)].join('\n') + '\n';
}

function findingText(finding: ReportedFinding, map: LineMap, colors: Colors): string {
  const { line, column } = map.position(finding.acquiredAt.start);
  const place = `${printable(finding.path)}:${String(line)}:${String(column)}`;
  const check = severityColor(finding.severity, colors)(finding.check);
  const steps = keySteps(finding.trace).map((step) => {
    const number = String(map.position(step.span.start).line).padStart(6);
    return `  ${colors.dim(number)}  ${printable(step.text)}`;
  });
  return [`${colors.bold(place)}  ${check}  ${printable(finding.message)}`, ...steps, ''].join('\n');
}

function severityColor(severity: Severity, colors: Colors): (text: string) => string {
  if (severity === 'error') return colors.red;
  return severity === 'warning' ? colors.yellow : colors.dim;
}

/** The acquisition, and the last steps before the end: what happened just before it explains a leak best. */
function keySteps(trace: readonly TraceStep[]): readonly TraceStep[] {
  if (trace.length <= shownSteps) return trace;
  const [first, ...rest] = trace;
  return first === undefined ? [] : [first, ...rest.slice(1 - shownSteps)];
}

/** Without a full stop or line break: others append to it. */
export function summaryLine({ findings, files, suppressed }: ReportInput): string {
  const silenced = suppressed.length === 0 ? '' : `, ${String(suppressed.length)} suppressed`;
  const where = `in ${count(files, 'file')}${silenced}`;
  if (findings.length === 0) return `no findings ${where}`;
  const byCheck = new Map<CheckId, number>();
  for (const { check } of findings) byCheck.set(check, (byCheck.get(check) ?? 0) + 1);
  const parts = [...byCheck].sort(([a], [b]) => (a < b ? -1 : 1)).map(([check, n]) => `${String(n)} ${check}`);
  return `${count(findings.length, 'finding')} (${parts.join(', ')}) ${where}`;
}

function count(n: number, noun: string): string {
  return `${String(n)} ${noun}${n === 1 ? '' : 's'}`;
}
