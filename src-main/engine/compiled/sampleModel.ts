import type { Shape } from '#shared/recipe/layerKind';
import { fail } from '#shared/contract/errors';
import * as tf from '@tensorflow/tfjs-core';
import { forward, namedViews, unpack, type Networks } from '../../gan/network';
import type { GeneratorWeights } from '../../gan/state';
import { compile } from './compile';
import { emitModel, type ModelOptions } from './model';

/** The generator with running statistics, weights as inputs `weights` and `running`: what the sampler runs, any batch size. */
export function sampleModel(networks: Networks): Uint8Array {
  const { trained, running } = networks.generator;
  return freeBatchModel((batch) => ({
    inputs: {
      z: [batch, networks.recipe.latent.size],
      weights: [trained.size],
      ...(running.size > 0 ? { running: [running.size] } : {}),
    },
    compute: ({ z, weights, running: statistics }) => {
      const trainedWeights = unpack(tf, trained, weights as tf.Tensor1D);
      const runningWeights = statistics ? unpack(tf, running, statistics as tf.Tensor1D) : [];
      return picturesOf(networks, trainedWeights, runningWeights, z as tf.Tensor);
    },
    options: { name: 'generator' },
  }));
}

/** The generator with its weights inside, each by its name, for other programs. */
export function standaloneModel(
  networks: Networks,
  generator: GeneratorWeights,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const { trained, running } = networks.generator;
  const views = [...namedViews(trained, generator.weights), ...namedViews(running, generator.running)];
  return freeBatchModel((batch) => ({
    inputs: {
      z: [batch, networks.recipe.latent.size],
      ...Object.fromEntries(views.map(({ name, shape }) => [name, shape])),
    },
    compute: (tensors) => {
      const named = ({ name }: { readonly name: string }) => tensors[name] as tf.Tensor;
      return picturesOf(networks, trained.slots.map(named), running.slots.map(named), tensors['z'] as tf.Tensor);
    },
    options: { name: 'generator', metadata, baked: new Map(views.map(({ name, data }) => [name, data])) },
  }));
}

const picturesOf = (
  networks: Networks,
  weights: readonly tf.Tensor[],
  running: readonly tf.Tensor[],
  z: tf.Tensor,
) => ({
  pictures: forward(tf, networks.generator, weights, running, z, 'sample').output,
});

interface FreeBatch {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly compute: Parameters<typeof compile>[1];
  readonly options: ModelOptions;
}

/**
 * A model whose batch is free, from a graph traced at a fixed one. That nothing in it depends on the batch is not assumed but seen: traced at two batch
 * sizes, it must be the same model.
 */
function freeBatchModel(build: (batch: number) => FreeBatch): Uint8Array {
  const emit = (batch: number): Uint8Array => {
    const { inputs, compute, options } = build(batch);
    return emitModel(compile(inputs, compute), { ...options, free: new Set(['z', 'pictures']) });
  };
  const model = emit(2);
  if (!Buffer.from(model).equals(emit(3))) fail('engine.unsupported', { kernel: 'a layer bound to one batch size' });
  return model;
}
