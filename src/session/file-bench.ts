/** Where the fixes of one file are tried out, for `closewait fix` and for ESLint: what differs is where text comes from. */
import type { Fix } from '../findings/edit.ts';
import type { Finding } from '../findings/finding.ts';
import type { Bench, Trial } from '../fixes/bench.ts';
import type { ParsedFile, Target } from '../languages/language.ts';
import type { FileResult } from './file-result.ts';
import { fixCandidates } from './fix-candidates.ts';
import type { Knowledge } from './knowledge.ts';

export interface BenchedFile {
  readonly knowledge: () => Knowledge;
  /** As though the file had this text. */
  readonly analyse: (text: string) => FileResult;
  readonly parse: (text: string) => ParsedFile;
  /** Asked once, where there is something to fix. */
  readonly target: () => Target;
}

export class FileBench implements Bench {
  readonly #file: BenchedFile;
  #tree: ParsedFile | null = null;
  #target: Target | null = null;

  constructor(file: BenchedFile) {
    this.#file = file;
  }

  analyse(text: string): Trial {
    const { findings, problems, syntaxErrors } = this.#file.analyse(text);
    // What breaks the analysis, or takes too long for it, cannot be seen to hold.
    const isBroken = problems.some(({ kind }) => kind !== 'syntax');
    return { findings, errors: isBroken ? Infinity : syntaxErrors };
  }

  candidates(text: string, finding: Finding): readonly Fix[] {
    if (this.#tree?.text !== text) this.#tree = this.#file.parse(text);
    this.#target ??= this.#file.target();
    return fixCandidates(this.#file.knowledge(), this.#tree, finding, this.#target);
  }
}
