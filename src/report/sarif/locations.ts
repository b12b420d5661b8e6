/** Places as SARIF has them. */
import type { Location, PhysicalLocation, Region } from 'sarif';
import type { LineMap } from '../../findings/line-map.ts';
import type { Span } from '../../ir/ir.ts';
import { pathInRepository } from '../places.ts';
import { regionOf, type ReportInput } from '../report.ts';

/** A path of the report to one below `%SRCROOT%`, percent-encoded. */
export type ToUri = (path: string) => string;

export function urisBelow(repository: ReportInput['repository']): ToUri {
  return (path) => {
    const below = pathInRepository({ repository }, path.replaceAll('\\', '/'));
    return below.split('/').map(encodeSegment).join('/');
  };
}

export function physicalLocation(uri: string, map: LineMap, span: Span): PhysicalLocation & { region: Region } {
  const { start, end } = regionOf(map, span);
  return {
    artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
    region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
  };
}

export function fileLocation(uri: string, line: number | null): Location {
  const region = line === null ? {} : { region: { startLine: line } };
  return { physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, ...region } };
}

/** Colons too: they would make the first segment a scheme. */
function encodeSegment(segment: string): string {
  // encodeURIComponent throws at lone surrogates, which file names on some systems have.
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd'));
}
