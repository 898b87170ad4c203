import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DecoderKind } from './decoder';
import type { DecodeReply } from './protocol';

/**
 * Decoders in processes of their own: what crashes one does not crash the program, ending it ends its native code too, and two decode faster than two threads of
 * one process, which wait for each other whenever one asks the system for memory.
 */
export const processDecoders: DecoderKind = {
  // The next picture lies there while the answer to the one before it is on its way.
  depth: 2,
  start(file, { reply, ended }) {
    const child = fork(fileURLToPath(file), [], {
      // Not the program's own flags (a debugger's port, a loader): a small heap, and the hand on it that worker.ts takes.
      execArgv: ['--max-semi-space-size=1', '--expose-gc'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (message) => reply(message as DecodeReply));
    child.on('error', (error) => ended(error.message));
    // Not at its exit: what it had answered before may still be on its way, and the wrong picture would be blamed.
    child.on('close', (code, signal) => ended(signal ? `it was ended by ${signal}` : `it left with code ${code}`));
    return {
      // That it is gone is heard by its end.
      ask: (request) => void child.send(request, () => undefined),
      end() {
        child.removeAllListeners();
        child.on('error', () => undefined);
        child.kill('SIGKILL');
      },
    };
  },
};
