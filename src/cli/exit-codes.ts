/** What the exit code says; part of the interface, see the README. */
export const exitCodes = {
  clean: 0,
  findings: 1,
  /** An option, a path, a configuration or a model file is wrong: nothing was scanned. */
  usage: 2,
  /** A bug of ours hit at least one file; the findings of the others are reported. */
  internal: 3,
} as const;
