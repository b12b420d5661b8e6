/** A finding as a SARIF result. */
import type { CodeFlow, Fix, Location, Result, Suppression, ThreadFlowLocation } from 'sarif';
import { checkCatalogue } from '../../findings/check-catalogue.ts';
import { describeFix, type OfferedFix } from '../../findings/edit.ts';
import type { TraceStep } from '../../findings/finding.ts';
import type { LineMap } from '../../findings/line-map.ts';
import type { ReportedFinding, SuppressedFinding } from '../../findings/select.ts';
import type { Span } from '../../ir/ir.ts';
import { physicalLocation } from './locations.ts';
import type { ToUri } from './locations.ts';

export interface ResultInput {
  readonly finding: ReportedFinding;
  readonly suppression: SuppressedFinding | null;
  /** A baseline says which results are new. */
  readonly isCompared: boolean;
  readonly paths: ToUri;
  readonly map: LineMap;
  readonly offer: OfferedFix | null;
}

/** Lines shown around a result where the file is not at hand. */
const contextLines = 2;

export function resultValue({ finding, suppression, isCompared, paths, map, offer }: ResultInput): Result {
  const uri = paths(finding.path);
  const place = (span: Span): Location['physicalLocation'] => physicalLocation(uri, map, span);
  const baselineState = suppression?.by === 'baseline' ? 'unchanged' : 'new';
  return {
    ruleId: finding.check,
    ruleIndex: checkCatalogue.findIndex(({ id }) => id === finding.check),
    level: finding.severity,
    message: { text: finding.message },
    locations: [
      {
        physicalLocation: withContext(uri, finding.acquiredAt, map),
        logicalLocations: [{ fullyQualifiedName: finding.symbol, kind: 'function' }],
      },
    ],
    relatedLocations: finding.leaksAt.map((span, index) => ({
      id: index + 1,
      physicalLocation: place(span),
      message: { text: 'still open here' },
    })),
    ...(finding.trace.length === 0 ? {} : { codeFlows: [flow(finding.trace, place)] }),
    partialFingerprints: { 'closewait/v1': finding.fingerprint },
    ...(suppression === null ? {} : { suppressions: [suppressionValue(suppression)] }),
    ...(isCompared ? { baselineState } : {}),
    ...(offer === null ? {} : { fixes: [fixValue(offer.fix, uri, map)] }),
    properties: {
      variable: finding.variable,
      resourceType: finding.resourceType,
      resource: finding.resource,
      confidence: finding.confidence,
    },
  };
}

function fixValue(fix: OfferedFix['fix'], uri: string, map: LineMap): Fix {
  const replacements = fix.edits.map(({ start, end, text }) => ({
    deletedRegion: physicalLocation(uri, map, { start, end }).region,
    insertedContent: { text },
  }));
  return {
    description: { text: describeFix(fix) },
    artifactChanges: [{ artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, replacements }],
    properties: { isSafe: fix.isSafe },
  };
}

function withContext(uri: string, span: Span, map: LineMap): Location['physicalLocation'] {
  const { artifactLocation, region } = physicalLocation(uri, map, span);
  const { startLine = 1, endLine = startLine } = region;
  const first = Math.max(1, startLine - contextLines);
  const text = (from: number, to: number): string => {
    const lines: string[] = [];
    for (let line = from; line <= to; line++) lines.push(map.line(line));
    return lines.join('\n').trimEnd();
  };
  const context = text(first, endLine + contextLines);
  return {
    artifactLocation,
    region: { ...region, snippet: { text: text(startLine, endLine) } },
    contextRegion: { startLine: first, endLine: first + context.split('\n').length - 1, snippet: { text: context } },
  };
}

function flow(trace: readonly TraceStep[], place: (span: Span) => Location['physicalLocation']): CodeFlow {
  const locations = trace.map((step, index): ThreadFlowLocation => ({
    executionOrder: index + 1,
    importance: step.kind === 'branch' || step.kind === 'called' ? 'important' : 'essential',
    kinds: [step.kind],
    location: { physicalLocation: place(step.span), message: { text: step.text } },
  }));
  return { threadFlows: [{ locations }] };
}

function suppressionValue({ by, reason }: SuppressedFinding): Suppression {
  return { kind: by === 'comment' ? 'inSource' : 'external', status: 'accepted', justification: reason };
}
