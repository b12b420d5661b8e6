/** `closewait models`: which libraries are known, what is known of one, and what a call in a file means. */
import { relative, resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { UserError } from '../errors.ts';
import { frontends } from '../languages/registry.ts';
import { printLibraries, printRules } from '../models/describe.ts';
import { ruleSources } from '../models/load.ts';
import { modelDump } from './debug-knowledge.ts';
import { exitCodes } from './exit-codes.ts';
import { collect } from './scan-flags.ts';
import type { Terminal } from './terminal.ts';

interface ModelFlags {
  readonly language?: string;
  readonly models: string[];
}

export function addModelsCommand(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const models = program.command('models').description('what is known of libraries');
  const languages = (): Option =>
    new Option('--language <language>', 'only of this language').choices(frontends.map(({ id }) => id));
  const further = ['--models <file>', 'further resource models; may be given several times'] as const;
  models
    .command('list')
    .description('the libraries, with how many types, calls and resources of each are known')
    .addOption(languages())
    .option(...further, collect, [])
    .action((flags: ModelFlags) => {
      terminal.out(printLibraries(sourcesOf(flags, terminal.cwd)));
      finish(exitCodes.clean);
    });
  models
    .command('show')
    .description('the rules of a library, or those that name a type or method')
    .argument('<name>', 'such as jdbc, java.io.FileInputStream or createStatement')
    .addOption(languages())
    .option(...further, collect, [])
    .action((name: string, flags: ModelFlags) => {
      const text = printRules(sourcesOf(flags, terminal.cwd), name);
      if (text === '') throw new UserError(`no rule names ${name}`);
      terminal.out(text);
      finish(exitCodes.clean);
    });
  models
    .command('test')
    .description('which rule, function or signature each call of a line means, and what it does')
    .argument('<file:line>')
    .action(async (target: string) => {
      terminal.out(await modelDump.print(target, {}, terminal));
      finish(exitCodes.clean);
    });
}

function sourcesOf({ language, models }: ModelFlags, cwd: string): ReturnType<typeof ruleSources> {
  const files = models.map((file) => relative('.', resolve(cwd, file)));
  return frontends
    .filter(({ id }) => language === undefined || id === language)
    .flatMap(({ id }) => ruleSources(id, files));
}
