/** GitLab's Code Quality report: the members GitLab documents, sorted as in every report. */
import type { Severity } from '../findings/select.ts';
import { pathInRepository, stepLines } from './places.ts';
import { lineMaps, regionOf } from './report.ts';
import type { ReportInput } from './report.ts';

const severities: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', note: 'info' };

export function gitlabReport(input: ReportInput): string {
  const mapOf = lineMaps(input.texts);
  const issues = input.findings.map((finding) => {
    const map = mapOf(finding.path);
    const { start, end } = regionOf(map, finding.acquiredAt);
    return {
      type: 'issue',
      check_name: finding.check,
      description: finding.message,
      content: { body: stepLines(finding, map).join('\n') },
      categories: ['Bug Risk'],
      severity: severities[finding.severity],
      fingerprint: finding.fingerprint,
      location: {
        path: pathInRepository(input, finding.path),
        lines: { begin: start.line, end: end.line },
      },
    };
  });
  return JSON.stringify(issues, null, 2) + '\n';
}
