import { fork, type Serializable } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { StartAnyWorker } from './worker';

/** Workers in Node processes of their own: what crashes one does not crash the program, and ending it ends its native code too. `flags`: V8's, and not the program's own (a debugger's port, a loader). */
export function nodeProcesses(flags: readonly string[]): StartAnyWorker {
  return (file, { reply, ended }) => {
    const child = fork(fileURLToPath(file), [], {
      execArgv: [...flags],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (message) => reply(message as never));
    child.on('error', (error) => ended(error.message));
    // Not at its exit: what it had replied before may still be on its way, and the wrong request would be blamed.
    child.on('close', (code, signal) => ended(signal ? `it was ended by ${signal}` : `it left with code ${code}`));
    return {
      // That it is gone is heard by its end.
      ask: (request) => void child.send(request as Serializable, () => undefined),
      end() {
        child.removeAllListeners();
        child.on('error', () => undefined);
        child.kill('SIGKILL');
      },
    };
  };
}
