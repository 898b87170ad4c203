import type { Tf } from '#shared/recipe/layerKind';
import { byNetwork, type ByNetwork, type VaeSettings } from '#shared/recipe/model';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { differentiateEach } from './differentiate';
import { positive } from './masks';
import type { StepOutcome } from './model';
import { forward, pack, unpack, type Vae } from './network';
import { NoisePlan } from './noise';
import type { Schedule } from './optimizer';
import { reconstructionOf } from './reconstruction';
import { optimize, type NetworkTensors } from './step';

export interface VaeStepInputs {
  /** Real pictures `[N, H, W, C]` in −1 … 1. */
  readonly real: Tensor;
  /** Standard normal numbers `[N, latent]` that make a code of a mean and a deviation. */
  readonly epsilon: Tensor;
  readonly schedules: ByNetwork<Schedule<Scalar>>;
  /** β of this step. */
  readonly beta: Scalar;
  /** What the layers of both passes draw, as {@link NoisePlan} has it, where any does. */
  readonly noise: Tensor1D | undefined;
}

/** Variance of a latent mean over a batch from which on it counts as telling pictures apart (Burda, Grosse and Salakhutdinov 2016, section 5.2). */
const ACTIVE_VARIANCE = 0.01;

/**
 * One update of encoder and decoder by the variational bound (Kingma and Welling 2014): pictures are encoded, codes are drawn by the
 * reparametrisation z = μ + σ·ε (section 2.4), and both networks follow the gradient of reconstruction + β·KL.
 */
export function vaeStep(tf: Tf, vae: Vae, state: ByNetwork<NetworkTensors>, inputs: VaeStepInputs): StepOutcome {
  const { encoder, generator, recipe } = vae;
  const settings = recipe.model as VaeSettings;
  const own = { encoder: state.encoder as NetworkTensors, generator: state.generator };
  const noise = new NoisePlan(vae, inputs.real.shape[0] ?? 1).unpack(tf, inputs.noise);
  const encoderWeights = unpack(tf, encoder.trained, own.encoder.weights);
  const weights = [...encoderWeights, ...unpack(tf, generator.trained, own.generator.weights)];
  const running = {
    encoder: unpack(tf, encoder.running, own.encoder.running),
    generator: unpack(tf, generator.running, own.generator.running),
  };
  const { gradients, others } = differentiateEach(tf, weights, (inner) => {
    const [byEncoder, byGenerator] = [inner.slice(0, encoderWeights.length), inner.slice(encoderWeights.length)];
    const encoded = forward(tf, encoder, byEncoder, running.encoder, inputs.real, 'train', noise.encode);
    const [mean, logVariance] = tf.split(encoded.output, 2, 1) as [Tensor, Tensor];
    const z = tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), inputs.epsilon));
    const decoded = forward(tf, generator, byGenerator, running.generator, z, 'train', noise.generate);
    const compared = { pictures: inputs.real, reconstructed: decoded.output, logits: decoded.beforeLast };
    const reconstruction = reconstructionOf(settings.reconstruction).loss(tf, compared);
    const divergences = divergenceOfEach(tf, mean, logVariance);
    const costly = settings.freeBits > 0 ? tf.maximum(divergences, settings.freeBits) : divergences;
    return {
      loss: tf.add<Scalar>(reconstruction, tf.mul(tf.sum(costly), inputs.beta)),
      others: [reconstruction, tf.sum(divergences), mean, decoded.output, ...encoded.running, ...decoded.running],
    };
  });
  const [reconstruction, kl, mean, reconstructed, ...moved] = others as [Scalar, Scalar, Tensor, Tensor, ...Tensor[]];
  const gradientOf = {
    encoder: pack(tf, gradients.slice(0, encoderWeights.length)),
    generator: pack(tf, gradients.slice(encoderWeights.length)),
  };
  const runningAfter = {
    encoder: pack(tf, moved.slice(0, running.encoder.length)),
    generator: pack(tf, moved.slice(running.encoder.length)),
  };
  const after = byNetwork(['generator', 'encoder'], (name) => {
    const network = name as keyof typeof own;
    const schedule = inputs.schedules[network] as Schedule<Scalar>;
    const followed = optimize(tf, vae, network, own[network], gradientOf[network], schedule);
    return { ...followed, running: runningAfter[network] };
  });
  return {
    state: after,
    figures: {
      reconstruction,
      kl,
      elbo: tf.neg(tf.add(reconstruction, kl)),
      squaredError: tf.mean(tf.square(tf.sub(inputs.real, reconstructed))),
      activeUnits: countActive(tf, mean),
    },
  };
}

/**
 * KL(N(μ, σ²) ‖ N(0, 1)) of each latent number, mean over the batch, `[latent]`: ½ · (μ² + σ² − 1 − log σ²) (Kingma and Welling 2014, appendix B).
 */
export function divergenceOfEach(tf: Tf, mean: Tensor, logVariance: Tensor): Tensor {
  const twice = tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1));
  return tf.mul(tf.mean(twice, 0), 0.5);
}

/** Latent numbers whose means `[N, latent]` differ over the batch. */
function countActive(tf: Tf, mean: Tensor): Scalar {
  const variance = tf.mean(tf.square(tf.sub(mean, tf.mean(mean, 0, true))), 0);
  return tf.sum<Scalar>(positive(tf.sub(variance, ACTIVE_VARIANCE)));
}
