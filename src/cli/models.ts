/** `closewait models`: which libraries are known, what is known of one, and what a call in a file means. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { UserError } from '../errors.ts';
import { inspect } from '../inspect.ts';
import { frontends } from '../languages/registry.ts';
import { printLibraries, printRules } from '../models/describe.ts';
import { ruleSources } from '../models/load.ts';
import { exitCodes } from './exit-codes.ts';
import { parseFileLine } from './file-line.ts';
import { callText } from './known-text.ts';
import { addConfigOptions, addModelsOption, addProjectOptions } from './scan-flags.ts';
import { modelFilesOf, projectFrom, settingsFrom, type ConfigFlags, type ProjectFlags } from './scan-settings.ts';
import type { Terminal } from './terminal.ts';

interface RuleFlags extends ConfigFlags {
  readonly language?: string;
}

export function addModelsCommand(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const models = program.command('models').description('what is known of libraries');
  addRuleOptions(
    models.command('list').description('the libraries, with how many types, calls and resources of each are known'),
  ).action(async (flags: RuleFlags) => {
    terminal.out(printLibraries(await sourcesFrom(flags, terminal)));
    finish(exitCodes.clean);
  });
  addRuleOptions(
    models
      .command('show')
      .description('the rules of a library, or those that name a type or method')
      .argument('<name>', 'such as jdbc, java.io.FileInputStream or createStatement'),
  ).action(async (name: string, flags: RuleFlags) => {
    const text = printRules(await sourcesFrom(flags, terminal), name);
    if (text === '') throw new UserError(`no rule names ${name}`);
    terminal.out(text);
    finish(exitCodes.clean);
  });
  addProjectOptions(
    models
      .command('test')
      .description('which rule, function or signature each call of a line means, and what it does')
      .argument('<file:line>'),
  ).action(async (target: string, flags: ProjectFlags) => {
    terminal.out(await callsAt(target, flags, terminal));
    finish(exitCodes.clean);
  });
}

function addRuleOptions(command: Command): Command {
  const language = new Option('--language <language>', 'only of this language').choices(frontends.map(({ id }) => id));
  return addModelsOption(addConfigOptions(command.addOption(language)));
}

async function sourcesFrom(
  { language, ...flags }: RuleFlags,
  terminal: Terminal,
): Promise<ReturnType<typeof ruleSources>> {
  const { config } = await settingsFrom(flags, terminal);
  return frontends
    .filter(({ id }) => language === undefined || id === language)
    .flatMap(({ id }) => ruleSources(id, modelFilesOf(config)));
}

async function callsAt(target: string, flags: ProjectFlags, terminal: Terminal): Promise<string> {
  const { file, line } = parseFileLine(target);
  const { config } = await settingsFrom(flags, terminal);
  const calls = (await inspect(file, projectFrom(config, flags.exclude, terminal.cwd))).calls(line);
  if (calls.length === 0) throw new UserError(`${target}: no call begins on this line`);
  return calls.map(callText).join('\n');
}
