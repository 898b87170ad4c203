import type { Tf } from '#shared/recipe/layerKind';
import type { Tensor } from '@tensorflow/tfjs-core';
import { updateDiscriminator, type Judged } from './discriminatorUpdate';
import { updateGenerator } from './generatorUpdate';
import type { StepOutcome } from './model';
import { pack, unpack, type Gan } from './network';
import type { OptimizerState } from './optimizer';
import type { GanTensors, StepTensors } from './stepTensors';

/**
 * D's updates and one of G's (Goodfellow et al. 2014, algorithm 1). Both engines run this function: eagerly on every step, or once to trace it.
 * G's forward pass appears twice, with equal results; the compiler merges them where the batch is not divided.
 *
 * A batch in micro-batches is the same batch to an update: their gradients are averaged before it. Each part's activations are done with before the next
 * one begins, so it needs the memory of one. Layers that mix the pictures of a batch (batch normalisation, minibatch standard deviation) mix those of a
 * micro-batch then.
 *
 * Running statistics move as in the usual PyTorch loop: with each micro-batch, G's once for each update of D, D's twice then (reals and fakes) and once
 * for the fakes that G learns from.
 */
export function trainStep(tf: Tf, gan: Gan, state: GanTensors, inputs: StepTensors): StepOutcome {
  const gWeights = unpack(tf, gan.generator.trained, state.generator.weights);
  let gRunning: readonly Tensor[] = unpack(tf, gan.generator.running, state.generator.running);
  let dRunning: readonly Tensor[] = unpack(tf, gan.discriminator.running, state.discriminator.running);
  let optimizer: OptimizerState = state.discriminator;
  let judged: Judged | undefined;
  const { deviation } = inputs;
  for (const update of inputs.updates) {
    judged = updateDiscriminator(tf, gan, { optimizer, dRunning, gWeights, gRunning, deviation }, update);
    gRunning = judged.gRunning;
    dRunning = judged.dRunning;
    optimizer = judged.after;
  }
  if (!judged) throw new Error('a step has at least one update of D');

  const generated = updateGenerator(tf, gan, state.generator, judged, inputs);
  const { loss: lossD, dReal, dFake, signs } = judged;
  return {
    state: {
      generator: { ...generated.after, running: pack(tf, gRunning) },
      discriminator: { ...judged.after, running: generated.discriminatorRunning },
    },
    // Losses without penalties. Those of D and its verdicts are of its last update, before it.
    figures: { lossD, lossG: generated.loss, dReal, dFake, ...(signs && { signs }) },
  };
}
