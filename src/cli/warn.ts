/** A line on stderr about what is not as it should be, but goes on. */
import type { Terminal } from './terminal.ts';

/** `text`: a clause without a full stop. */
export function warn(terminal: Terminal, text: string): void {
  terminal.err(`${terminal.errorColors.yellow('warning')}: ${text}\n`);
}
