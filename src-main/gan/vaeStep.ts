import type { Tf } from '#shared/recipe/layerKind';
import { byNetwork, type ByNetwork, type VaeSettings } from '#shared/recipe/model';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { differentiateEach } from './differentiate';
import { positive } from './masks';
import { added, divided } from './microBatches';
import type { StepOutcome } from './model';
import { forward, pack, unpack, type Vae } from './network';
import type { StepNoise } from './noise';
import { optimize } from './optimize';
import type { Schedule } from './optimizer';
import { reconstructionOf } from './reconstruction';
import type { NetworkTensors } from './stepTensors';

/** What a step reads of one micro-batch of N pictures. */
interface VaeBatch {
  /** Real pictures `[N, H, W, C]` in −1 … 1. */
  readonly real: Tensor;
  /** Standard normal numbers `[N, latent]` that make a code of a mean and a deviation. */
  readonly epsilon: Tensor;
  /** Classes of the pictures `[N, classes]`, in a recipe with classes: the generator is told, so that the code has the rest (Sohn, Lee and Yan 2015). */
  readonly labels: Tensor | undefined;
  readonly noise: StepNoise;
}

export interface VaeStepInputs {
  /** The parts that the batch is divided into; one where the recipe does not divide it. */
  readonly microBatches: readonly VaeBatch[];
  readonly schedules: ByNetwork<Schedule<Scalar>>;
  /** β of this step. */
  readonly beta: Scalar;
}

/** Variance of a latent mean over a batch from which on it counts as telling pictures apart (Burda, Grosse and Salakhutdinov 2016, section 5.2). */
const ACTIVE_VARIANCE = 0.01;

/** The running statistics of both networks. */
type Running = { readonly encoder: readonly Tensor[]; readonly generator: readonly Tensor[] };

/**
 * One update of encoder and decoder by the variational bound (Kingma and Welling 2014): pictures are encoded, codes are drawn by the
 * reparametrisation z = μ + σ·ε (section 2.4), and both networks follow the gradient of reconstruction + β·KL.
 */
export function vaeStep(tf: Tf, vae: Vae, state: ByNetwork<NetworkTensors>, inputs: VaeStepInputs): StepOutcome {
  const { encoder, generator } = vae;
  const own = { encoder: state.encoder as NetworkTensors, generator: state.generator };
  const weights = {
    encoder: unpack(tf, encoder.trained, own.encoder.weights),
    generator: unpack(tf, generator.trained, own.generator.weights),
  };
  let running: Running = {
    encoder: unpack(tf, encoder.running, own.encoder.running),
    generator: unpack(tf, generator.running, own.generator.running),
  };
  let sum: Omit<Learned, 'running'> | undefined;
  for (const batch of inputs.microBatches) {
    const { running: moved, ...results } = tf.tidy(() => learn(tf, vae, weights, running, batch, inputs.beta));
    sum = added(tf, sum, results);
    running = moved;
  }
  if (!sum) throw new Error('a step has at least one micro-batch');
  const { encoderGradient, generatorGradient, ...figures } = divided(tf, sum, inputs.microBatches.length);
  const gradients = { encoder: encoderGradient, generator: generatorGradient };
  const after = byNetwork(['generator', 'encoder'], (name) => {
    const network = name as keyof typeof own;
    const schedule = inputs.schedules[network] as Schedule<Scalar>;
    const followed = optimize(tf, vae, network, own[network], gradients[network], schedule);
    return { ...followed, running: pack(tf, running[network]) };
  });
  return { state: after, figures };
}

/** What a micro-batch gives: both networks' gradients, figures as means over it, and the running statistics after it. */
type Learned = {
  readonly encoderGradient: Tensor1D;
  readonly generatorGradient: Tensor1D;
  readonly reconstruction: Scalar;
  readonly kl: Scalar;
  readonly elbo: Scalar;
  readonly squaredError: Scalar;
  readonly activeUnits: Scalar;
  readonly running: { readonly encoder: Tensor[]; readonly generator: Tensor[] };
};

function learn(
  tf: Tf,
  { encoder, generator, recipe }: Vae,
  weights: { readonly encoder: Tensor[]; readonly generator: Tensor[] },
  running: Running,
  { real, epsilon, labels, noise }: VaeBatch,
  beta: Scalar,
): Learned {
  const settings = recipe.model as VaeSettings;
  const { length } = weights.encoder;
  const { gradients, others } = differentiateEach(tf, [...weights.encoder, ...weights.generator], (inner) => {
    const [byEncoder, byGenerator] = [inner.slice(0, length), inner.slice(length)];
    const encoded = forward(tf, encoder, byEncoder, running.encoder, real, 'train', undefined, noise.encode.layers);
    const [mean, logVariance] = tf.split(encoded.output, 2, 1) as [Tensor, Tensor];
    const z = tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), epsilon));
    const decoded = forward(tf, generator, byGenerator, running.generator, z, 'train', labels, noise.generate.layers);
    const compared = { pictures: real, reconstructed: decoded.output, logits: decoded.beforeLast };
    const reconstruction = reconstructionOf(settings.reconstruction).loss(tf, compared);
    const divergences = divergenceOfEach(tf, mean, logVariance);
    const costly = settings.freeBits > 0 ? tf.maximum(divergences, settings.freeBits) : divergences;
    return {
      loss: tf.add<Scalar>(reconstruction, tf.mul(tf.sum(costly), beta)),
      others: [reconstruction, tf.sum(divergences), mean, decoded.output, ...encoded.running, ...decoded.running],
    };
  });
  const [reconstruction, kl, mean, reconstructed, ...moved] = others as [Scalar, Scalar, Tensor, Tensor, ...Tensor[]];
  return {
    encoderGradient: pack(tf, gradients.slice(0, length)),
    generatorGradient: pack(tf, gradients.slice(length)),
    reconstruction,
    kl,
    elbo: tf.neg(tf.add(reconstruction, kl)),
    squaredError: tf.mean(tf.square(tf.sub(real, reconstructed))),
    activeUnits: countActive(tf, mean),
    running: { encoder: moved.slice(0, running.encoder.length), generator: moved.slice(running.encoder.length) },
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
