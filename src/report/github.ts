/**
 * GitHub's workflow commands, which become annotations of the changed files. GitHub shows ten of each severity for a step, so
 * the most certain come first; a summary follows for the log.
 */
import { compareCertainty } from '../findings/select.ts';
import type { ReportedFinding, Severity } from '../findings/select.ts';
import { pathInRepository, stepLines } from './places.ts';
import { lineMaps, regionOf } from './report.ts';
import type { ReportInput } from './report.ts';
import { summaryLine } from './text.ts';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

export function githubReport(input: ReportInput): string {
  const mapOf = lineMaps(input.texts);
  const command = (finding: ReportedFinding): string => {
    const map = mapOf(finding.path);
    const { start, end } = regionOf(map, finding.acquiredAt);
    const properties = {
      file: pathInRepository(input, finding.path),
      line: start.line,
      endLine: end.line,
      // Columns are for places within one line.
      ...(start.line === end.line ? { col: start.column, endColumn: end.column } : {}),
      title: `closewait: ${finding.check}`,
    };
    const fields = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
    const message = [finding.message, ...stepLines(finding, map)].join('\n');
    return `::${commands[finding.severity]} ${fields.join(',')}::${data(message)}\n`;
  };
  const sorted = [...input.findings].sort(compareCertainty);
  return `${sorted.map(command).join('')}${summaryLine(input)}\n`;
}

/** As the runner reads commands: percent signs and line ends are encoded. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
