import { startThread } from '../../isolation/threads';
import type { DecoderKind } from './decoder';
import type { DecodeRequest } from './protocol';

/** Decoders in threads, with sharp's WebAssembly build: it has a third of the native one's speed, and what goes wrong in it stays in it. */
export const wasmThreads: DecoderKind = {
  depth: 1,
  start(file, events) {
    // Without native addons, sharp falls back to its WebAssembly build. A worker refuses V8's own flags, which hold for the whole process anyway.
    const inherited = process.execArgv.filter((flag) => flag !== '--single-threaded-gc');
    return startThread(file, events, { execArgv: [...inherited, '--no-addons'] }, transferred);
  },
};

const transferred = (request: DecodeRequest) => (request.kind === 'decode' ? [request.bytes.buffer] : []);
