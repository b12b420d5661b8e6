/** One kind of dump under `closewait debug`. */
import type { Option } from 'commander';
import type { Terminal } from './terminal.ts';

export interface DebugDump {
  /** The subcommand: `ir`. */
  readonly name: string;
  readonly description: string;
  /** What the argument is: `file`, `file:line`. */
  readonly argument: string;
  readonly options: readonly Option[];
  print(target: string, flags: Readonly<Record<string, string | undefined>>, terminal: Terminal): Promise<string>;
}
