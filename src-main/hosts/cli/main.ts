import { printError } from './report';
import { exitCodes, runProgram } from './program';

// Whoever read the output has gone (`| head`): a run is stopped at a checkpoint as by Ctrl-C, anything else just ends.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.kill(process.pid, 'SIGTERM');
});
process.on('uncaughtException', (error) => {
  printError(error);
  process.exit(exitCodes.defect);
});

process.exitCode = await runProgram(process.argv.slice(2));
