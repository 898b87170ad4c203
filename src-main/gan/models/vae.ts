import { fillRandom, streams } from '#shared/math/random';
import type { Shape } from '#shared/recipe/layerKind';
import { networkNames, type VaeSettings } from '#shared/recipe/model';
import { optimizerSettingsOf, type Recipe } from '#shared/recipe/recipe';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Model } from '../model';
import { asVae } from '../network';
import { NoisePlan } from '../noise';
import { optimizerOf } from '../optimizer';
import type { StepInputs } from '../stepInputs';
import { vaeStep } from '../vaeStep';

/** Numbers of `schedule`: rate and epsilon of the generator and of the encoder, and β. */
const SCHEDULE = 5;

/** Encoder and decoder, learned together (Kingma and Welling 2014). The decoder is the generator: what makes pictures of latents. */
export const vae: Model = {
  id: 'vae',
  figures: ['reconstruction', 'kl', 'elbo', 'squaredError', 'activeUnits'],
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
    const { image, latent } = networks.recipe;
    const noise = new NoisePlan(networks, batch).size;
    const shapes: Record<string, Shape> = {
      z: [batch, latent.size],
      real: [batch, image.size, image.size, image.channels],
      schedule: [SCHEDULE],
    };
    if (noise > 0) shapes['noise'] = [noise];
    return shapes;
  },
  inputNumbers: ({ recipe }, { z, real, noise, learningRates }, step) => {
    return { z, real, noise, schedule: scheduled(recipe, learningRates, step) };
  },
  step: (tf, networks, state, { z, real, noise, schedule }) => {
    const numbers = tf.split(schedule as Tensor, SCHEDULE).map((part) => tf.reshape(part, []) as Scalar);
    const [rateG, epsilonG, rateE, epsilonE, beta] = numbers as [Scalar, Scalar, Scalar, Scalar, Scalar];
    return vaeStep(tf, asVae(networks), state, {
      real: real as Tensor,
      epsilon: z as Tensor,
      schedules: { generator: { rate: rateG, epsilon: epsilonG }, encoder: { rate: rateE, epsilon: epsilonE } },
      beta,
      noise: noise as Tensor1D | undefined,
    });
  },
};

function scheduled(recipe: Recipe, rates: StepInputs['learningRates'], step: number): Float32Array {
  const numbers = networkNames(recipe).flatMap((name) => {
    const settings = optimizerSettingsOf(recipe, name);
    const { rate, epsilon } = optimizerOf(settings.kind).schedule(settings, rates[name] ?? 0, step + 1);
    return [rate, epsilon];
  });
  return Float32Array.from([...numbers, betaAt(recipe.model as VaeSettings, step)]);
}

/** β of the step after `step` done ones: it rises in a straight line over the warm-up (Bowman et al. 2016). */
function betaAt({ beta, warmUp }: VaeSettings, step: number): number {
  return warmUp > step ? (beta * step) / warmUp : beta;
}
