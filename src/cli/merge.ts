/** `closewait merge`: what shards have found out to the report of one scan. */
import type { Command } from 'commander';
import { addConfigOptions, addReportOptions, addRunOptions, type ScanFlags } from './scan-flags.ts';
import { runScan } from './scan.ts';
import { readParts } from './shard.ts';
import type { Terminal } from './terminal.ts';

type MergeFlags = Omit<ScanFlags, 'models' | 'exclude'>;

export function addMergeCommand(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const command = program
    .command('merge')
    .description('finish the scan that scan --shard has begun, and report what one scan would')
    .argument('<parts...>', 'the files that the shards have written');
  addConfigOptions(addReportOptions(command));
  addRunOptions(command).action(async (names: string[], flags: MergeFlags) => {
    const parts = readParts(names, terminal);
    const { paths, exclude, models } = parts.origin;
    finish(await runScan(paths, { ...flags, exclude: [...exclude], models: [...models] }, terminal, parts));
  });
}
