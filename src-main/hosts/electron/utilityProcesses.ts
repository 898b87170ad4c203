import { utilityProcess } from 'electron';
import { fileURLToPath } from 'node:url';
import type { StartAnyWorker } from '../../isolation/worker';

/** Workers in processes of Electron's own kind, as the system lists them: the packaged program cannot run as Node (SAFETY.md), so that Node's `fork` is not to be had. */
export function utilityProcesses(serviceName: string): StartAnyWorker {
  return (file, { reply, ended }) => {
    const child = utilityProcess.fork(fileURLToPath(file), [], { serviceName });
    child.on('message', reply);
    child.on('exit', (code) => ended(`it left with code ${code}`));
    return {
      ask: (request) => child.postMessage(request),
      end() {
        child.removeAllListeners();
        child.kill();
      },
    };
  };
}
