/**
 * A file of known findings: they are not reported again, and those that are gone are told, so that the file shrinks.
 * Entries are known by fingerprint; the rest of an entry is for people, and for reviews of the file.
 */
import { parseDocument } from '../documents/parse-document.ts';
import type { DocumentForm } from '../documents/parse-document.ts';
import type { CheckId } from '../findings/finding.ts';
import type { ReportedFinding, SuppressedFinding } from '../findings/select.ts';
import type { SymbolName } from '../ir/ir.ts';

export interface BaselineEntry {
  readonly path: string;
  readonly check: CheckId;
  readonly symbol: SymbolName;
  readonly fingerprint: string;
}

export interface Baseline {
  /** Sorted by path, then fingerprint. */
  readonly findings: readonly BaselineEntry[];
}

/** What there is to compare with. */
export interface Compared {
  readonly findings: readonly ReportedFinding[];
  /** Of everything found, wanted or not: asking for less does not fix anything. */
  readonly fingerprints: ReadonlySet<string>;
  /** Whether the scan would have found something in the file, had there been something. */
  readonly wasScanned: (path: string) => boolean;
}

export interface Comparison {
  readonly findings: readonly ReportedFinding[];
  readonly known: readonly SuppressedFinding[];
  /** Entries of scanned files whose finding is gone. */
  readonly fixed: readonly BaselineEntry[];
}

const formatVersion = 1;

const form: DocumentForm<Baseline> = {
  schema: new URL('../../baseline.schema.json', import.meta.url),
  isValid: (value, fits): value is Baseline => fits(value),
  expected: 'a mapping with `version` and `findings`',
};

/** `path`: for messages. */
export function parseBaseline(text: string, path: string): Baseline {
  return parseDocument(text, path, form).value;
}

export function compare(baseline: Baseline, compared: Compared, name: string): Comparison {
  const entries = new Set(baseline.findings.map(({ fingerprint }) => fingerprint));
  const isKnown = ({ fingerprint }: ReportedFinding): boolean => entries.has(fingerprint);
  const reason = `known: ${name}`;
  return {
    findings: compared.findings.filter((finding) => !isKnown(finding)),
    known: compared.findings
      .filter(isKnown)
      .map((finding): SuppressedFinding => ({ finding, by: 'baseline', reason, span: null })),
    fixed: baseline.findings.filter(
      ({ path, fingerprint }) => compared.wasScanned(path) && !compared.fingerprints.has(fingerprint),
    ),
  };
}

/** All that is found now, and what is known of files that were not looked at. */
export function updated(baseline: Baseline | null, compared: Compared): Baseline {
  const elsewhere = (baseline?.findings ?? []).filter(({ path }) => !compared.wasScanned(path));
  const now = compared.findings.map(({ path, check, symbol, fingerprint }) => ({ path, check, symbol, fingerprint }));
  return { findings: [...elsewhere, ...now].sort(byPathThenFingerprint) };
}

/** One finding a line, so that reviews and merges see each. */
export function printBaseline({ findings }: Baseline): string {
  const lines = findings.map((entry) => `    ${JSON.stringify(entry)}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n  "version": ${String(formatVersion)},\n  "findings": ${list}\n}\n`;
}

function byPathThenFingerprint(a: BaselineEntry, b: BaselineEntry): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.fingerprint < b.fingerprint ? -1 : a.fingerprint > b.fingerprint ? 1 : 0;
}
