/** Where fixes are tried out: a text in place of a file's own, analysed as the file would be. Nothing is written. */
import type { Fix } from '../findings/edit.ts';
import type { Finding } from '../findings/finding.ts';

export interface Trial {
  /** Of every check and confidence, sorted by position. */
  readonly findings: readonly Finding[];
  /** Places the parser could not make sense of. */
  readonly errors: number;
}

export interface Bench {
  analyse(text: string): Trial;
  /** What the language would write, best first; not tried out yet. */
  candidates(text: string, finding: Finding): readonly Fix[];
}
