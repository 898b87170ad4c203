import { translationReach } from '#shared/recipe/augmentation';
import type { Tf } from '#shared/recipe/layerKind';
import type { NetworkName } from '#shared/recipe/model';
import { optimizerSettingsOf } from '#shared/recipe/recipe';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { differentiate } from './differentiate';
import { lossOf } from './loss';
import { forward, pack, unpack, type Gan, type Network, type Networks } from './network';
import { NoisePlan } from './noise';
import { optimizerOf, type OptimizerState, type Schedule } from './optimizer';
import { regularizerOf } from './regularizer';
import { translate } from './translate';

// Types, not interfaces: only those pass as TensorFlow.js's containers of tensors.

/** One network's flat vectors as tensors. */
export type NetworkTensors = OptimizerState & { readonly running: Tensor1D };

export type GanTensors = { readonly generator: NetworkTensors; readonly discriminator: NetworkTensors };

/** Runs one of two computations with equally many results of the same shapes: the first when the penalty's turn has come. */
export type Either = (penalised: () => Tensor[], plain: () => Tensor[]) => Tensor[];

/** What one update of D reads. */
export interface DiscriminatorInputs {
  /** `[N, latent]` */
  readonly z: Tensor;
  /** `[N, H, W, C]` in −1 … 1 */
  readonly real: Tensor;
  readonly schedule: Schedule<Scalar>;
  /** Asked only where the recipe has a penalty that is not taken each time. */
  readonly either: Either;
  /** Whole pixels `[N, 2]`, where the recipe translates. */
  readonly realShift: Tensor | undefined;
  readonly fakeShift: Tensor | undefined;
  /** `[N]` in 0 … 1, where the recipe's penalty mixes pictures. */
  readonly mix: Tensor | undefined;
  /** What the layers of each pass draw, as {@link NoisePlan} has it, where any does. */
  readonly noise: Tensor1D | undefined;
}

export interface StepTensors {
  /** D's updates, one after another; G learns from the last one's latents. At least one. */
  readonly updates: readonly DiscriminatorInputs[];
  readonly generatorSchedule: Schedule<Scalar>;
  /** Shifts of the fakes that G learns from, `[N, 2]`. */
  readonly generatorShift: Tensor | undefined;
}

export type StepOutcome = GanTensors & {
  /** Losses without penalties. Those of D and its verdicts are of its last update. */
  readonly lossD: Scalar;
  readonly lossG: Scalar;
  /** Means of the loss's verdicts before D's update: probabilities where D gives logits, else squashed scores. */
  readonly dReal: Scalar;
  readonly dFake: Scalar;
};

/**
 * D's updates and one of G's (Goodfellow et al. 2014, algorithm 1). Both engines run this function: eagerly on every step, or once to trace it.
 * G's forward pass appears twice, with equal results; the compiler merges them.
 *
 * Running statistics move as in the usual PyTorch loop: G's once for each update of D, D's twice then (reals and fakes) and once for the fakes that G
 * learns from.
 */
export function trainStep(tf: Tf, gan: Gan, state: GanTensors, inputs: StepTensors): StepOutcome {
  const gWeights = unpack(tf, gan.generator.trained, state.generator.weights);
  let gRunning: readonly Tensor[] = unpack(tf, gan.generator.running, state.generator.running);
  let dRunning: readonly Tensor[] = unpack(tf, gan.discriminator.running, state.discriminator.running);
  let optimizer: OptimizerState = state.discriminator;
  let judged: Judged | undefined;
  const plan = new NoisePlan(gan, inputs.updates[0]?.z.shape[0] ?? 1);
  for (const update of inputs.updates) {
    const noise = plan.unpack(tf, update.noise);
    const fake = passesOf(tf, gan.generator)(gWeights, gRunning, update.z, noise.generate);
    judged = updateDiscriminator(tf, gan, optimizer, dRunning, fake.output, update, noise);
    gRunning = fake.running;
    dRunning = judged.running;
    optimizer = judged.after;
  }
  const z = inputs.updates.at(-1)?.z;
  if (!judged || !z) throw new Error('a step has at least one update of D');

  const generated = updateGenerator(tf, gan, state.generator, judged, z, inputs);
  return {
    generator: { ...generated.after, running: pack(tf, gRunning) },
    discriminator: { ...judged.after, running: generated.discriminatorRunning },
    lossD: judged.loss,
    lossG: generated.loss,
    ...judged.verdicts,
  };
}

type PassNoise = ReturnType<NoisePlan['unpack']>;

/** What an update of D left behind. */
interface Judged {
  readonly noise: PassNoise;
  readonly after: OptimizerState;
  readonly running: readonly Tensor[];
  readonly loss: Scalar;
  readonly verdicts: Pick<StepOutcome, 'dReal' | 'dFake'>;
  /** The reals as D saw them, and what it said of them before its update. */
  readonly real: Tensor;
  readonly onReal: Tensor;
}

function updateDiscriminator(
  tf: Tf,
  gan: Gan,
  state: OptimizerState,
  running: readonly Tensor[],
  generated: Tensor,
  inputs: DiscriminatorInputs,
  noise: PassNoise,
): Judged {
  const { loss: lossSettings, regularizer } = gan.recipe;
  const loss = lossOf(lossSettings);
  const judge = passesOf(tf, gan.discriminator);
  const weights = unpack(tf, gan.discriminator.trained, state.weights);
  const real = augmented(tf, gan, inputs.real, inputs.realShift);
  const fake = augmented(tf, gan, generated, inputs.fakeShift);

  const differentiated = (penalised: boolean): Tensor[] => {
    const { gradient, others } = differentiate(tf, weights, (inner) => {
      const onReal = judge(inner, running, real, noise.judgeReal);
      const onFake = judge(inner, onReal.running, fake, noise.judgeFake);
      const adversarial = loss.discriminator(tf, onReal.output, onFake.output, lossSettings);
      const all = { others: [adversarial, onReal.output, onFake.output, ...onFake.running] };
      if (!penalised || regularizer.kind === 'none') return { ...all, loss: adversarial };
      const critic = (pictures: Tensor) => judge(inner, running, pictures, noise.judgeReal).output;
      const penalty = regularizerOf(regularizer.kind).penalty(tf, { real, fake, critic, mix: inputs.mix }, regularizer);
      return { ...all, loss: tf.add<Scalar>(adversarial, tf.mul(penalty, regularizer.every)) };
    });
    return [gradient, ...others];
  };
  const lazy = regularizer.kind !== 'none' && regularizer.every > 1;
  const results = lazy
    ? inputs.either(
        () => differentiated(true),
        () => differentiated(false),
      )
    : differentiated(true);
  const [gradient, adversarial, onReal, onFake, ...moved] = results as [Tensor1D, Scalar, Tensor, Tensor, ...Tensor[]];

  const followed = optimize(tf, gan, 'discriminator', state, gradient, inputs.schedule);
  const constrained = loss.constrain?.(tf, followed.weights, lossSettings) ?? followed.weights;
  const verdicts = loss.verdicts(tf, onReal, onFake);
  return {
    after: { ...followed, weights: constrained },
    running: moved,
    noise,
    loss: adversarial,
    verdicts: { dReal: tf.mean(verdicts.real), dFake: tf.mean(verdicts.fake) },
    real,
    onReal,
  };
}

function updateGenerator(
  tf: Tf,
  gan: Gan,
  state: NetworkTensors,
  discriminator: Judged,
  z: Tensor,
  { generatorSchedule, generatorShift }: StepTensors,
) {
  const settings = gan.recipe.loss;
  const loss = lossOf(settings);
  const judge = passesOf(tf, gan.discriminator);
  const dWeights = unpack(tf, gan.discriminator.trained, discriminator.after.weights);
  const weights = unpack(tf, gan.generator.trained, state.weights);
  const running = unpack(tf, gan.generator.running, state.running);
  const gradients = differentiate(tf, weights, (inner) => {
    const pictures = passesOf(tf, gan.generator)(inner, running, z, discriminator.noise.generate).output;
    const verdict = judge(
      dWeights,
      discriminator.running,
      augmented(tf, gan, pictures, generatorShift),
      discriminator.noise.judgeUpdated,
    );
    // D's running statistics move by fakes alone here: its look at the reals is only for the loss.
    const beside = loss.generatorSeesReals
      ? judge(dWeights, discriminator.running, discriminator.real, discriminator.noise.judgeReal).output
      : discriminator.onReal;
    return { loss: loss.generator(tf, verdict.output, beside, settings), others: [...verdict.running] };
  });
  return {
    after: optimize(tf, gan, 'generator', state, gradients.gradient, generatorSchedule),
    discriminatorRunning: pack(tf, gradients.others),
    loss: gradients.loss,
  };
}

function augmented(tf: Tf, { recipe }: Gan, pictures: Tensor, shift: Tensor | undefined): Tensor {
  const reach = translationReach(recipe.augmentation, recipe.image.size);
  if (reach === 0) return pictures;
  if (!shift) throw new Error('the recipe translates pictures: a step needs their shifts');
  return translate(tf, pictures, shift, reach);
}

function passesOf(tf: Tf, network: Network) {
  return (weights: readonly Tensor[], running: readonly Tensor[], x: Tensor, noise: readonly Tensor[]) =>
    forward(tf, network, weights, running, x, 'train', noise);
}

/** A network's vectors after its optimiser followed `gradient`. */
export function optimize(
  tf: Tf,
  { recipe }: Networks,
  network: NetworkName,
  state: OptimizerState,
  gradient: Tensor1D,
  schedule: Schedule<Scalar>,
): OptimizerState {
  const settings = optimizerSettingsOf(recipe, network);
  return optimizerOf(settings.kind).update(tf, state, gradient, schedule, settings);
}
