import { parentPort } from 'node:worker_threads';
import { toErrorData } from '#shared/contract/errors';
import { trainingMemory } from '../engine/compiled/memory/estimate';
import { generatorOnnx } from '../engine/generatorOnnx';
import { Painter } from './painter';
import type { SamplerReply, SamplerRequest } from './protocol';

/** The sampling worker: draws pictures while the trainer trains, one request after the other. */
const port = parentPort;
if (!port) throw new Error('This file is a worker thread’s; it does nothing by itself.');

const painter = new Painter();
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
    port?.close();
    return;
  }
  const { id } = request;
  try {
    if (request.kind === 'memory') {
      tell({ kind: 'memory', id, memory: trainingMemory(request.recipe, request.batchSize) });
      return;
    }
    if (!loaded) throw new Error('no generator was loaded');
    const { recipe, generator } = loaded;
    if (request.kind === 'onnx') tell({ kind: 'onnx', id, bytes: generatorOnnx(recipe, generator) });
    else tell({ kind: 'rendered', id, rendering: await painter.paint(recipe, generator, request.z, request.count) });
  } catch (error) {
    tell({ kind: 'failed', id, error: toErrorData(error) });
  }
}
