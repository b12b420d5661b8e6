/** The options of a scan, for the commands that report what one found. */
import { Option } from 'commander';
import type { Command } from 'commander';
import type { Shard } from '../cache/part.ts';
import { UserError } from '../errors.ts';
import { checkCatalogue } from '../findings/check-catalogue.ts';
import type { CheckId } from '../findings/finding.ts';
import { severities } from '../findings/select.ts';
import { formats } from '../report/formats.ts';
import type { SettingFlags } from './scan-settings.ts';

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
  readonly types?: true;
  readonly cache?: true;
  readonly cacheLocation?: string;
  readonly shard?: Shard;
  readonly watch?: true;
  readonly threads?: number;
  readonly stats?: true;
  readonly verify?: true;
}

/** What is to be reported, and how. */
export function addReportOptions(command: Command): Command {
  return (
    command
      .addOption(new Option('--format <format>', 'how to report').choices(Object.keys(formats)).default('text'))
      .option('-o, --output <file>', 'write the report to a file instead of the terminal')
      .addOption(listOption('--report <format=file>', 'write a further report to a file'))
      .option('--baseline <file>', 'leave out the findings this file knows')
      // A part of the findings would overwrite the whole.
      .addOption(
        new Option('--update-baseline', 'write what is found to the baseline, and report nothing').conflicts('changed'),
      )
      .option('--hide-suppressed', 'leave what is silenced or known out of JSON and SARIF as well')
      .option('--fixes', 'put a fix beside each finding that has one, in JSON, SARIF and rdjson reports')
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
          'how to report comments that silence nothing (default: warning)',
        ).choices(['off', 'warning', 'error']),
      )
  );
}

export function addRunOptions(command: Command): Command {
  return command
    .option('--threads <count>', 'how many threads; as many as pay if not given', parseThreads)
    .option('--stats', 'print counts and times to stderr')
    .addOption(new Option('--verify', 'check internal invariants while scanning').hideHelp())
    .addHelpText('after', '\nExit code: 0 no findings, 1 findings, 2 wrong usage or configuration, 3 internal error.');
}

/** Which files and models there are: what every command wants that looks at sources. */
export function addProjectOptions(command: Command): Command {
  return addModelsOption(addConfigOptions(command)).addOption(
    listOption('--exclude <glob>', 'leave out files that match'),
  );
}

export function addConfigOptions(command: Command): Command {
  return command
    .option(
      '--config <file>',
      'the configuration (default: closewait.config.json, .yaml or .yml here or in a folder above)',
    )
    .option('--no-config', 'take no configuration, even if there is one');
}

export function addModelsOption(command: Command): Command {
  return command.addOption(listOption('--models <file>', 'further resource models'));
}

export function minConfidenceOption(): Option {
  return new Option('--min-confidence <level>', 'report findings from this level on; medium if not given').choices([
    'low',
    'medium',
    'high',
  ]);
}

/** Of a value for each time it is given; `none` says what goes without it. */
export function listOption(flags: string, description: string, none = 'none'): Option {
  const append = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];
  return new Option(flags, `${description}; may be given several times`).argParser(append).default([], none);
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

function parseThreads(value: string): number {
  const count = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (count > 0) return count;
  throw new UserError(`--threads ${value}: expected a number from 1`);
}
