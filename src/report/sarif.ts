/**
 * SARIF 2.1.0, in the plain form that code-scanning services and editors read. URIs are relative to
 * the folder scanned from. No dates, no machine names: equal scans give equal bytes.
 */
import { checkCatalogue, severityOf } from '../findings/check-catalogue.ts';
import type { CheckDescription } from '../findings/check-catalogue.ts';
import type { Confidence, Finding } from '../findings/finding.ts';
import type { LineMap } from '../findings/line-map.ts';
import type { Span } from '../ir/ir.ts';
import { lineMaps, regionOf } from './report.ts';
import type { ReportInput, ReportProblem } from './report.ts';

const homepage = 'https://github.com/closewait/closewait';
const schema = 'https://json.schemastore.org/sarif-2.1.0.json';

type Level = 'error' | 'warning' | 'note';

const levels: Readonly<Record<Confidence, Level>> = { high: 'error', medium: 'warning', low: 'note' };

/** A file that could not be looked at is an error of the run; one that was looked at in part is not. */
const problemLevels: Readonly<Record<ReportProblem['kind'], Level>> = {
  internal: 'error',
  unreadable: 'error',
  budget: 'warning',
  syntax: 'note',
};

export function sarifReport(input: ReportInput): string {
  const mapOf = lineMaps(input.texts);
  const run = {
    tool: {
      driver: {
        name: 'closewait',
        version: input.version,
        semanticVersion: input.version,
        informationUri: homepage,
        rules: checkCatalogue.map(ruleValue),
      },
    },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: input.problems.every(({ kind }) => kind !== 'internal'),
        toolExecutionNotifications: input.problems.map(notification),
      },
    ],
    results: input.findings.map((finding) => resultValue(finding, mapOf(finding.path))),
  };
  return JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, null, 2) + '\n';
}

function ruleValue(check: CheckDescription): object {
  return {
    id: check.id,
    name: check.id,
    shortDescription: { text: check.title },
    fullDescription: { text: check.description },
    helpUri: `${homepage}/blob/main/docs/checks/${check.id}.md`,
    defaultConfiguration: { level: check.severity },
  };
}

function resultValue(finding: Finding, map: LineMap): object {
  const place = (span: Span): object => physicalLocation(finding.path, map, span);
  return {
    ruleId: finding.check,
    ruleIndex: checkCatalogue.findIndex(({ id }) => id === finding.check),
    level: severityOf(finding.check) === 'note' ? 'note' : levels[finding.confidence],
    message: { text: finding.message },
    locations: [{ physicalLocation: place(finding.acquiredAt), logicalLocations: [logicalLocation(finding)] }],
    relatedLocations: finding.leaksAt.map((span, index) => ({
      id: index + 1,
      physicalLocation: place(span),
      message: { text: 'still open here' },
    })),
    codeFlows: finding.trace.length === 0 ? [] : [{ threadFlows: [{ locations: flow(finding, place) }] }],
    partialFingerprints: { 'closewait/v1': finding.fingerprint },
    properties: {
      variable: finding.variable,
      resourceType: finding.resourceType,
      resource: finding.resource,
      confidence: finding.confidence,
    },
  };
}

function logicalLocation(finding: Finding): object {
  return { fullyQualifiedName: finding.symbol, kind: 'function' };
}

function flow(finding: Finding, place: (span: Span) => object): object[] {
  return finding.trace.map((step) => ({
    location: { physicalLocation: place(step.span), message: { text: step.text } },
    kinds: [step.kind],
  }));
}

function physicalLocation(path: string, map: LineMap, span: Span): object {
  const { start, end } = regionOf(map, span);
  return {
    artifactLocation: { uri: toUri(path) },
    region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
  };
}

function notification(problem: ReportProblem): object {
  return {
    level: problemLevels[problem.kind],
    descriptor: { id: problem.kind },
    message: { text: problem.message },
    locations: [{ physicalLocation: { artifactLocation: { uri: toUri(problem.path) } } }],
  };
}

/** Each segment is percent-encoded, colons too: they would make the first segment a scheme. */
function toUri(path: string): string {
  return path.replaceAll('\\', '/').split('/').map(encodeSegment).join('/');
}

function encodeSegment(segment: string): string {
  // encodeURIComponent throws at lone surrogates, which file names on some systems have.
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd'));
}
