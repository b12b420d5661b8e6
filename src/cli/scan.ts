/** `closewait scan`: options to a scan, its result to a report and an exit code. */
import { relative, resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { FileProblem, ScanResult, ScanStats } from '../analyze.ts';
import { UserError } from '../errors.ts';
import { checkCatalogue } from '../findings/check-catalogue.ts';
import type { CheckId, Confidence } from '../findings/finding.ts';
import { noColors } from '../report/colors.ts';
import type { Colors } from '../report/colors.ts';
import { jsonReport } from '../report/json.ts';
import { printable } from '../report/printable.ts';
import type { ReportInput } from '../report/report.ts';
import { sarifReport } from '../report/sarif.ts';
import { summaryLine, textReport } from '../report/text.ts';
import { exitCodes } from './exit-codes.ts';
import { startProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { packageVersion } from './version.ts';
import { writeAtomically } from './write-atomically.ts';

type Format = 'text' | 'json' | 'sarif';

interface ScanFlags {
  readonly format: Format;
  readonly output?: string;
  readonly minConfidence: Confidence;
  readonly checks?: CheckId[];
  readonly models: string[];
  readonly exclude: string[];
  readonly stats?: true;
  readonly verify?: true;
}

export function addScanCommand(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  program
    .command('scan')
    .description('report the leaks in files and folders')
    .argument('[paths...]', 'files and folders', ['.'])
    .addOption(new Option('--format <format>', 'how to report').choices(['text', 'json', 'sarif']).default('text'))
    .option('--output <file>', 'write the report to a file instead of the terminal')
    .addOption(minConfidenceOption('medium'))
    .option('--checks <ids>', 'only these checks, separated by commas', parseChecks)
    .option('--models <file>', 'further resource models; may be given several times', collect, [])
    .option('--exclude <glob>', 'leave out files that match; may be given several times', collect, [])
    .option('--stats', 'print counts and times to stderr')
    .addOption(new Option('--verify', 'check internal invariants while scanning').hideHelp())
    .addHelpText('after', '\nExit code: 0 no findings, 1 findings, 2 wrong usage or configuration, 3 internal error.')
    .action(async (paths: string[], flags: ScanFlags) => {
      finish(await runScan(paths, flags, terminal));
    });
}

export function minConfidenceOption(preset: Confidence): Option {
  return new Option('--min-confidence <level>', 'report findings from this level on')
    .choices(['low', 'medium', 'high'])
    .default(preset);
}

export function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}

function parseChecks(value: string): CheckId[] {
  const wanted = value
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  return wanted.map((id) => {
    const known = checkCatalogue.find((check) => check.id === id);
    if (known !== undefined) return known.id;
    throw new UserError(`unknown check '${id}'; there are: ${checkCatalogue.map((check) => check.id).join(', ')}`);
  });
}

async function runScan(paths: readonly string[], flags: ScanFlags, terminal: Terminal): Promise<number> {
  const { scan } = await import('../analyze.ts');
  const progress = startProgress(terminal);
  const result = await scan({
    paths: [...paths],
    cwd: terminal.cwd,
    minConfidence: flags.minConfidence,
    checks: flags.checks ?? null,
    modelFiles: flags.models.map((file) => relative('.', resolve(terminal.cwd, file))),
    exclude: flags.exclude,
    verify: flags.verify === true,
    onProgress: progress.update,
  }).finally(progress.stop);
  const input = { ...result, files: result.stats.files, version: packageVersion() };
  terminal.err(problemLines(result.problems, terminal.errorColors));
  if (flags.output === undefined) {
    terminal.out(render(flags.format, input, terminal.colors));
  } else {
    await writeAtomically(terminal.cwd, flags.output, render(flags.format, input, noColors));
    terminal.err(`${summaryLine(input)}, written to ${flags.output}\n`);
  }
  if (flags.stats === true) terminal.err(statsText(result.stats));
  return exitCode(result);
}

function render(format: Format, input: ReportInput, colors: Colors): string {
  switch (format) {
    case 'text':
      return textReport(input, colors);
    case 'json':
      return jsonReport(input);
    case 'sarif':
      return sarifReport(input);
  }
}

export function problemLines(problems: readonly FileProblem[], colors: Colors): string {
  return problems
    .map(({ path, message, kind }) => {
      const label = kind === 'internal' ? colors.red('internal error') : colors.yellow('warning');
      return `${label}: ${printable(path)}: ${printable(message)}\n`;
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
  const { files, parsed, functions, simulated } = stats;
  return [
    ...table('counts', { files, parsed, functions, simulated }),
    ...table('syntax not lowered', stats.opaque),
    ...table('limits hit', stats.limits),
    ...table('milliseconds', stats.millis),
    '',
  ].join('\n');
}

function exitCode(result: ScanResult): number {
  if (result.problems.some(({ kind }) => kind === 'internal')) return exitCodes.internal;
  return result.findings.length > 0 ? exitCodes.findings : exitCodes.clean;
}
