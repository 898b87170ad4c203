import { Command, CommanderError } from 'commander';
import { version } from '../program';
import { datasetCommand } from './commands/dataset';
import { doctorCommand } from './commands/doctor';
import { encodeCommand } from './commands/encode';
import { enginesCommand } from './commands/engines';
import { estimateCommand } from './commands/estimate';
import { exportCommand } from './commands/export';
import { importCommand } from './commands/import';
import { interpolateCommand } from './commands/interpolate';
import { newCommand } from './commands/new';
import { recipeCommand } from './commands/recipe';
import { sampleCommand } from './commands/sample';
import { serveCommand } from './commands/serve';
import { trainCommand } from './commands/train';
import { exitCodeOf, printError } from './report';

/** Exit codes, as scripts rely on them. */
export const exitCodes = { done: 0, usersError: 1, defect: 2 } as const;

/** Runs one command of the command line; resolves to the exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const program = new Command('ganvas')
    .description('A GAN studio: pictures in, a trained generator out.')
    .version(version, '-V, --version')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true });
  for (const command of [
    doctorCommand(),
    estimateCommand(),
    newCommand(),
    importCommand(),
    recipeCommand(),
    datasetCommand(),
    trainCommand(),
    sampleCommand(),
    interpolateCommand(),
    encodeCommand(),
    exportCommand(),
    enginesCommand(),
    serveCommand(),
  ]) {
    program.addCommand(command.option('--json', 'print the result as JSON, for scripts'));
  }
  // Commander ends the process by itself otherwise, with a code of its own.
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usersError;
    printError(error);
    return exitCodeOf(error);
  }
}
