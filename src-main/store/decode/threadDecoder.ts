import { Worker } from 'node:worker_threads';
import type { DecoderKind } from './decoder';
import type { DecodeReply } from './protocol';

/** Decoders in threads, with sharp's WebAssembly build: it has a third of the native one's speed, and what goes wrong in it stays in it. */
export const wasmThreads: DecoderKind = {
  depth: 1,
  start(file, { reply, ended }) {
    // Without native addons, sharp falls back to its WebAssembly build. A worker refuses V8's own flags, which hold for the whole process anyway.
    const inherited = process.execArgv.filter((flag) => flag !== '--single-threaded-gc');
    const worker = new Worker(file, { execArgv: [...inherited, '--no-addons'] });
    worker.on('message', (message: DecodeReply) => reply(message));
    worker.on('error', (error) => ended(String(error)));
    worker.on('exit', (code) => ended(`it left with code ${code}`));
    return {
      ask: (request) => worker.postMessage(request, request.kind === 'decode' ? [request.bytes.buffer] : []),
      end() {
        worker.removeAllListeners();
        worker.on('error', () => undefined);
        // Not awaited: it returns only when the decoder lets go.
        void worker.terminate();
      },
    };
  },
};
