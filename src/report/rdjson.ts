/** Reviewdog's diagnostics. Columns count bytes of UTF-8 from 1, unlike everywhere else. */
import type { OfferedFix } from '../findings/edit.ts';
import type { LineMap } from '../findings/line-map.ts';
import type { Severity } from '../findings/select.ts';
import type { Span } from '../ir/ir.ts';
import { homepage, pageOf } from '../findings/addresses.ts';
import { pathInRepository, stepLines } from './places.ts';
import { lineMaps, regionOf } from './report.ts';
import type { ReportInput } from './report.ts';

const severities: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARNING', note: 'INFO' };

export function rdjsonReport(input: ReportInput): string {
  const mapOf = lineMaps(input.texts);
  const diagnostics = input.findings.map((finding) => {
    const map = mapOf(finding.path);
    const path = pathInRepository(input, finding.path);
    return {
      message: [finding.message, ...stepLines(finding, map)].join('\n'),
      location: { path, range: rangeOf(map, finding.acquiredAt) },
      severity: severities[finding.severity],
      code: { value: finding.check, url: pageOf(finding.check) },
      ...suggestions(input.fixes?.get(finding) ?? null, map),
      related_locations: finding.trace.map(({ span, text }) => ({
        message: text,
        location: { path, range: rangeOf(map, span) },
      })),
    };
  });
  return JSON.stringify({ source: { name: 'closewait', url: homepage }, diagnostics }, null, 2) + '\n';
}

/** Of several, reviewdog would apply each by itself: so all edits are one. */
function suggestions(offer: OfferedFix | null, map: LineMap): object {
  return offer === null ? {} : { suggestions: [{ range: rangeOf(map, offer.joined), text: offer.joined.text }] };
}

function rangeOf(map: LineMap, span: Span): object {
  const { start, end } = regionOf(map, span);
  const inBytes = ({ line, column }: { line: number; column: number }): object => ({
    line,
    column: Buffer.byteLength(map.line(line).slice(0, column - 1)) + 1,
  });
  return { start: inBytes(start), end: inBytes(end) };
}
