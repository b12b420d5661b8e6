/** The filter: findings of one file to those that are reported, those that are silenced, and what is odd about that. */
import { checkCatalogue } from '../findings/check-catalogue.ts';
import type { Finding } from '../findings/finding.ts';
import { lineMap } from '../findings/line-map.ts';
import { select } from '../findings/select.ts';
import type { FileSettings, ReportedFinding, SuppressedFinding } from '../findings/select.ts';
import { directiveWord, parseDirectives } from './directive.ts';
import type { CommentText, DirectiveFault } from './directive.ts';
import { suppress } from './suppress.ts';

export interface JudgedFile {
  readonly findings: readonly ReportedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** Comments that say nothing one can act on. */
  readonly faults: readonly DirectiveFault[];
  /** Comments that silence nothing. */
  readonly unused: readonly DirectiveFault[];
}

export interface FileToJudge {
  readonly text: string;
  /** Of every check and confidence: what is below the threshold may be silenced all the same. */
  readonly findings: readonly Finding[];
  /** Asked only where a comment may have something to say. */
  readonly comments: () => readonly CommentText[];
}

const checks = checkCatalogue.map(({ id }) => id);

export function mayHaveDirectives(text: string): boolean {
  return text.includes(directiveWord);
}

export function judgeFile(file: FileToJudge, settings: FileSettings, readsComments: boolean): JudgedFile {
  const wanted = (findings: readonly Finding[]): ReportedFinding[] =>
    findings.flatMap((finding) => select(finding, settings) ?? []);
  if (!readsComments || !mayHaveDirectives(file.text))
    return { findings: wanted(file.findings), suppressed: [], faults: [], unused: [] };
  const lines = lineMap(file.text);
  const { directives, faults } = parseDirectives(file.comments(), checks, lines);
  const { findings, silenced, unused } = suppress(file.findings, directives, lines);
  const suppressed = silenced.flatMap(({ finding, directive: { reason, span } }): SuppressedFinding[] => {
    const reported = select(finding, settings);
    return reported === null ? [] : [{ finding: reported, by: 'comment', reason, span }];
  });
  return { findings: wanted(findings), suppressed, faults, unused };
}
