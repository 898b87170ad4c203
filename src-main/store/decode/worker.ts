import { parentPort } from 'node:worker_threads';
import { decodePicture, decoderKind, encodeWebpPicture } from './decodePicture';
import type { DecodeReply, DecodeRequest } from './protocol';

/** Entry of the decoding worker (`out/main/decode.js`): hostile bytes meet the picture library here and nowhere else. */
const port = parentPort;
if (!port) throw new Error('decode.js is started as a worker thread');

async function answer(request: DecodeRequest): Promise<DecodeReply> {
  switch (request.kind) {
    case 'decode':
      return { kind: 'decoded', outcome: await decodePicture(request.bytes, request.options) };
    case 'encodeWebp':
      return { kind: 'encoded', bytes: await encodeWebpPicture(request.picture) };
  }
}

port.on('message', (request: DecodeRequest) => {
  answer(request)
    .catch((error: unknown): DecodeReply => ({ kind: 'failed', problem: String(error) }))
    .then((reply) => port.postMessage(reply));
});
port.postMessage({ kind: 'ready', decoder: decoderKind() } satisfies DecodeReply);
