/** `closewait init`: a configuration to start with, made from what is in the folder. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { configNames } from '../config/load-config.ts';
import { startingConfig, surveyOf } from '../config/starting-config.ts';
import { UserError } from '../errors.ts';
import { frontendFor, frontends } from '../languages/registry.ts';
import { discover } from '../project/discover.ts';
import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { writeAtomically } from './write-atomically.ts';

const target = 'closewait.config.yaml';

export function addInitCommand(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  program
    .command('init')
    .description('write a closewait.config.yaml to start with, and say what was seen')
    .action(async () => {
      finish(await runInit(terminal));
    });
}

async function runInit(terminal: Terminal): Promise<number> {
  const { cwd } = terminal;
  const existing = configNames.find((name) => existsSync(resolve(cwd, name)));
  if (existing !== undefined) throw new UserError(`${existing} already exists`);
  const { files } = discover(['.'], { cwd, extensions: frontends.flatMap(({ extensions }) => [...extensions]) });
  const survey = surveyOf(files.map(({ path }) => ({ path, language: frontendFor(path)?.id ?? '' })));
  await writeAtomically(cwd, target, startingConfig(survey));
  for (const line of survey.seen) terminal.out(`${line}\n`);
  terminal.out(`${target} is written; the next step: closewait scan\n`);
  return exitCodes.clean;
}
