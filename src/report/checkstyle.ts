/** The format of Checkstyle, which many tools read. */
import type { Severity } from '../findings/select.ts';
import { pathInRepository } from './places.ts';
import { byPath, lineMaps } from './report.ts';
import type { ReportInput } from './report.ts';
import { xmlText } from './xml.ts';

const severities: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'info' };

export function checkstyleReport(input: ReportInput): string {
  const mapOf = lineMaps(input.texts);
  const file = [...byPath(input.findings)].map(([path, findings]) => ({
    '@name': pathInRepository(input, path),
    error: findings.map((finding) => {
      const { line, column } = mapOf(path).position(finding.acquiredAt.start);
      return {
        '@line': line,
        '@column': column,
        '@severity': severities[finding.severity],
        '@message': finding.message,
        '@source': `closewait.${finding.check}`,
      };
    }),
  }));
  return xmlText({ checkstyle: { '@version': '10.0', file } });
}
