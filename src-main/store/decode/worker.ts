import { openPort } from '../../isolation/port';
import { decodeFile, digestFile } from './decodeFile';
import { decodePicture, loadLibrary } from './decodePicture';
import type { TellProgress } from './picture';
import type { DecodeReply, DecodeRequest } from './protocol';

/** Entry of the picture decoder (`out/main/decode.js`), a process or a thread: hostile bytes meet the picture library here and nowhere else. */
const port = openPort<DecodeRequest, DecodeReply>();

/** Answers between two collections of garbage: the bytes of pictures lie outside the heap, and by itself V8 lets 64 MB of them wait. */
const COLLECTED_EVERY = 500;

let answers = 0;
let loading = false;
let answered = Promise.resolve();
// One after the other: the time that a picture takes is its own.
port.listen((request) => {
  answered = answered.then(async () => {
    port.reply(await answer(request).catch(failed));
    // Amid one picture after the other, without an end of its turn, what a pipe did not take at once would stay here.
    await new Promise(setImmediate);
    if (++answers % COLLECTED_EVERY === 0) globalThis.gc?.();
  });
});
port.reply({ kind: 'ready' });

async function answer(request: DecodeRequest): Promise<DecodeReply> {
  switch (request.kind) {
    case 'digest':
      return { kind: 'digest', digest: await digestFile(request.file, tellProgress()) };
    case 'decodeFile':
      return {
        kind: 'decodedFile',
        file: await decodeFile(request.file, request.options, undefined, tellProgress()),
      };
    case 'decode':
      return {
        kind: 'decoded',
        outcome: await decodePicture(request.bytes, request.options, undefined, tellProgress()),
      };
    case 'encodeWebp':
      return {
        kind: 'encoded',
        bytes: await (await loadLibrary(tellProgress())).encodeWebpPicture(request.picture),
      };
  }
}

/** Between two tellings, of which a fast decoder would send hundreds. */
const TOLD_EVERY_MS = 1000;

function tellProgress(): TellProgress {
  let told = performance.now();
  return (what) => {
    // Whoever waits must know at once that the clock stands still, and that it goes on.
    const changes = what === 'loading' || loading;
    if (!changes && performance.now() - told < TOLD_EVERY_MS) return;
    told = performance.now();
    loading = what === 'loading';
    port.reply({ kind: what });
  };
}

function failed(error: unknown): DecodeReply {
  return { kind: 'failed', problem: String(error) };
}
