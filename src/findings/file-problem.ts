/** What kept a file from being looked at in full, or is wrong with a comment in it. */
export interface FileProblem {
  readonly path: string;
  readonly message: string;
  readonly kind: 'unreadable' | 'syntax' | 'budget' | 'internal' | 'suppression' | 'unused-suppression';
  /** Where the message is about a line. */
  readonly line?: number;
}
