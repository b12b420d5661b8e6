/**
 * The report for people: a line per finding that editors and terminals can jump to, and under it the
 * few steps of the path that matter. `explain` shows the whole path with code.
 */
import type { CheckId, TraceStep } from '../findings/finding.ts';
import type { LineMap } from '../findings/line-map.ts';
import type { ReportedFinding, Severity } from '../findings/select.ts';
import type { Colors } from './colors.ts';
import { count } from './count.ts';
import { printable } from './printable.ts';
import { lineMaps } from './report.ts';
import type { ReportInput } from './report.ts';

/** Most paths are shorter; of others the beginning and what happened just before the end explain a leak best. */
const MOST_STEPS = 8;

export function textReport(input: ReportInput, colors: Colors): string {
  const mapOf = lineMaps(input.texts);
  const blocks = input.findings.map((finding) => findingText(finding, mapOf(finding.path), colors));
  return [...blocks, summaryLine(input)].join('\n') + '\n';
}

function findingText(finding: ReportedFinding, map: LineMap, colors: Colors): string {
  const { line, column } = map.position(finding.acquiredAt.start);
  const place = `${printable(finding.path)}:${String(line)}:${String(column)}`;
  const check = severityColor(finding.severity, colors)(finding.check);
  const steps = pathLines(finding.trace, map, colors);
  return [`${colors.bold(place)}  ${check}  ${printable(finding.message)}`, ...steps, ''].join('\n');
}

function severityColor(severity: Severity, colors: Colors): (text: string) => string {
  if (severity === 'error') return colors.red;
  return severity === 'warning' ? colors.yellow : colors.dim;
}

/** Says how many it leaves out: whoever doubts the rest has to know that there is more to see. */
function pathLines(trace: readonly TraceStep[], map: LineMap, colors: Colors): readonly string[] {
  const lineOf = ({ span, text }: TraceStep): string => {
    const number = String(map.position(span.start).line).padStart(6);
    return `  ${colors.dim(number)}  ${printable(text)}`;
  };
  const [first, ...rest] = trace;
  if (first === undefined || trace.length <= MOST_STEPS) return trace.map(lineOf);
  const last = rest.slice(2 - MOST_STEPS);
  const omitted = `  ${colors.dim('     …')}  ${count(rest.length - last.length, 'more step')}, see \`closewait explain\``;
  return [lineOf(first), omitted, ...last.map(lineOf)];
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
