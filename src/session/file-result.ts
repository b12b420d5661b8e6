/** What comes of one file, as data: it is kept between scans and sent between threads. */
import type { FileProblem } from '../findings/file-problem.ts';
import type { Finding } from '../findings/finding.ts';
import type { FunctionId } from '../ir/ir.ts';
import { noAcquirers, type FoundAcquirers } from './acquirers.ts';

export interface FileResult {
  /** Of every check and confidence, sorted by position. */
  readonly findings: readonly Finding[];
  readonly problems: readonly FileProblem[];
  /** Places the parser could not make sense of. */
  readonly syntaxErrors: number;
  /** What the file was found to hand out resources by. */
  readonly acquirers: FoundAcquirers;
  readonly passedOver: PassedOver;
}

/** Functions that were not looked into for what they acquire, as their names say nothing of resources. */
export interface PassedOver {
  readonly ids: readonly FunctionId[];
  /** What they call, each name once. */
  readonly calls: readonly string[];
}

export const noResult: FileResult = {
  findings: [],
  problems: [],
  syntaxErrors: 0,
  acquirers: noAcquirers,
  passedOver: { ids: [], calls: [] },
};
