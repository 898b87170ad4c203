import { fail } from '#shared/contract/errors';
import type { Tensor } from 'onnxruntime-node';
import type { EngineOptions } from '../engine';
import { encodeOnnx } from './onnx';
import { onnxRuntime } from './runtime';
import { ModelSession } from './session';
import { after, EMA_MOVED, REPORT, type StepModel } from './stepModel';
import type { StepMemory, Tensors, Vectors } from './stepMemory';

/**
 * The state in the device's memory: what a step gives out, the next takes in, and only the report comes back to the host. The model keeps the average of G
 * too, for a host that followed it would fetch all weights at each step.
 */
export async function openDeviceMemory(
  model: StepModel,
  vectors: Vectors,
  options: EngineOptions,
): Promise<StepMemory> {
  const { Tensor } = await onnxRuntime();
  const session = await ModelSession.load(model.bytes, options, new Set(model.ports.map(({ name }) => after(name))));
  // ONNX Runtime's own download of a tensor aborts the process; the output of a model that copies its input can be had on the host.
  const download = await ModelSession.load(copyingModel(), options).catch(async (error: unknown) => {
    await session.release();
    throw error;
  });
  const upload = (data: Float32Array, shape: readonly number[]): Tensor => new Tensor('float32', data, shape);
  // The first step uploads them.
  let now: Tensors = Object.fromEntries(
    model.ports.map(({ name, size }) => [name, upload((vectors[name] ?? new Float32Array(size)).slice(), [size])]),
  );
  let lost = false;

  return {
    async step(inputs, emaKept) {
      const moved = { [EMA_MOVED]: upload(Float32Array.of(1 - emaKept), []) };
      const before = now;
      const outputs = await session
        .run({ ...before, ...inputs, ...(model.average && moved) })
        .catch((error: unknown) => {
          lost = true;
          throw error;
        });
      now = Object.fromEntries(Object.keys(before).map((name) => [name, outputs[after(name)] as Tensor]));
      freeAll(before);
      return outputs[REPORT]?.data as Float32Array;
    },
    async read(name) {
      const tensor = now[name];
      if (!tensor) return undefined;
      // What a device still holds after a failure is anybody's guess, up to zeros in all places.
      if (lost) fail('engine.unavailable', { engine: 'compiled', provider: options.provider, problem: 'it failed' });
      if (tensor.location === 'cpu') return (tensor.data as Float32Array).slice();
      const { [COPY]: copy } = await download.run({ [ORIGINAL]: tensor });
      return copy?.data as Float32Array;
    },
    async close() {
      freeAll(now);
      await download.release();
      await session.release();
    },
  };
}

function freeAll(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) if (tensor.location !== 'cpu') tensor.dispose();
}

const ORIGINAL = 'original';
const COPY = 'copy';

/** A model that gives out the vector it takes in. */
function copyingModel(): Uint8Array {
  return encodeOnnx({
    name: 'copy',
    producer: 'Ganvas',
    metadata: {},
    inputs: [{ name: ORIGINAL, shape: ['n'] }],
    outputs: [{ name: COPY, shape: ['n'] }],
    initializers: [],
    nodes: [{ type: 'Identity', inputs: [ORIGINAL], outputs: [COPY], attributes: {} }],
  });
}
