/** Fixes as values: what a language is asked to write, and the text edits it answers with. */
import type { Finding } from './finding.ts';

/** Replaces `start` to `end`, in UTF-16 code units, by the text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Fix {
  /** A verb phrase: "Close `in` with try-with-resources". */
  readonly title: string;
  /** How it is written: `try-with-resources`, `defer`, `with`, … */
  readonly style: string;
  /** It is released where it was left open, and nowhere else. */
  readonly isOnlyOnExit?: true;
  /** It is released under the condition the function has for that. */
  readonly isAsStated?: true;
  /** Sorted, without overlaps. */
  readonly edits: readonly Edit[];
  /** Paths that were right stay as they were. Else `reason` says what changes. */
  readonly isSafe: boolean;
  readonly reason: string | null;
}

/** Its title, and what speaks against it. */
export function describeFix({ title, reason }: Fix): string {
  return reason === null ? title : `${title} (${reason})`;
}

/** A fix that was tried out and holds, and all its edits as one. */
export interface OfferedFix {
  readonly fix: Fix;
  readonly joined: Edit;
}

/** What a fixer may know of a finding. */
export type FixRequest = Pick<
  Finding,
  'check' | 'acquiredAt' | 'variable' | 'resourceType' | 'resourceTitle' | 'remedy'
>;
