import { parentPort } from 'node:worker_threads';
import { toErrorData } from '#shared/contract/errors';
import { trainingMemory } from '../engine/compiled/memory/estimate';
import { encoderOnnx, generatorOnnx } from '../engine/networkOnnx';
import { augmentPictures } from './augment';
import { Painter } from './painter';
import type { SamplerReply, SamplerRequest } from './protocol';
import { Reader } from './reader';

/** The sampling worker: draws pictures while the trainer trains, one request after the other. */
const port = parentPort;
if (!port) throw new Error('This file is a worker thread’s; it does nothing by itself.');

const painter = new Painter();
const reader = new Reader();
let work: Promise<void> = Promise.resolve();
let loaded: Extract<SamplerRequest, { kind: 'load' }> | undefined;

const tell = (reply: SamplerReply): void => port.postMessage(reply);

port.on('message', (request: SamplerRequest) => {
  work = work.then(() => handle(request));
});

async function handle(request: SamplerRequest): Promise<void> {
  if (request.kind === 'load') {
    loaded = request;
    return;
  }
  if (request.kind === 'close') {
    await painter.close();
    await reader.close();
    port?.close();
    return;
  }
  const { id } = request;
  try {
    if (request.kind === 'memory') {
      tell({ kind: 'memory', id, memory: trainingMemory(request.recipe, request.batchSize) });
      return;
    }
    if (request.kind === 'augment') {
      tell({ kind: 'augmented', id, pictures: await augmentPictures(request.order) });
      return;
    }
    if (!loaded) throw new Error('no generator was loaded');
    const { recipe, generator } = loaded;
    switch (request.kind) {
      case 'onnx': {
        const bytes = request.network === 'encoder' ? encoderOnnx(recipe, generator) : generatorOnnx(recipe, generator);
        return tell({ kind: 'onnx', id, bytes });
      }
      case 'encode': {
        const codes = await reader.read(recipe, generator, request.pictures, request.count);
        return tell({ kind: 'encoded', id, codes });
      }
      case 'render':
        tell({ kind: 'rendered', id, rendering: await painter.paint(recipe, generator, request) });
    }
  } catch (error) {
    tell({ kind: 'failed', id, error: toErrorData(error) });
  }
}
