/** `closewait fix`: what can be fixed safely is; a diff with `--dry-run`. A file is replaced as a whole or not at all. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { FixedFile } from '../fix.ts';
import { replaceSource } from '../project/replace-source.ts';
import { printable } from '../report/printable.ts';
import { exitCodes } from './exit-codes.ts';
import { appliedLines, diffText, leftLines, summaryLine } from './fix-report.ts';
import { startProgress } from './progress.ts';
import { scanOptionsFrom, settingsFrom, type SettingFlags } from './scan-settings.ts';
import { addProjectOptions, minConfidenceOption, parseChecks } from './scan-flags.ts';
import { problemLines } from './scan-output.ts';
import type { Terminal } from './terminal.ts';
import { warn } from './warn.ts';

interface FixFlags extends SettingFlags {
  readonly dryRun?: true;
  readonly suggestions?: true;
}

export function addFixCommand(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const command = program
    .command('fix')
    .description('fix the leaks in files and folders, where a fix cannot change what was right')
    .argument('[paths...]', 'files and folders', ['.'])
    .option('--dry-run', 'print the changes as a diff and write nothing')
    .option('--suggestions', 'also apply fixes that may change more than the leak')
    .addOption(minConfidenceOption())
    .option('--checks <ids>', 'only these checks, separated by commas', parseChecks)
    .option('--no-inline-suppressions', 'fix what comments silence as well');
  addProjectOptions(command)
    .addHelpText(
      'after',
      '\nExit code: 0 no findings left, 1 findings left (with --dry-run: found), 2 wrong usage or configuration, 3 internal error.',
    )
    .action(async (paths: string[], flags: FixFlags) => {
      finish(await runFix(paths, flags, terminal));
    });
}

async function runFix(paths: readonly string[], flags: FixFlags, terminal: Terminal): Promise<number> {
  const { config } = await settingsFrom(flags, terminal);
  const { fix } = await import('../fix.ts');
  const progress = startProgress(terminal);
  const result = await fix({
    ...scanOptionsFrom(config, paths, flags.exclude, terminal.cwd),
    suggestions: flags.suggestions === true,
    threads: 'auto',
    onProgress: progress.update,
  }).finally(progress.stop);
  terminal.err(problemLines(result.scanned.problems, terminal.errorColors));
  const isDry = flags.dryRun === true;
  const refused = isDry ? [] : await writeAll(result.files, terminal);
  const left = leftLines(result, isDry, isDry ? terminal.errorColors : terminal.colors);
  // Nothing but the diff goes where `git apply` may read it.
  terminal.out(
    isDry ? result.files.map((file) => diffText(file, terminal.colors)).join('') : appliedLines(result, refused) + left,
  );
  if (isDry) terminal.err(left);
  terminal.err(summaryLine(result, refused, isDry));
  if (result.scanned.problems.some(({ kind }) => kind === 'internal')) return exitCodes.internal;
  const isLeft = isDry ? result.scanned.findings.length > 0 : result.remaining.length > 0 || refused.length > 0;
  return isLeft ? exitCodes.findings : exitCodes.clean;
}

/** The files that were not written. */
async function writeAll(files: readonly FixedFile[], terminal: Terminal): Promise<readonly FixedFile[]> {
  const refused: FixedFile[] = [];
  for (const file of files) {
    const problem = await replaceSource(resolve(terminal.cwd, file.path), file.before, file.after);
    if (problem === null) continue;
    refused.push(file);
    warn(terminal, `${printable(file.path)} ${problem}; left as it is`);
  }
  return refused;
}
