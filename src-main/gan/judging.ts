import type { Tf } from '#shared/recipe/layerKind';
import type { Tensor } from '@tensorflow/tfjs-core';
import { trainingPass, type Gan, type Networks } from './network';

/**
 * Whether one pass gives what two give: no layer of D mixes the pictures of a batch, and none has a statistic that moves with every pass (spectral
 * normalisation). What layers draw is no hindrance: each picture keeps its own numbers.
 */
export const canJudgeTogether = ({ discriminator }: Networks): boolean =>
  discriminator !== undefined &&
  discriminator.running.size === 0 &&
  discriminator.layers.every(({ kind }) => !kind.mixesBatch);

/** Whether one pass is tried. Who parts a batch does so for the memory's sake, and one pass takes more of it: a quarter more was measured. */
export const mayJudgeTogether = (networks: Networks): boolean =>
  canJudgeTogether(networks) && networks.recipe.training.microBatches === 1;

/** Pictures as D sees them `[N, H, W, C]`, their classes, and what D's layers draw for them. */
interface Shown {
  readonly pictures: Tensor;
  readonly labels: Tensor | undefined;
  readonly noise: readonly Tensor[];
}

/** D's outputs, `[N, 1]` each, and its running statistics after both. */
interface Looked {
  readonly onReal: Tensor;
  readonly onFake: Tensor;
  readonly moved: readonly Tensor[];
}

/** D's look at reals and at fakes, of which there are as many. */
export function look(
  tf: Tf,
  gan: Gan,
  { weights, running }: { readonly weights: readonly Tensor[]; readonly running: readonly Tensor[] },
  real: Shown,
  fake: Shown,
): Looked {
  const pass = trainingPass(tf, gan.discriminator);
  if (gan.judging === 'together') {
    const { output, running: moved } = pass(
      weights,
      running,
      tf.concat([real.pictures, fake.pictures]),
      real.labels && fake.labels && tf.concat([real.labels, fake.labels]),
      real.noise.map((own, index) => tf.concat([own, fake.noise[index] as Tensor])),
    );
    const [onReal, onFake] = tf.split(output, 2) as [Tensor, Tensor];
    return { onReal, onFake, moved };
  }
  const onReal = pass(weights, running, real.pictures, real.labels, real.noise);
  const onFake = pass(weights, onReal.running, fake.pictures, fake.labels, fake.noise);
  return { onReal: onReal.output, onFake: onFake.output, moved: onFake.running };
}
