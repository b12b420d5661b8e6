/** Arguments in, exit code out. The commands' own files do the work; here is what they have in common. */
import { Command, CommanderError } from 'commander';
import { UserError } from '../errors.ts';
import { homepage } from '../findings/addresses.ts';
import { printable } from '../report/printable.ts';
import { addDebugCommand } from './debug.ts';
import { exitCodes } from './exit-codes.ts';
import { addExplainCommand } from './explain.ts';
import { addFixCommand } from './fix.ts';
import { addInitCommand } from './init.ts';
import { addMergeCommand } from './merge.ts';
import { addModelsCommand } from './models.ts';
import { addScanCommand } from './scan.ts';
import type { Terminal } from './terminal.ts';
import { packageVersion } from './version.ts';

export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCodes.clean;
  const program = createProgram(terminal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return report(error, terminal);
  }
}

function createProgram(terminal: Terminal, finish: (code: number) => void): Command {
  const program = new Command('closewait')
    .description('Finds resource leaks, from source alone, and shows the path of each.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        terminal.out(text);
      },
      writeErr: (text) => {
        terminal.err(text);
      },
    })
    .showHelpAfterError('(closewait --help lists commands and options)');
  // Subcommands take over the settings above, so they are added last.
  addScanCommand(program, terminal, finish);
  addMergeCommand(program, terminal, finish);
  addFixCommand(program, terminal, finish);
  addExplainCommand(program, terminal, finish);
  addInitCommand(program, terminal, finish);
  addModelsCommand(program, terminal, finish);
  addDebugCommand(program, terminal);
  return program;
}

/** Never a stack trace: whoever reads this did not write the program. */
function report(error: unknown, terminal: Terminal): number {
  // Commander has printed its message, or the help or version that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UserError) {
    terminal.err(`closewait: ${message}\n`);
    return exitCodes.usage;
  }
  terminal.err(
    `closewait: internal error: ${printable(message)}\nThis is a bug in closewait; please report it: ${homepage}/issues\n`,
  );
  return exitCodes.internal;
}
