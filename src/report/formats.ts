/** Every report format there is; one line each. */
import { checkstyleReport } from './checkstyle.ts';
import type { Colors } from './colors.ts';
import { githubReport } from './github.ts';
import { gitlabReport } from './gitlab.ts';
import { htmlReport } from './html/html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { rdjsonReport } from './rdjson.ts';
import type { ReportInput } from './report.ts';
import { leftOutOfSarif, sarifReport } from './sarif/sarif.ts';
import { textReport } from './text.ts';

export interface ReportFormat {
  /** The colours are for people: formats for programs have none. */
  readonly print: (input: ReportInput, colors: Colors) => string;
  /** How many findings it has no place for; absent: none, ever. */
  readonly leftOut?: (input: ReportInput) => number;
}

export const formats: Readonly<Record<string, ReportFormat>> = {
  text: { print: textReport },
  json: { print: jsonReport },
  sarif: { print: sarifReport, leftOut: leftOutOfSarif },
  github: { print: githubReport },
  gitlab: { print: gitlabReport },
  junit: { print: junitReport },
  checkstyle: { print: checkstyleReport },
  html: { print: htmlReport },
  rdjson: { print: rdjsonReport },
};
