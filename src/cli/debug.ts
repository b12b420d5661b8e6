/**
 * `closewait debug`: intermediate values, printed. Each dump is one entry of `dumps`; a new one is
 * a file that exports a `DebugDump` and a line here. Output is deterministic, for pasting in issues.
 */
import type { Command } from 'commander';
import { inspect } from '../inspect.ts';
import type { DebugDump, DumpFlags } from './debug-dump.ts';
import { irDump } from './debug-ir.ts';
import { statesDump, summaryDump } from './debug-knowledge.ts';
import { addProjectOptions } from './scan-flags.ts';
import { projectFrom, settingsFrom, type ProjectFlags } from './scan-settings.ts';
import type { Terminal } from './terminal.ts';

const dumps: readonly DebugDump[] = [irDump, statesDump, summaryDump];

export function addDebugCommand(program: Command, terminal: Terminal): void {
  const debug = program.command('debug').description('print intermediate values of the analysis');
  for (const dump of dumps) {
    const command = debug.command(dump.name).description(dump.description).argument(`<${dump.argument}>`);
    for (const option of dump.options) command.addOption(option);
    addProjectOptions(command).action(async (target: string, flags: DumpFlags & ProjectFlags) => {
      const { config } = await settingsFrom(flags, terminal);
      const project = projectFrom(config, flags.exclude, terminal.cwd);
      terminal.out(await dump.print(target, flags, (file) => inspect(file, project)));
    });
  }
}
