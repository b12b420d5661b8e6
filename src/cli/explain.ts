/** `closewait explain`: the whole path of the findings at a line, with code. */
import { isAbsolute, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Finding } from '../findings/finding.ts';
import { lineMap } from '../findings/line-map.ts';
import type { LineMap } from '../findings/line-map.ts';
import type { Span } from '../ir/ir.ts';
import { story } from '../report/story.ts';
import { exitCodes } from './exit-codes.ts';
import { parseFileLine } from './file-line.ts';
import { startProgress } from './progress.ts';
import { addProjectOptions, listOption } from './scan-flags.ts';
import { problemLines } from './scan-output.ts';
import { projectFrom, settingsFrom, type ProjectFlags } from './scan-settings.ts';
import type { Terminal } from './terminal.ts';

interface ExplainFlags extends ProjectFlags {
  readonly in: readonly string[];
}

export function addExplainCommand(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const command = program
    .command('explain')
    .description('show the path of the findings at a line, whatever their confidence, and silenced or not')
    .argument('<file:line>', 'a line where something is acquired or left open')
    .addOption(listOption('--in <path>', 'what to scan along with it', 'the current folder'));
  addProjectOptions(command).action(async (target: string, flags: ExplainFlags) => {
    finish(await runExplain(target, flags, terminal));
  });
}

async function runExplain(target: string, flags: ExplainFlags, terminal: Terminal): Promise<number> {
  const { file, line } = parseFileLine(target);
  const { config } = await settingsFrom(flags, terminal);
  const path = relative(terminal.cwd, resolve(terminal.cwd, file)).replaceAll('\\', '/');
  const { scan } = await import('../analyze.ts');
  const progress = startProgress(terminal);
  const result = await scan({
    ...projectFrom(config, flags.exclude, terminal.cwd),
    paths: [file, ...(flags.in.length > 0 ? flags.in : surroundings(path))],
    // Whoever asks about a line wants to know, also what a configuration or a comment silences.
    minConfidence: 'low',
    checks: null,
    readsComments: false,
    verify: false,
    onProgress: progress.update,
  }).finally(progress.stop);
  const map = lineMap(result.texts.get(path) ?? '');
  const here = result.findings.filter((finding) => finding.path === path);
  const found = findingsAt(here, line, map);
  const problems = result.problems.filter((problem) => problem.path === path);
  terminal.err(problemLines(problems, terminal.errorColors));
  if (problems.some(({ kind }) => kind === 'internal')) return exitCodes.internal;
  if (found.length === 0) {
    terminal.out(`no finding at ${path}:${String(line)}${elsewhere(here, map)}\n`);
    return exitCodes.clean;
  }
  terminal.out(found.map((finding) => story(finding, map, terminal.colors)).join('\n'));
  return exitCodes.findings;
}

/** What `scan` looks at by default, so that both see the same project around the file. */
function surroundings(path: string): string[] {
  return path.startsWith('../') || isAbsolute(path) ? [] : ['.'];
}

/** What is acquired at the line; if nothing is, what is left open there or passes through. */
function findingsAt(findings: readonly Finding[], line: number, map: LineMap): readonly Finding[] {
  const covers = ({ start, end }: Span): boolean => map.position(start).line <= line && line <= map.position(end).line;
  const acquired = findings.filter((finding) => covers(finding.acquiredAt));
  if (acquired.length > 0) return acquired;
  const starts = ({ start }: Span): boolean => map.position(start).line === line;
  return findings.filter(({ leaksAt, trace }) => leaksAt.some(starts) || trace.some((step) => starts(step.span)));
}

function elsewhere(findings: readonly Finding[], map: LineMap): string {
  if (findings.length === 0) return '';
  const lines = [...new Set(findings.map((finding) => map.position(finding.acquiredAt.start).line))];
  return `; this file has findings at line ${lines.join(', ')}`;
}
