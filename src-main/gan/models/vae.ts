import { fillRandom, streams } from '#shared/math/random';
import type { Shape } from '#shared/recipe/layerKind';
import { networkNames, type VaeSettings } from '#shared/recipe/model';
import { optimizerSettingsOf, type Recipe } from '#shared/recipe/recipe';
import { microBatchSize } from '#shared/recipe/training';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Model } from '../model';
import { asVae } from '../network';
import { NoisePlan } from '../noise';
import { optimizerOf, scheduleAt, scheduleNames } from '../optimizer';
import type { StepCount, StepInputs } from '../stepInputs';
import { vaeStep } from '../vaeStep';

/** Numbers of `schedule`: those of the generator's optimiser and of the encoder's, and β. */
const SCHEDULE = 2 * scheduleNames.length + 1;

/** Encoder and decoder, learned together (Kingma and Welling 2014). The decoder is the generator: what makes pictures of latents. */
export const vae: Model = {
  id: 'vae',
  figures: () => ['reconstruction', 'kl', 'elbo', 'squaredError', 'activeUnits'],
  batches: () => 1,
  draw: (networks, batch, seed, seen) => {
    const { latent } = networks.recipe;
    const plan = new NoisePlan(networks, batch);
    return {
      z: fillRandom(new Float32Array(batch * latent.size), 'normal', seed, streams.latents, seen * latent.size),
      ...(plan.size > 0 && { noise: plan.fill(new Float32Array(plan.size), seed, seen) }),
    };
  },
  inputShapes: (networks, batch) => {
    const { image, latent, classes, training } = networks.recipe;
    microBatchSize(training, batch);
    const noise = new NoisePlan(networks, batch).size;
    const shapes: Record<string, Shape> = {
      z: [batch, latent.size],
      real: [batch, image.size, image.size, image.channels],
      schedule: [SCHEDULE],
    };
    if (classes.length > 0) shapes['labels'] = [batch, classes.length];
    if (noise > 0) shapes['noise'] = [noise];
    return shapes;
  },
  inputNumbers: ({ recipe }, { z, real, labels, noise, learningRates }, count) => {
    return { z, real, labels, noise, schedule: scheduled(recipe, learningRates, count) };
  },
  step: (tf, networks, state, { z, real, labels, noise, schedule }) => {
    const numbers = tf.split(schedule as Tensor, SCHEDULE).map((part) => tf.reshape(part, []) as Scalar);
    const { microBatches: parts } = networks.recipe.training;
    const divided = (tensor: Tensor) => (parts === 1 ? [tensor] : tf.split(tensor, parts));
    const [pictures, epsilons] = [divided(real as Tensor), divided(z as Tensor)];
    const classes = labels ? divided(labels) : [];
    const plan = new NoisePlan(networks, real?.shape[0] ?? 1);
    return vaeStep(tf, asVae(networks), state, {
      microBatches: plan.unpack(tf, noise as Tensor1D | undefined, parts).map((drawn, part) => ({
        real: pictures[part] as Tensor,
        epsilon: epsilons[part] as Tensor,
        labels: classes[part],
        noise: drawn,
      })),
      schedules: { generator: scheduleAt(numbers, 0), encoder: scheduleAt(numbers, scheduleNames.length) },
      beta: numbers.at(-1) as Scalar,
    });
  },
};

function scheduled(recipe: Recipe, rates: StepInputs['learningRates'], { step, optimizers }: StepCount): Float32Array {
  const numbers = networkNames(recipe).flatMap((name) => {
    const settings = optimizerSettingsOf(recipe, name);
    const own = step - (optimizers[name]?.since ?? 0) + 1;
    const schedule = optimizerOf(settings).schedule(settings, rates[name] ?? 0, own);
    return scheduleNames.map((number) => schedule[number]);
  });
  return Float32Array.from([...numbers, betaAt(recipe.model as VaeSettings, step)]);
}

/** β of the step after `step` done ones: it rises in a straight line over the warm-up (Bowman et al. 2016). */
function betaAt({ beta, warmUp }: VaeSettings, step: number): number {
  return warmUp > step ? (beta * step) / warmUp : beta;
}
