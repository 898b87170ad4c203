import type { Tf } from '#shared/recipe/layerKind';
import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core';
import { differentiate } from './differentiate';
import type { Judged } from './discriminatorUpdate';
import { lossOf } from './loss';
import { added, divided } from './microBatches';
import { pack, trainingPass, unpack, type Gan } from './network';
import { optimize } from './optimize';
import type { OptimizerState } from './optimizer';
import { asSeen } from './sight';
import type { NetworkTensors, StepTensors } from './stepTensors';

interface Generated {
  readonly after: OptimizerState;
  readonly discriminatorRunning: Tensor1D;
  readonly loss: Scalar;
}

/** G's update: of its gradients through the updated D on each micro-batch the mean, clipped, and a step of its optimiser against it. */
export function updateGenerator(
  tf: Tf,
  gan: Gan,
  state: NetworkTensors,
  judged: Judged,
  { generatorSchedule, generated, deviation }: StepTensors,
): Generated {
  const settings = gan.recipe.loss;
  const loss = lossOf(settings);
  const judge = trainingPass(tf, gan.discriminator);
  const generate = trainingPass(tf, gan.generator);
  const dWeights = unpack(tf, gan.discriminator.trained, judged.after.weights);
  const weights = unpack(tf, gan.generator.trained, state.weights);
  const running = unpack(tf, gan.generator.running, state.running);
  let dRunning = judged.dRunning;
  let sum: { readonly gradient: Tensor1D; readonly loss: Scalar } | undefined;
  for (const [index, { z, labels, changes }] of generated.entries()) {
    const seen = judged.seen[index];
    if (!seen) throw new Error('G learns from the micro-batches that D has seen');
    const { noise } = seen;
    const { others, ...results } = tf.tidy(() =>
      differentiate(tf, weights, (inner) => {
        const { output } = generate(inner, running, z, labels, noise.generate.layers);
        const pictures = asSeen(tf, gan, output, changes, noise.judgeUpdated.pictures, deviation);
        const verdict = judge(dWeights, dRunning, pictures, labels, noise.judgeUpdated.layers);
        // D's running statistics move by fakes alone here: its look at the reals is only for the loss.
        const beside = loss.generatorSeesReals
          ? judge(dWeights, dRunning, seen.real, seen.realLabels, noise.judgeReal.layers).output
          : seen.onReal;
        return { loss: loss.generator(tf, verdict.output, beside, settings), others: [...verdict.running] };
      }),
    );
    sum = added(tf, sum, results);
    dRunning = others;
  }
  if (!sum) throw new Error('G learns from at least one micro-batch');
  const { gradient, loss: mean } = divided(tf, sum, generated.length);
  return {
    after: optimize(tf, gan, 'generator', state, gradient, generatorSchedule),
    discriminatorRunning: pack(tf, dRunning),
    loss: mean,
  };
}
