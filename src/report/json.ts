/**
 * The report for programs. The shape is stable within a `version` of the format: members are added,
 * not changed. Lines and columns count from 1; columns are UTF-16 code units, ends are exclusive.
 * Documented in docs/output.md. No dates and no absolute paths: equal scans give equal bytes.
 */
import type { Fix } from '../findings/edit.ts';
import type { LineMap } from '../findings/line-map.ts';
import type { ReportedFinding } from '../findings/select.ts';
import type { Span } from '../ir/ir.ts';
import { lineMaps, regionOf } from './report.ts';
import type { ReportInput } from './report.ts';

const formatVersion = 1;

export function jsonReport(input: ReportInput): string {
  const mapOf = lineMaps(input.texts);
  const report = {
    version: formatVersion,
    tool: { name: 'closewait', version: input.version },
    files: input.files,
    findings: input.findings.map((finding) => ({
      ...findingValue(finding, mapOf(finding.path)),
      ...(input.fixes === null ? {} : { fix: fixValue(input.fixes.get(finding)?.fix ?? null, mapOf(finding.path)) }),
    })),
    suppressed: input.suppressed.map(({ finding, by, reason }) => ({
      ...findingValue(finding, mapOf(finding.path)),
      suppression: { by, reason },
    })),
    problems: input.problems,
  };
  return JSON.stringify(report, null, 2) + '\n';
}

function fixValue(fix: Fix | null, map: LineMap): object | null {
  if (fix === null) return null;
  const edits = fix.edits.map(({ start, end, text }) => ({ ...placeOf(map, { start, end }), text }));
  return { title: fix.title, style: fix.style, isSafe: fix.isSafe, reason: fix.reason, edits };
}

function placeOf(map: LineMap, span: Span): object {
  const { start, end } = regionOf(map, span);
  return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

function findingValue(finding: ReportedFinding, map: LineMap): object {
  const place = (span: Span): object => placeOf(map, span);
  return {
    check: finding.check,
    confidence: finding.confidence,
    severity: finding.severity,
    message: finding.message,
    path: finding.path,
    ...place(finding.acquiredAt),
    language: finding.language,
    symbol: finding.symbol,
    variable: finding.variable,
    resource: finding.resource,
    resourceTitle: finding.resourceTitle,
    resourceType: finding.resourceType,
    leaksAt: finding.leaksAt.map(place),
    trace: finding.trace.map((step) => ({ kind: step.kind, text: step.text, ...place(step.span) })),
    evidence: { ...finding.evidence, hasSiblingRelease: finding.evidence.ownership !== null },
    fingerprint: finding.fingerprint,
  };
}
