/**
 * What fixed programs do. Each program under `fixtures/fixes/run/<language>/` works with a fake library that counts
 * what is acquired and released, and lets every operation fail in turn. It is run as it is and as `closewait fix`
 * leaves it, suggestions included: afterwards everything is released exactly once on every path, and what the program
 * does otherwise is the same.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fix, type FixResult } from '../src/fix.ts';
import { runners, type Runner } from './fix-runners.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = join(import.meta.dirname, '../fixtures/fixes/run');

interface Run {
  readonly program: string;
  /** Which call of it, and which of its operations fails. */
  readonly name: string;
  /** What it did, in order, but for releases; and how it ended. */
  readonly seen: string;
  /** `file#0=1` for a file that was released once. */
  readonly released: readonly string[];
}

function fixPrograms(cwd: string): Promise<FixResult> {
  return fix({
    paths: ['.'],
    cwd,
    minConfidence: 'low',
    checks: null,
    modelFiles: [join(cwd, 'models.yaml')],
    exclude: ['fake', 'fake.*'],
    verify: true,
    suggestions: true,
  });
}

/** `== program` starts a program; its lines are `name|events|outcome|releases`. */
function runsOf(output: string): Run[] {
  const runs: Run[] = [];
  let program = '';
  for (const line of output.split('\n')) {
    if (line.startsWith('== ')) program = line.slice(3);
    const [name, events, outcome, released] = line.split('|');
    if (name === undefined || outcome === undefined || released === undefined) continue;
    const seen = `${events ?? ''}; ${outcome}`;
    runs.push({ program, name, seen, released: released.split(' ').filter((one) => one !== '') });
  }
  return runs;
}

function runAll(runner: Runner, cwd: string): Run[] {
  for (const [command, ...args] of runner.commands) {
    const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
    expect(error ?? (status === 0 ? '' : `${command} ${args.join(' ')}\n${stdout}${stderr}`)).toBe('');
    if (stdout.includes('|')) return runsOf(stdout);
  }
  throw new Error('no program has run');
}

function isSettled({ released }: Run): boolean {
  return released.every((one) => one.endsWith('=1'));
}

describe.each(runners)('what fixed $language programs do', (runner) => {
  const cwd = join(folder, runner.language);
  const probe = spawnSync(runner.probe[0], runner.probe.slice(1));
  const isSkipped = probe.status !== 0 && process.env.CLOSEWAIT_REQUIRE_LANGUAGES !== '1';

  test.skipIf(isSkipped)('same output, and everything released once', { timeout: 240_000 }, async () => {
    const result = await fixPrograms(cwd);
    expect(result.scanned.problems).toEqual([]);
    expect(
      result.remaining.map(({ finding: { path, message } }) => `${path}: ${message}`),
      'what no fix was found for',
    ).toEqual([]);
    const before = runAll(runner, copyOf(cwd, runner, null));
    const after = runAll(runner, copyOf(cwd, runner, result));
    expect(after.map(({ program, name, seen }) => `${program}, ${name}: ${seen}`)).toEqual(
      before.map(({ program, name, seen }) => `${program}, ${name}: ${seen}`),
    );
    expect(after.filter((run) => !isSettled(run))).toEqual([]);
    // A program that is right to begin with shows nothing.
    const programs = new Set(before.map(({ program }) => program));
    const leaking = new Set(before.filter((run) => !isSettled(run)).map(({ program }) => program));
    expect([...leaking]).toEqual([...programs]);
    expect(programs.size).toBeGreaterThanOrEqual(8);
    const styles = result.files.flatMap(({ applied }) => applied.map((one) => one.fix.style));
    expect([...new Set(styles)].sort(), 'every form a fix is written in').toEqual([...runner.styles].sort());
  });
});

function copyOf(cwd: string, runner: Runner, fixed: FixResult | null): string {
  const copy = temporaryFolder();
  cpSync(cwd, copy, { recursive: true });
  for (const { path, after } of fixed?.files ?? []) writeFileSync(join(copy, path), after);
  runner.prepare(copy);
  return copy;
}
