/** JUnit's XML: a failed test for each finding, by file; a scan without findings is one test that passes. */
import type { ReportedFinding } from '../findings/select.ts';
import type { LineMap } from '../findings/line-map.ts';
import { pathInRepository, stepLines } from './places.ts';
import { byPath, lineMaps } from './report.ts';
import type { ReportInput } from './report.ts';
import { xmlText } from './xml.ts';
import type { XmlElement } from './xml.ts';

export function junitReport(input: ReportInput): string {
  const mapOf = lineMaps(input.texts);
  const suites = [...byPath(input.findings)].map(([path, findings]): XmlElement => {
    const name = pathInRepository(input, path);
    return {
      '@name': name,
      '@tests': findings.length,
      '@failures': findings.length,
      '@errors': 0,
      testcase: findings.map((finding) => testcase(finding, name, mapOf(path))),
    };
  });
  const count = input.findings.length;
  const passed = {
    '@name': 'closewait',
    '@tests': 1,
    '@failures': 0,
    '@errors': 0,
    testcase: { '@name': 'no findings', '@classname': 'closewait' },
  };
  return xmlText({
    testsuites: {
      '@name': 'closewait',
      '@tests': Math.max(1, count),
      '@failures': count,
      '@errors': 0,
      testsuite: suites.length === 0 ? [passed] : suites,
    },
  });
}

function testcase(finding: ReportedFinding, file: string, map: LineMap): XmlElement {
  const { line, column } = map.position(finding.acquiredAt.start);
  const place = `${file}:${String(line)}:${String(column)}`;
  return {
    '@name': `${finding.check} (line ${String(line)})`,
    '@classname': file,
    '@file': file,
    '@line': line,
    failure: {
      '@type': finding.check,
      '@message': finding.message,
      '#text': [place, finding.message, ...stepLines(finding, map)].join('\n'),
    },
  };
}
