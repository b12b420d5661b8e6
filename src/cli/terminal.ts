/** The outside world as the commands see it; tests give them another. */
import type { Colors } from '../report/colors.ts';

export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For what is printed on stdout and stderr. */
  readonly colors: Colors;
  readonly errorColors: Colors;
  /** Whether somebody watches stderr. */
  readonly isWatched: boolean;
  /** Ends a command that would go on for ever; absent: whoever interrupts the process does. */
  readonly interrupted?: AbortSignal;
  out(text: string): void;
  err(text: string): void;
}
