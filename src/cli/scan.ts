/** `closewait scan`: options to a scan, its result to a report and an exit code. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { ScanOptions, ScanResult } from '../analyze.ts';
import type { Baseline } from '../baseline/baseline.ts';
import type { JoinedParts, StoredScans } from '../cache/part.ts';
import type { Config } from '../config/config.ts';
import { UserError } from '../errors.ts';
import { isSeverityAtLeast } from '../findings/select.ts';
import { changedFiles } from '../git/changed-lines.ts';
import { workingRepository } from '../git/repository.ts';
import { frontends } from '../languages/registry.ts';
import { modelStamp } from '../models/load.ts';
import { pathFrom } from '../project/path-from.ts';
import { noColors } from '../report/colors.ts';
import { printable } from '../report/printable.ts';
import { count } from '../report/count.ts';
import type { ReportInput } from '../report/report.ts';
import { summaryLine } from '../report/text.ts';
import { DEPENDENCIES_PASSED_OVER, type ScanStats } from '../session/stats.ts';
import { checkPages } from './check-pages.ts';
import { exitCodes } from './exit-codes.ts';
import { fixedLines, onlyChanged, readBaseline, updateBaseline, withoutKnown } from './only-new.ts';
import { printConfig } from './print-config.ts';
import { startProgress, type Progress } from './progress.ts';
import { addProjectOptions, addReportOptions, addRunOptions, type ScanFlags } from './scan-flags.ts';
import { outputsFrom, problemLines, statsText } from './scan-output.ts';
import { modelFilesOf, scanOptionsFrom, settingsFrom } from './scan-settings.ts';
import { checkOrigin, parseShard, runShard } from './shard.ts';
import type { Terminal } from './terminal.ts';
import { packageVersion } from './version.ts';
import { warn } from './warn.ts';
import { scanOnChanges } from './watch.ts';
import { checkWritable, writeAtomically } from './write-atomically.ts';

export function addScanCommand(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const command = program
    .command('scan')
    .description('report the leaks in files and folders')
    .argument('[paths...]', 'files and folders', ['.']);
  addProjectOptions(addReportOptions(command))
    .option('--changed [base]', 'only findings that touch lines changed since BASE, a git revision')
    .option('--print-config', 'print the settings that hold, for a file if one is given, and scan nothing')
    // What a type checker says depends on files of which no result keeps note, and on text as it is on disk.
    .addOption(
      new Option('--types', 'ask TypeScript for types where the syntax does not tell; slower').conflicts([
        'cache',
        'cacheLocation',
        'shard',
        'watch',
        'fixes',
      ]),
    )
    .option('--cache', 'keep results, and analyse only what changes could have changed')
    .option('--cache-location <folder>', 'where to keep them: --cache with another folder than .closewait-cache')
    .addOption(new Option('--watch', 'scan again whenever a file changes').conflicts(['shard', 'updateBaseline']))
    .addOption(
      new Option('--shard <i/n>', 'do the i-th of n parts and write it to --output, for closewait merge')
        .argParser(parseShard)
        .conflicts(['cache', 'cacheLocation']),
    );
  addRunOptions(command).action(async (paths: string[], flags: ScanFlags) => {
    finish(await (flags.watch === true ? watchScans(paths, flags, terminal) : runScan(paths, flags, terminal)));
  });
}

async function watchScans(paths: readonly string[], flags: ScanFlags, terminal: Terminal): Promise<number> {
  const { config, configFile } = await settingsFrom(flags, terminal);
  const files = [...config.models, ...(configFile === null ? [] : [configFile])];
  return await scanOnChanges(paths, files, terminal, async (before) => {
    const settings = await settingsFrom(flags, terminal);
    const stamp = modelStamp(modelFilesOf(settings.config));
    const known = before?.stamp === stamp ? before.stored : {};
    return { ...(await scanAndReport(paths, flags, settings.config, terminal, known)), stamp };
  });
}

/** `parts`: what shards have done of it. */
export async function runScan(
  paths: readonly string[],
  flags: ScanFlags,
  terminal: Terminal,
  parts: JoinedParts | null = null,
): Promise<number> {
  const settings = await settingsFrom(flags, terminal);
  if (flags.printConfig === true) {
    terminal.out(printConfig(settings, paths, flags.exclude, terminal.cwd));
    return exitCodes.clean;
  }
  const { config } = settings;
  if (flags.shard !== undefined) {
    const progress = startProgress(terminal);
    const options = optionsFrom(paths, flags, config, terminal, progress);
    return await runShard(flags.shard, options, flags, terminal).finally(progress.stop);
  }
  if (parts !== null) checkOrigin(parts, modelFilesOf(config));
  const { code } = await scanAndReport(paths, flags, config, terminal, parts?.scans ?? null);
  return code;
}

interface Reported {
  readonly code: number;
  /** For a scan that goes on from here; empty where none will. */
  readonly stored: StoredScans;
}

/** `known`: of other scans. */
async function scanAndReport(
  paths: readonly string[],
  flags: ScanFlags,
  config: Config,
  terminal: Terminal,
  known: StoredScans | null,
): Promise<Reported> {
  const outputs = outputsFrom(flags);
  for (const { file } of outputs) if (file !== null) await checkWritable(terminal.cwd, file);
  const baseline = baselineFrom(flags, config, terminal.cwd);
  const found = await scanOnlyNew(paths, flags, config, terminal, known);
  const problems = found.problems.filter(
    ({ kind }) => kind !== 'unused-suppression' || config.unusedSuppressions !== 'off',
  );
  terminal.err(problemLines(problems, terminal.errorColors));
  if (baseline !== null && flags.updateBaseline === true) {
    const entries = await updateBaseline(found, baseline.known, baseline.file, terminal.cwd);
    terminal.err(`${baseline.file} now has ${count(entries, 'finding')}\n`);
    return { code: exitCode({ findings: [], problems }, config), stored: found.stored };
  }
  const result = withoutBaseline({ ...found, problems }, baseline, terminal);
  const input: ReportInput = {
    ...result,
    fixes: flags.fixes === true ? (await import('../fix.ts')).offersFor(result, result.findings) : null,
    suppressed: flags.hideSuppressed === true ? [] : result.suppressed,
    files: result.stats.files,
    version: packageVersion(),
    pages: checkPages(),
    repository: await workingRepository(terminal.cwd),
  };
  for (const { format, file } of outputs) {
    const left = format.leftOut?.(input) ?? 0;
    if (left > 0) warn(terminal, `the report leaves out ${count(left, 'finding')}, the least certain`);
    if (file === null) {
      terminal.out(format.print(input, terminal.colors));
      continue;
    }
    await writeAtomically(terminal.cwd, file, format.print(input, noColors));
    terminal.err(`${summaryLine(input)}, written to ${file}\n`);
  }
  if (flags.stats === true) terminal.err(statsText(result.stats));
  return { code: exitCode(result, config), stored: found.stored };
}

async function scanOnlyNew(
  paths: readonly string[],
  flags: ScanFlags,
  config: Config,
  terminal: Terminal,
  known: StoredScans | null,
): Promise<ScanResult> {
  const changed =
    flags.changed === undefined
      ? null
      : await changedFiles(terminal.cwd, flags.changed === true ? null : flags.changed, terminal.env);
  const { scan } = await import('../analyze.ts');
  const progress = startProgress(terminal);
  const options = {
    ...optionsFrom(paths, flags, config, terminal, progress),
    earlier: known,
    wantsStored: flags.watch === true,
  };
  if (changed === null) {
    const result = await scan(options).finally(progress.stop);
    // A path that is not a source file has its own warning already.
    if (result.stats.files === 0 && !result.problems.some(({ kind }) => kind === 'unreadable'))
      warn(terminal, whyNothing(paths, result.stats));
    return result;
  }
  const result = await scan({ ...options, only: (path) => changed.paths.has(path) }).finally(progress.stop);
  return onlyChanged(result, changed);
}

/** Of a scan that had no file to judge. */
function whyNothing(paths: readonly string[], { limits }: ScanStats): string {
  const asked = printable(paths.join(', '));
  const others = limits[DEPENDENCIES_PASSED_OVER] ?? 0;
  if (others === 0) return `no sources of a known language in ${asked}`;
  const folders = frontends.flatMap(({ dependencyFolders }) => dependencyFolders).join(', ');
  return `all sources in ${asked} are of dependencies (${folders}), which are judged only if they are named`;
}

function optionsFrom(
  paths: readonly string[],
  flags: ScanFlags,
  config: Config,
  terminal: Terminal,
  progress: Progress,
): ScanOptions {
  return {
    ...scanOptionsFrom(config, paths, flags.exclude, terminal.cwd),
    verify: flags.verify === true,
    types: flags.types === true,
    cacheFolder: cacheFolderFrom(flags, terminal.cwd),
    threads: flags.threads ?? 'auto',
    onWarning: (message: string) => {
      warn(terminal, message);
    },
    onProgress: progress.update,
  };
}

function cacheFolderFrom({ cache, cacheLocation }: ScanFlags, cwd: string): string | null {
  return cache === true || cacheLocation !== undefined ? resolve(cwd, cacheLocation ?? '.closewait-cache') : null;
}

interface BaselineFile {
  readonly file: string;
  /** null: not written yet. */
  readonly known: Baseline | null;
}

function baselineFrom(flags: ScanFlags, config: Config, cwd: string): BaselineFile | null {
  const isUpdate = flags.updateBaseline === true;
  const named = flags.baseline ?? (config.baseline === null ? null : pathFrom(cwd, config.baseline));
  if (named === null) {
    if (isUpdate) throw new UserError('--update-baseline: which file? Name it: --baseline FILE');
    return null;
  }
  const known = readBaseline(cwd, named);
  if (known === null && !isUpdate) throw new UserError(`${named}: no such file; --update-baseline writes it`);
  return { file: named, known };
}

function withoutBaseline(result: ScanResult, baseline: BaselineFile | null, terminal: Terminal): ScanResult {
  if (baseline?.known === undefined || baseline.known === null) return result;
  const { result: rest, fixed } = withoutKnown(result, baseline.known, baseline.file, terminal.cwd);
  terminal.err(fixedLines(fixed, baseline.file));
  return rest;
}

function exitCode(
  { findings, problems }: Pick<ScanResult, 'findings' | 'problems'>,
  { failOn, unusedSuppressions }: Config,
): number {
  if (problems.some(({ kind }) => kind === 'internal')) return exitCodes.internal;
  if (unusedSuppressions === 'error' && problems.some(({ kind }) => kind === 'unused-suppression'))
    return exitCodes.findings;
  if (failOn === 'never') return exitCodes.clean;
  return findings.some(({ severity }) => isSeverityAtLeast(severity, failOn)) ? exitCodes.findings : exitCodes.clean;
}
