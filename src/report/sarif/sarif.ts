/**
 * SARIF 2.1.0 as code-scanning services and editors read it. Paths are relative to `%SRCROOT%`: the repository's root if
 * the scan ran in one, else the folder scanned from. No dates, no machine names: equal scans give equal bytes.
 */
import type { Log, Run } from 'sarif';
import { compareCertainty } from '../../findings/select.ts';
import type { SuppressedFinding } from '../../findings/select.ts';
import { homepage } from '../../findings/addresses.ts';
import { lineMaps } from '../report.ts';
import type { ReportInput } from '../report.ts';
import { invocation } from './invocation.ts';
import { urisBelow } from './locations.ts';
import { resultValue } from './results.ts';
import { notificationRules, rules } from './rules.ts';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';

/** GitHub shows no more results of one run. */
export const maxSarifResults = 5000;

export function sarifReport(input: ReportInput): string {
  const { repository } = input;
  const paths = urisBelow(repository);
  const mapOf = lineMaps(input.texts);
  const isCompared = input.suppressed.some(({ by }) => by === 'baseline');
  const { kept, left } = mostCertain(input);
  const run: Run = {
    tool: {
      driver: {
        name: 'closewait',
        version: input.version,
        semanticVersion: input.version,
        informationUri: homepage,
        rules: rules(input.pages),
        notifications: notificationRules(),
      },
    },
    automationDetails: { id: 'closewait/' },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root folder of the sources.' } } },
    ...(repository?.url == null
      ? {}
      : {
          versionControlProvenance: [
            {
              repositoryUri: repository.url,
              ...(repository.revision === null ? {} : { revisionId: repository.revision }),
              ...(repository.branch === null ? {} : { branch: repository.branch }),
              mappedTo: { uriBaseId: '%SRCROOT%' },
            },
          ],
        }),
    invocations: [invocation(input, paths, left)],
    results: kept.map(({ finding, suppression }) =>
      resultValue({
        finding,
        suppression,
        isCompared,
        paths,
        map: mapOf(finding.path),
        offer: input.fixes?.get(finding) ?? null,
      }),
    ),
  };
  const log: Log = { $schema: schema, version: '2.1.0', runs: [run] };
  return JSON.stringify(log, null, 2) + '\n';
}

/** How many results a report leaves out. */
export function leftOutOfSarif({ findings, suppressed }: Pick<ReportInput, 'findings' | 'suppressed'>): number {
  return Math.max(0, findings.length + suppressed.length - maxSarifResults);
}

interface Kept {
  readonly finding: ReportInput['findings'][number];
  readonly suppression: SuppressedFinding | null;
}

/** By place, as long as all fit; else the most certain first, and what is silenced last. */
function mostCertain(input: ReportInput): { kept: readonly Kept[]; left: number } {
  const open = input.findings.map((finding): Kept => ({ finding, suppression: null }));
  const silenced = input.suppressed.map((one): Kept => ({ finding: one.finding, suppression: one }));
  const left = leftOutOfSarif(input);
  if (left === 0) return { kept: [...open, ...silenced], left };
  const sorted = open.sort((a, b) => compareCertainty(a.finding, b.finding));
  return { kept: [...sorted, ...silenced].slice(0, maxSarifResults), left };
}
