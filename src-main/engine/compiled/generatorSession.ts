import { fail } from '#shared/contract/errors';
import type { EngineInfo } from '#shared/contract/types';
import type { Recipe } from '#shared/recipe/recipe';
import type { Tensor } from 'onnxruntime-node';
import { buildNetworks } from '../../gan/network';
import type { GeneratorWeights } from '../../gan/state';
import type { EngineOptions, GeneratorSession } from '../engine';
import { deviceOf } from '../device';
import { Serial } from '../serial';
import { onnxRuntime, type Ort } from './runtime';
import { sampleModel } from './sampleModel';
import { ModelSession } from './session';

/** Compiles the generator alone, once for all batch sizes and weights. */
export async function compiledGeneratorSession(recipe: Recipe, options: EngineOptions): Promise<GeneratorSession> {
  const ort = await onnxRuntime();
  const session = await ModelSession.load(sampleModel(buildNetworks(recipe)), options);
  return new CompiledGeneratorSession(ort, recipe, session, options);
}

class CompiledGeneratorSession implements GeneratorSession {
  readonly info: EngineInfo;
  readonly #ort: Ort;
  readonly #serial = new Serial();
  readonly #latent: number;
  #session: ModelSession | undefined;
  #weights: Readonly<Record<string, Tensor>> | undefined;

  constructor(ort: Ort, recipe: Recipe, session: ModelSession, options: EngineOptions) {
    this.info = { engine: 'compiled', provider: options.provider, device: deviceOf(options.provider, options.threads) };
    this.#ort = ort;
    this.#latent = recipe.latent.size;
    this.#session = session;
  }

  setWeights({ weights, running }: GeneratorWeights): void {
    this.#weights = {
      weights: this.#tensor(weights, [weights.length]),
      ...(running.length > 0 ? { running: this.#tensor(running, [running.length]) } : {}),
    };
  }

  generate(z: Float32Array, count: number): Promise<Float32Array> {
    return this.#serial.run(async () => {
      const { provider } = this.info;
      const session =
        this.#session ?? fail('engine.unavailable', { engine: 'compiled', provider, problem: 'it was closed' });
      if (!this.#weights) throw new Error('setWeights comes before generate');
      const result = await session.run({ ...this.#weights, z: this.#tensor(z, [count, this.#latent]) });
      return result['pictures']?.data as Float32Array;
    });
  }

  close(): Promise<void> {
    return this.#serial.run(async () => {
      const session = this.#session;
      this.#session = undefined;
      await session?.release();
    });
  }

  #tensor(data: Float32Array, shape: readonly number[]): Tensor {
    return new this.#ort.Tensor('float32', data, shape);
  }
}
