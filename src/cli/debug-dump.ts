/** One kind of dump under `closewait debug`. */
import type { Option } from 'commander';
import type { Inspection } from '../inspect.ts';

export interface DebugDump {
  /** The subcommand: `ir`. */
  readonly name: string;
  readonly description: string;
  /** What the argument is: `file`, `file:line`. */
  readonly argument: string;
  readonly options: readonly Option[];
  /** `open` gives a file with what is known of it. */
  print(target: string, flags: DumpFlags, open: (file: string) => Promise<Inspection>): Promise<string>;
}

/** Of the options that a dump adds. */
export interface DumpFlags {
  readonly fn?: string;
  readonly format?: string;
}
