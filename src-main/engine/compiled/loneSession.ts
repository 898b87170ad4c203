import { fail } from '#shared/contract/errors';
import type { EngineInfo } from '#shared/contract/types';
import type { Recipe } from '#shared/recipe/recipe';
import type { Tensor } from 'onnxruntime-node';
import { buildNetworks } from '../../gan/network';
import type { NetworkWeights } from '../../gan/state';
import type { EncoderSession, EngineOptions, GeneratorSession } from '../engine';
import { deviceOf } from '../device';
import { Serial } from '../serial';
import { onnxRuntime, type Ort } from './runtime';
import { inputNameOf, sampleModel, type LoneNetwork } from './sampleModel';
import { ModelSession } from './session';

/** Compiles the generator alone, once for all batch sizes and weights. */
export async function compiledGeneratorSession(recipe: Recipe, options: EngineOptions): Promise<GeneratorSession> {
  const { info, setWeights, run, close } = await openSession(recipe, 'generator', options);
  return {
    info,
    setWeights,
    close,
    generate: async (z, count, labels) => outputOf(await run(z, [count, recipe.latent.size], labels), 'pictures'),
  };
}

/** The same for a VAE's encoder. */
export async function compiledEncoderSession(recipe: Recipe, options: EngineOptions): Promise<EncoderSession> {
  const { info, setWeights, run, close } = await openSession(recipe, 'encoder', options);
  const { size, channels } = recipe.image;
  return {
    info,
    setWeights,
    close,
    encode: async (pictures, count) => {
      const result = await run(pictures, [count, size, size, channels]);
      return { means: outputOf(result, 'mean'), logVariances: outputOf(result, 'logVariance') };
    },
  };
}

type Tensors = Readonly<Record<string, Tensor>>;

const outputOf = (tensors: Tensors, name: string): Float32Array => tensors[name]?.data as Float32Array;

/** A network alone in ONNX Runtime: weights go in with each run, runs one after the other. */
async function openSession(recipe: Recipe, network: LoneNetwork, options: EngineOptions) {
  const ort = await onnxRuntime();
  let session: ModelSession | undefined = await ModelSession.load(sampleModel(buildNetworks(recipe), network), options);
  let weights: Tensors | undefined;
  const serial = new Serial();
  const { provider, threads } = options;
  const info: EngineInfo = { engine: 'compiled', provider, device: deviceOf(provider, threads) };
  return {
    info,
    setWeights: (given: NetworkWeights): void => {
      weights = weightTensors(ort, given);
    },
    run: (input: Float32Array, shape: readonly number[], labels?: Float32Array): Promise<Tensors> =>
      serial.run(async () => {
        const open = session ?? fail('engine.unavailable', { engine: 'compiled', provider, problem: 'it was closed' });
        if (!weights) throw new Error('setWeights comes before the first run');
        const classes = labels && new ort.Tensor('float32', labels, [shape[0] ?? 1, recipe.classes.length]);
        const given = { [inputNameOf(network)]: new ort.Tensor('float32', input, shape) };
        return open.run({ ...weights, ...given, ...(classes && { labels: classes }) });
      }),
    close: (): Promise<void> =>
      serial.run(async () => {
        const open = session;
        session = undefined;
        await open?.release();
      }),
  };
}

function weightTensors(ort: Ort, { weights, running }: NetworkWeights): Tensors {
  const tensor = (vector: Float32Array) => new ort.Tensor('float32', vector, [vector.length]);
  return { weights: tensor(weights), ...(running.length > 0 && { running: tensor(running) }) };
}
