/** What a scan says besides its findings, and where its reports go. */
import type { FileProblem } from '../findings/file-problem.ts';
import type { ScanStats } from '../session/stats.ts';
import { UserError } from '../errors.ts';
import type { Colors } from '../report/colors.ts';
import { formats } from '../report/formats.ts';
import type { ReportFormat } from '../report/formats.ts';
import { printable } from '../report/printable.ts';
import type { ScanFlags } from './scan-flags.ts';

export interface Output {
  readonly format: ReportFormat;
  /** null: the terminal. */
  readonly file: string | null;
}

export function outputsFrom({ format, output, report }: ScanFlags): Output[] {
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

export function statsText(stats: ScanStats): string {
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
