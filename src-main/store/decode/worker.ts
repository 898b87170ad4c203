import { openPort } from '../../isolation/port';
import { decodeFile, digestFile } from './decodeFile';
import { decodePicture } from './decodePicture';
import type { DecodeReply, DecodeRequest } from './protocol';

/** Entry of the picture decoder (`out/main/decode.js`), a process or a thread: hostile bytes meet the picture library here and nowhere else. */
const port = openPort<DecodeRequest, DecodeReply>();

/** Answers between two collections of garbage: the bytes of pictures lie outside the heap, and by itself V8 lets 64 MB of them wait. */
const COLLECTED_EVERY = 500;

let answers = 0;
let answered = Promise.resolve();
// One after the other: the time that a picture takes is its own.
port.listen((request) => {
  answered = answered.then(async () => {
    port.reply(await answer(request).catch(failed));
    if (++answers % COLLECTED_EVERY === 0) globalThis.gc?.();
  });
});
port.reply({ kind: 'ready' });

async function answer(request: DecodeRequest): Promise<DecodeReply> {
  switch (request.kind) {
    case 'digest':
      return { kind: 'digest', digest: await digestFile(request.file) };
    case 'decodeFile':
      return {
        kind: 'decoded',
        file: await decodeFile(request.file, request.options, undefined, tellWorking()),
      };
    case 'decode': {
      const outcome = await decodePicture(request.bytes, request.options, undefined, tellWorking());
      return { kind: 'decoded', file: { outcome } };
    }
    case 'encodeWebp':
      return { kind: 'encoded', bytes: await (await import('./libraryPicture')).encodeWebpPicture(request.picture) };
  }
}

/** Between two tellings, of which a fast decoder would send hundreds. */
const TOLD_EVERY_MS = 1000;

function tellWorking(): () => void {
  let told = performance.now();
  return () => {
    if (performance.now() - told < TOLD_EVERY_MS) return;
    told = performance.now();
    port.reply({ kind: 'working' });
  };
}

function failed(error: unknown): DecodeReply {
  return { kind: 'failed', problem: String(error) };
}
