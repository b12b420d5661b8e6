/** Runs the command line inside the test process, as `main.ts` would, and keeps what it prints. */
import { run } from '../src/cli/run.ts';
import { noColors } from '../src/report/colors.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function closewait(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  let out = '';
  let err = '';
  const code = await run(args, {
    cwd,
    env,
    colors: noColors,
    errorColors: noColors,
    isWatched: false,
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}
