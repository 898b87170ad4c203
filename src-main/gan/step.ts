import type { Tf } from '#shared/recipe/layerKind';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { lossOf } from './loss';
import { forward, pack, unpack, type Gan, type Network } from './network';
import { optimizerOf, type OptimizerState, type Schedule } from './optimizer';

// Types, not interfaces: only those pass as TensorFlow.js's containers of tensors.

/** One network's flat vectors as tensors. */
export type NetworkTensors = OptimizerState & { readonly running: Tensor1D };

export type GanTensors = { readonly generator: NetworkTensors; readonly discriminator: NetworkTensors };

export interface StepTensors {
  /** `[N, latent]` */
  readonly z: Tensor;
  /** `[N, H, W, C]` in −1 … 1 */
  readonly real: Tensor;
  readonly generatorSchedule: Schedule<Scalar>;
  readonly discriminatorSchedule: Schedule<Scalar>;
}

export type StepOutcome = GanTensors & {
  readonly lossD: Scalar;
  readonly lossG: Scalar;
  /** Means of the loss's verdicts before D's update: probabilities where D gives logits, else squashed scores. */
  readonly dReal: Scalar;
  readonly dFake: Scalar;
};

/**
 * One D update and one G update (Goodfellow et al. 2014, algorithm 1 with k = 1). Both engines run this function: eagerly on every step, or once to
 * trace it. G's forward pass appears twice, with equal results; the compiler merges them.
 *
 * Running statistics move as in the usual PyTorch loop: G's once, D's three times (reals, fakes, and the fakes that G learns from).
 */
export function trainStep(tf: Tf, gan: Gan, state: GanTensors, inputs: StepTensors): StepOutcome {
  const settings = gan.recipe.loss;
  const loss = lossOf(settings);
  const generate = passesOf(tf, gan.generator);
  const judge = passesOf(tf, gan.discriminator);
  const gWeights = unpack(tf, gan.generator.trained, state.generator.weights);
  const gRunning = unpack(tf, gan.generator.running, state.generator.running);
  const dWeights = unpack(tf, gan.discriminator.trained, state.discriminator.weights);
  const dRunning = unpack(tf, gan.discriminator.running, state.discriminator.running);

  const fake = generate(gWeights, gRunning, inputs.z);

  const dGradients = differentiate(tf, dWeights, (weights) => {
    const onReal = judge(weights, dRunning, inputs.real);
    const onFake = judge(weights, onReal.running, fake.output);
    return {
      loss: loss.discriminator(tf, onReal.output, onFake.output, settings),
      others: [onReal.output, onFake.output, ...onFake.running],
    };
  });
  const [onReal, onFake, ...dRunningAfterD] = dGradients.others as [Tensor, Tensor, ...Tensor[]];
  const verdicts = loss.verdicts(tf, onReal, onFake);
  const followed = optimize(tf, gan, 'discriminator', state, dGradients.gradient, inputs.discriminatorSchedule);
  const dUpdated = { ...followed, weights: loss.constrain?.(tf, followed.weights, settings) ?? followed.weights };

  const updatedWeights = unpack(tf, gan.discriminator.trained, dUpdated.weights);
  const gGradients = differentiate(tf, gWeights, (weights) => {
    const pictures = generate(weights, gRunning, inputs.z);
    const verdict = judge(updatedWeights, dRunningAfterD, pictures.output);
    // D's running statistics move by fakes alone here: its look at the reals is only for the loss.
    const beside = loss.generatorSeesReals ? judge(updatedWeights, dRunningAfterD, inputs.real).output : onReal;
    return { loss: loss.generator(tf, verdict.output, beside, settings), others: [...verdict.running] };
  });
  const gUpdated = optimize(tf, gan, 'generator', state, gGradients.gradient, inputs.generatorSchedule);

  return {
    generator: { ...gUpdated, running: pack(tf, fake.running) },
    discriminator: { ...dUpdated, running: pack(tf, gGradients.others) },
    lossD: dGradients.loss,
    lossG: gGradients.loss,
    dReal: tf.mean(verdicts.real),
    dFake: tf.mean(verdicts.fake),
  };
}

function passesOf(tf: Tf, network: Network) {
  return (weights: readonly Tensor[], running: readonly Tensor[], x: Tensor) =>
    forward(tf, network, weights, running, x, 'train');
}

function optimize(
  tf: Tf,
  gan: Gan,
  network: Network['name'],
  state: GanTensors,
  gradient: Tensor1D,
  schedule: Schedule<Scalar>,
): OptimizerState {
  const settings = gan.recipe.optimizers[network];
  return optimizerOf(settings.kind).update(tf, state[network], gradient, schedule, settings);
}

/** A loss, its gradient with respect to `weights` as one flat vector, and whatever else the pass computed. */
function differentiate(
  tf: Tf,
  weights: Tensor[],
  pass: (weights: readonly Tensor[]) => { readonly loss: Scalar; readonly others: readonly Tensor[] },
): { readonly loss: Scalar; readonly gradient: Tensor1D; readonly others: Tensor[] } {
  let kept: Tensor[] = [];
  const { value, grads } = tf.valueAndGrads((...inner: Tensor[]) => {
    const { loss, others } = pass(inner);
    // The tape's scope frees all that it does not return: keep the rest past its end, then hand it to the scope around.
    kept = others.map((tensor) => tf.keep(tf.clone(tensor)));
    return loss;
  })(weights);
  const others = kept.map((tensor) => {
    const owned = tf.clone(tensor);
    tensor.dispose();
    return owned;
  });
  return { loss: value as Scalar, gradient: pack(tf, grads), others };
}
