#!/usr/bin/env node
/** Entry point of the command line: ties `run` to the process. Nothing else touches `process`. */
import { colorsFor } from '../report/colors.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';

for (const stream of [process.stdout, process.stderr]) {
  // `closewait scan | head`: the reader has what it wanted; the exit code still tells the result.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = exitCodes.internal;
  });
}

// Not process.exit: what is still being written to a pipe would be cut off.
process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  colors: colorsFor(process.stdout.isTTY, process.env),
  errorColors: colorsFor(process.stderr.isTTY, process.env),
  isWatched: process.stderr.isTTY,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
