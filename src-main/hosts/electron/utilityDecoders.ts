import { utilityProcess } from 'electron';
import { fileURLToPath } from 'node:url';
import type { DecoderKind } from '../../store/decode/decoder';
import { wasmThreads } from '../../store/decode/threadDecoder';

/** Picture decoders in processes of Electron's own kind: the packaged program cannot run as Node (SAFETY.md), so that Node's `fork` is not to be had. */
const utilityProcesses: DecoderKind = {
  depth: 2,
  start(file, { reply, ended }) {
    const child = utilityProcess.fork(fileURLToPath(file), [], { serviceName: 'Ganvas picture decoder' });
    child.on('message', reply);
    child.on('exit', (code) => ended(`it left with code ${code}`));
    return {
      ask: (request) => child.postMessage(request),
      end() {
        child.removeAllListeners();
        child.kill();
      },
    };
  },
};

/**
 * sharp's native build crashes under Electron on Linux, in utility processes too (its GLib meets GTK's): there its WebAssembly build runs, for which Node must be
 * told to load no native code, as only a thread can be.
 */
export function desktopDecoders(platform: NodeJS.Platform): DecoderKind {
  return platform === 'linux' ? wasmThreads : utilityProcesses;
}
