/** `closewait scan`: options to a scan, its result to a report and an exit code. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { ScanOptions, ScanResult } from '../analyze.ts';
import type { JoinedParts, Shard, StoredScans } from '../cache/part.ts';
import type { FileProblem } from '../session/file-result.ts';
import type { ScanStats } from '../session/stats.ts';
import type { Baseline } from '../baseline/baseline.ts';
import type { Config } from '../config/config.ts';
import { UserError } from '../errors.ts';
import { checkCatalogue } from '../findings/check-catalogue.ts';
import type { CheckId } from '../findings/finding.ts';
import { isSeverityAtLeast, severities } from '../findings/select.ts';
import { changedFiles } from '../git/changed-lines.ts';
import { workingRepository } from '../git/repository.ts';
import { noColors } from '../report/colors.ts';
import type { Colors } from '../report/colors.ts';
import { formats } from '../report/formats.ts';
import type { ReportFormat } from '../report/formats.ts';
import { printable } from '../report/printable.ts';
import type { ReportInput } from '../report/report.ts';
import { summaryLine } from '../report/text.ts';
import { checkPages } from './check-pages.ts';
import { exitCodes } from './exit-codes.ts';
import { fixedLines, onlyChanged, readBaseline, shownFile, updateBaseline, withoutKnown } from './only-new.ts';
import { printConfig } from './print-config.ts';
import { startProgress, type Progress } from './progress.ts';
import { modelFilesOf, scanOptionsFrom, settingsFrom } from './scan-settings.ts';
import type { SettingFlags } from './scan-settings.ts';
import { modelStamp } from '../models/load.ts';
import { scanOnChanges } from './watch.ts';
import { checkOrigin, parseShard, runShard } from './shard.ts';
import type { Terminal } from './terminal.ts';
import { packageVersion } from './version.ts';
import { checkWritable, writeAtomically } from './write-atomically.ts';

export interface ScanFlags extends SettingFlags {
  readonly format: string;
  readonly output?: string;
  readonly report: string[];
  readonly hideSuppressed?: true;
  readonly fixes?: true;
  readonly changed?: string | true;
  readonly baseline?: string;
  readonly updateBaseline?: true;
  readonly printConfig?: true;
  readonly cache?: true;
  readonly cacheLocation?: string;
  readonly shard?: Shard;
  readonly watch?: true;
  readonly threads?: number;
  readonly stats?: true;
  readonly verify?: true;
}

export function addScanCommand(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const command = program
    .command('scan')
    .description('report the leaks in files and folders')
    .argument('[paths...]', 'files and folders', ['.']);
  addReportOptions(command)
    .option('--changed [base]', 'only findings that touch lines changed since BASE, a git revision')
    .option('--print-config', 'print the settings that hold, for a file if one is given, and scan nothing')
    .option('--models <file>', 'further resource models; may be given several times', collect, [])
    .option('--exclude <glob>', 'leave out files that match; may be given several times', collect, [])
    .option('--cache', 'keep results, and analyse only what changes could have changed')
    .option('--cache-location <folder>', 'where to keep them: --cache with another folder than .closewait-cache')
    .option('--watch', 'scan again whenever a file changes')
    .option('--shard <i/n>', 'do the i-th of n parts and write it to --output, for closewait merge', parseShard);
  addRunOptions(command).action(async (paths: string[], flags: ScanFlags) => {
    finish(await (flags.watch === true ? watchScans(paths, flags, terminal) : runScan(paths, flags, terminal)));
  });
}

/** What is to be reported, and how. */
export function addReportOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how to report').choices(Object.keys(formats)).default('text'))
    .option('--output <file>', 'write the report to a file instead of the terminal')
    .option('--report <format=file>', 'write a further report to a file; may be given several times', collect, [])
    .option('--baseline <file>', 'leave out the findings this file knows')
    .option('--update-baseline', 'write what is found to the baseline, and report nothing')
    .option('--hide-suppressed', 'leave what is silenced or known out of JSON and SARIF as well')
    .option('--fixes', 'put a fix beside each finding that has one, in JSON, SARIF and rdjson reports')
    .addOption(configOption())
    .option('--no-config', 'take no configuration, even if there is one')
    .addOption(minConfidenceOption())
    .option('--checks <ids>', 'only these checks, separated by commas', parseChecks)
    .addOption(
      new Option(
        '--fail-on <severity>',
        'the least severity that makes the exit code 1; any finding if not given',
      ).choices([...severities, 'never']),
    )
    .option('--no-inline-suppressions', 'report what comments silence as well')
    .addOption(
      new Option(
        '--unused-suppressions <level>',
        'what comments that silence nothing are; warning if not given',
      ).choices(['off', 'warning', 'error']),
    );
}

export function addRunOptions(command: Command): Command {
  return command
    .option('--threads <count>', 'how many threads; as many as pay if not given', parseThreads)
    .option('--stats', 'print counts and times to stderr')
    .addOption(new Option('--verify', 'check internal invariants while scanning').hideHelp())
    .addHelpText('after', '\nExit code: 0 no findings, 1 findings, 2 wrong usage or configuration, 3 internal error.');
}

export function configOption(): Option {
  return new Option(
    '--config <file>',
    'the configuration; if not given, closewait.config.json or .yaml here or in a folder above',
  );
}

export function minConfidenceOption(): Option {
  return new Option('--min-confidence <level>', 'report findings from this level on; medium if not given').choices([
    'low',
    'medium',
    'high',
  ]);
}

export function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}

export function parseChecks(value: string): CheckId[] {
  const wanted = value
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (wanted.length === 0) throw new UserError('--checks names no check; leave the option out for all of them');
  return wanted.map((id) => {
    const known = checkCatalogue.find((check) => check.id === id);
    if (known !== undefined) return known.id;
    throw new UserError(`unknown check '${id}'; there are: ${checkCatalogue.map((check) => check.id).join(', ')}`);
  });
}

async function watchScans(paths: readonly string[], flags: ScanFlags, terminal: Terminal): Promise<number> {
  if (flags.shard !== undefined) throw new UserError('--watch and --shard exclude each other');
  if (flags.updateBaseline === true) throw new UserError('--watch and --update-baseline exclude each other');
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
    terminal.out(printConfig(settings, paths, terminal.cwd));
    return exitCodes.clean;
  }
  const { config } = settings;
  if (flags.shard !== undefined) {
    const progress = startProgress(terminal);
    const options = optionsFrom(paths, flags, config, terminal, progress);
    return await runShard(flags.shard, options, flags, flags, terminal).finally(progress.stop);
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
    const count = await updateBaseline(found, baseline.known, baseline.file, terminal.cwd);
    terminal.err(`${baseline.file} has ${String(count)} findings now\n`);
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
    if (left > 0)
      terminal.err(`warning: the report has no place for ${String(left)} findings, the least certain ones\n`);
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
    parts: known,
    wantsStored: flags.watch === true,
  };
  if (changed === null) return await scan(options).finally(progress.stop);
  const result = await scan({ ...options, only: (path) => changed.paths.has(path) }).finally(progress.stop);
  return onlyChanged(result, changed);
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
    cacheFolder: cacheFolderFrom(flags, terminal.cwd),
    threads: flags.threads ?? 'auto',
    onWarning: (message: string) => {
      terminal.err(`${terminal.errorColors.yellow('warning')}: ${message}\n`);
    },
    onProgress: progress.update,
  };
}

function parseThreads(value: string): number {
  const count = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (count > 0) return count;
  throw new UserError(`--threads ${value}: expected a number from 1`);
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
  const named = flags.baseline ?? (config.baseline === null ? null : shownFile(cwd, config.baseline));
  if (named === null) {
    if (isUpdate) throw new UserError('--update-baseline: which file? Name it: --baseline FILE');
    return null;
  }
  // A part of the findings would overwrite the whole.
  if (isUpdate && flags.changed !== undefined)
    throw new UserError('--update-baseline and --changed exclude each other');
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

interface Output {
  readonly format: ReportFormat;
  /** null: the terminal. */
  readonly file: string | null;
}

function outputsFrom({ format, output, report }: ScanFlags): Output[] {
  const first = { format: formatOf(format), file: output ?? null };
  const further = report.map((text) => {
    const [, name, file] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || file === undefined) throw new UserError(`--report ${text}: expected FORMAT=FILE`);
    return { format: formatOf(name), file };
  });
  return [first, ...further];
}

function formatOf(name: string): ReportFormat {
  const format = formats[name];
  if (format !== undefined) return format;
  throw new UserError(`there is no format '${name}'; there are: ${Object.keys(formats).join(', ')}`);
}

export function problemLines(problems: readonly FileProblem[], colors: Colors): string {
  return problems
    .map(({ path, line, message, kind }) => {
      const label = kind === 'internal' ? colors.red('internal error') : colors.yellow('warning');
      const place = line === undefined ? printable(path) : `${printable(path)}:${String(line)}`;
      return `${label}: ${place}: ${printable(message)}\n`;
    })
    .join('');
}

function statsText(stats: ScanStats): string {
  const table = (title: string, values: Record<string, number>): string[] => {
    const rows = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
    return rows.length === 0
      ? []
      : [title, ...rows.map(([name, n]) => `  ${String(Math.round(n)).padStart(8)}  ${name}`)];
  };
  const { files, cached, parsed, functions, simulated } = stats;
  return [
    ...table('counts', { files, cached, parsed, functions, simulated }),
    ...table('syntax not lowered', stats.opaque),
    ...table('limits hit', stats.limits),
    ...table('milliseconds', stats.millis),
    '',
  ].join('\n');
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
