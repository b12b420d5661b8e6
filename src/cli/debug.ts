/**
 * `closewait debug`: intermediate values, printed. Each dump is one entry of `dumps`; a new one is
 * a file that exports a `DebugDump` and a line here. Output is deterministic, for pasting in issues.
 */
import type { Command } from 'commander';
import type { DebugDump } from './debug-dump.ts';
import { irDump } from './debug-ir.ts';
import { modelDump, statesDump, summaryDump } from './debug-knowledge.ts';
import type { Terminal } from './terminal.ts';

const dumps: readonly DebugDump[] = [irDump, statesDump, summaryDump, modelDump];

export function addDebugCommand(program: Command, terminal: Terminal): void {
  const debug = program.command('debug').description('print intermediate values of the analysis');
  for (const dump of dumps) {
    const command = debug.command(dump.name).description(dump.description).argument(`<${dump.argument}>`);
    for (const option of dump.options) command.addOption(option);
    command.action(async (target: string, flags: Readonly<Record<string, string | undefined>>) => {
      terminal.out(await dump.print(target, flags, terminal));
    });
  }
}
