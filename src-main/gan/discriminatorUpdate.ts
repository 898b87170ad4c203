import type { Tf } from '#shared/recipe/layerKind';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { isAdaptive } from './augment';
import { inconsistency } from './consistency';
import { differentiate } from './differentiate';
import { exchange } from './exchange';
import { look } from './judging';
import { lossOf } from './loss';
import { added, divided } from './microBatches';
import { trainingPass, unpack, type Gan } from './network';
import type { StepNoise } from './noise';
import { optimize } from './optimize';
import type { OptimizerState } from './optimizer';
import { regularizerOf, type Critic } from './regularizer';
import { asSeen } from './sight';
import type { DiscriminatorInputs, Either, MicroBatch } from './stepTensors';

/** Where an update of D begins: D's vectors, both networks' running statistics, and the weights of the G that it judges. */
interface Start {
  readonly optimizer: OptimizerState;
  readonly dRunning: readonly Tensor[];
  readonly gWeights: readonly Tensor[];
  readonly gRunning: readonly Tensor[];
  readonly deviation: Scalar;
}

/** What of a micro-batch G's update looks at again: the reals as D saw them, their classes, what it said of them before its update, and what was drawn. */
type Seen = {
  readonly real: Tensor;
  readonly realLabels: Tensor | undefined;
  readonly onReal: Tensor;
  readonly noise: StepNoise;
};

/** What an update of D left behind. Loss and verdicts are means over the batch, before the update. */
export interface Judged {
  readonly after: OptimizerState;
  readonly dRunning: readonly Tensor[];
  readonly gRunning: readonly Tensor[];
  readonly loss: Scalar;
  readonly dReal: Scalar;
  readonly dFake: Scalar;
  readonly signs?: Scalar;
  readonly seen: readonly Seen[];
}

/** One update of D: of its gradients on each micro-batch the mean, clipped, and a step of its optimiser against it. */
export function updateDiscriminator(
  tf: Tf,
  gan: Gan,
  { optimizer, gWeights, deviation, ...start }: Start,
  { microBatches, either, schedule }: DiscriminatorInputs,
): Judged {
  const { loss: lossSettings } = gan.recipe;
  const weights = unpack(tf, gan.discriminator.trained, optimizer.weights);
  let { dRunning, gRunning } = start;
  let sum: Pick<Judgement, 'gradient' | 'loss' | 'dReal' | 'dFake' | 'signs'> | undefined;
  const seen: Seen[] = [];
  for (const batch of microBatches) {
    const {
      dRunning: dMoved,
      gRunning: gMoved,
      real,
      onReal,
      ...results
    } = tf.tidy(() => {
      const generate = trainingPass(tf, gan.generator);
      const fake = generate(gWeights, gRunning, batch.z, batch.fakeLabels, batch.noise.generate.layers);
      const d = { weights, running: dRunning };
      return { gRunning: [...fake.running], ...judge(tf, gan, d, fake.output, batch, deviation, either) };
    });
    sum = added(tf, sum, results);
    seen.push({ real, realLabels: batch.realLabels, onReal, noise: batch.noise });
    [dRunning, gRunning] = [dMoved, gMoved];
  }
  if (!sum) throw new Error('an update has at least one micro-batch');
  const { gradient, ...report } = divided(tf, sum, microBatches.length);

  const followed = optimize(tf, gan, 'discriminator', optimizer, gradient, schedule);
  const constrained = lossOf(lossSettings).constrain?.(tf, followed.weights, lossSettings) ?? followed.weights;
  return { after: { ...followed, weights: constrained }, dRunning, gRunning, ...report, seen };
}

type Judgement = {
  readonly gradient: Tensor1D;
  readonly loss: Scalar;
  readonly dReal: Scalar;
  readonly dFake: Scalar;
  readonly signs?: Scalar;
  readonly dRunning: Tensor[];
  readonly real: Tensor;
  readonly onReal: Tensor;
};

/** D's look at one micro-batch of reals and fakes: its loss, and the gradient of that with the penalties. */
function judge(
  tf: Tf,
  gan: Gan,
  { weights, running }: { readonly weights: Tensor[]; readonly running: readonly Tensor[] },
  generated: Tensor,
  { noise, mix, exchanged, realShift, fakeShift, realLabels, fakeLabels, ...batch }: MicroBatch,
  deviation: Scalar,
  either: Either,
): Judgement {
  const { loss: lossSettings, regularizer } = gan.recipe;
  const loss = lossOf(lossSettings);
  const pass = trainingPass(tf, gan.discriminator);
  const real = asSeen(tf, gan, batch.real, batch.realChanges, noise.judgeReal.pictures, deviation);
  const fake = asSeen(tf, gan, generated, batch.fakeChanges, noise.judgeFake.pictures, deviation);

  const differentiated = (penalised: boolean): Tensor[] => {
    const { gradient, others } = differentiate(tf, weights, (inner) => {
      const { onReal, onFake, moved } = look(
        tf,
        gan,
        { weights: inner, running },
        { pictures: real, labels: realLabels, noise: noise.judgeReal.layers },
        { pictures: fake, labels: fakeLabels, noise: noise.judgeFake.layers },
      );
      const labelled = exchange(tf, onReal, onFake, exchanged);
      const adversarial = loss.discriminator(tf, ...labelled, lossSettings);
      const critic: Critic = (pictures, labels) =>
        pass(inner, running, pictures, labels, noise.judgeReal.layers).output;
      const terms: (Scalar | undefined)[] = [
        inconsistency(tf, gan.recipe, critic, [
          { pictures: real, labels: realLabels, output: onReal, shift: realShift },
          { pictures: fake, labels: fakeLabels, output: onFake, shift: fakeShift },
        ]),
      ];
      if (penalised && regularizer.kind !== 'none') {
        const seen = { real, fake, realLabels, fakeLabels, critic, mix };
        const penalty = regularizerOf(regularizer.kind).penalty(tf, seen, regularizer);
        terms.push(tf.mul(penalty, regularizer.every));
      }
      return {
        loss: terms.reduce<Scalar>((sum, term) => (term ? tf.add<Scalar>(sum, term) : sum), adversarial),
        others: [adversarial, onReal, onFake, ...moved],
      };
    });
    return [gradient, ...others];
  };
  const lazy = regularizer.kind !== 'none' && regularizer.every > 1;
  const results = lazy
    ? either(
        () => differentiated(true),
        () => differentiated(false),
      )
    : differentiated(true);
  const [gradient, adversarial, onReal, onFake, ...moved] = results as [Tensor1D, Scalar, Tensor, Tensor, ...Tensor[]];
  const verdicts = loss.verdicts(tf, onReal, onFake);
  return {
    gradient,
    loss: adversarial,
    dReal: tf.mean(verdicts.real),
    dFake: tf.mean(verdicts.fake),
    ...(isAdaptive(gan.recipe) && { signs: meanSign(tf, verdicts.real) }),
    dRunning: moved,
    real,
    onReal,
  };
}

/** Mean sign of verdicts between 0 and 1 about ½: r_t of Karras et al. 2020, equation 1. */
function meanSign(tf: Tf, verdicts: Tensor): Scalar {
  const above = tf.sub(verdicts, 0.5);
  return tf.mean(tf.sub(tf.step(above), tf.step(tf.neg(above))));
}
