import type { ErrorData } from '#shared/contract/errors';
import type { EngineId, ProviderId, StepTime } from '#shared/contract/types';
import { learningRatesAt, type Recipe } from '#shared/recipe/recipe';
import { emaKept } from '#shared/recipe/training';
import type { FormMemory, TrainSession } from '../engine/engine';
import { engineFor } from '../engine/engines';
import { isAdaptive } from '../gan/augment';
import { initialState } from '../gan/network';
import { BatchSource } from './batches';
import type { PictureSource } from './pictureView';
import type { RunControl } from './runControl';

export interface TimingOrder {
  /** The program's own folder, where what this machine is fastest with is remembered. */
  readonly home: string;
  readonly recipe: Recipe;
  readonly batchSize: number;
  readonly engine: EngineId;
  readonly provider: ProviderId;
  /** As in a run's order. */
  readonly engineNamed: boolean;
  /** Why the CPU cannot train this, so that an examination does not choose it. */
  readonly cpuProblem: ErrorData | undefined;
  readonly threads: number;
}

interface TimingPorts {
  readonly forms?: FormMemory;
  readonly onProgress: (label: string, done: number, total: number) => void;
  /** A monotonic clock, milliseconds. */
  readonly now: () => number;
}

/** Steps are timed for so long, in whole turns of the penalty; after the second time no step is begun, turn or not. */
const ENOUGH_MS = 1500;
const AT_MOST_MS = 20_000;
/** Of the progress: made ready, after the first step (in which a GPU compiles its programs), and all. */
const [READY, WARM, ALL] = [60, 75, 100] as const;

/**
 * Times real training steps of a recipe, as a run would do them but for its pictures, which are noise. Nothing of it is kept. A stop of the control
 * ends it between two steps, with `job.cancelled`.
 */
export async function timeRecipe(order: TimingOrder, ports: TimingPorts, control: RunControl): Promise<StepTime> {
  const { recipe, batchSize, engine, provider, threads } = order;
  const { forms, onProgress } = ports;
  const session = await engineFor(engine).trainSession(
    recipe,
    batchSize,
    initialState(recipe, 1),
    { provider, threads, ...(forms && { forms }) },
    async (phase, fraction) => {
      await control.heed();
      onProgress(phase, Math.round(READY * fraction), ALL);
    },
  );
  try {
    const batches = new BatchSource(noisePictures(recipe, batchSize), recipe, 1, batchSize);
    const msPerStep = await timeSteps(session, recipe, batches, ports, control);
    onProgress('Done', ALL, ALL);
    const imagesPerSecond = (batches.images * 1000) / msPerStep;
    return { provider, device: session.info.device, batchSize, msPerStep, imagesPerSecond };
  } finally {
    await session.close();
  }
}

/** Mean milliseconds from step to step, with the drawing of random numbers. */
async function timeSteps(
  session: TrainSession,
  recipe: Recipe,
  batches: BatchSource,
  { onProgress, now }: TimingPorts,
  control: RunControl,
): Promise<number> {
  let images = 0;
  const oneStep = async (): Promise<void> => {
    await control.heed();
    await session.step({
      ...batches.after(images, isAdaptive(recipe) ? 1 : undefined),
      learningRates: learningRatesAt(recipe, 0),
      emaKept: emaKept(recipe.training, batches.images, images + batches.images),
    });
    images += batches.images;
  };
  onProgress('Doing a first step', READY, ALL);
  await oneStep();
  const turn = stepsOfATurn(recipe);
  const began = now();
  for (let done = 1; ; done++) {
    await oneStep();
    const spent = now() - began;
    if ((done % turn === 0 && spent >= ENOUGH_MS) || spent >= AT_MOST_MS) return spent / done;
    onProgress('Timing steps', Math.round(WARM + (ALL - 1 - WARM) * Math.min(1, spent / ENOUGH_MS)), ALL);
  }
}

/** Steps after which the penalty has its turn again. */
function stepsOfATurn({ model, regularizer, training }: Recipe): number {
  if (model.kind !== 'gan' || regularizer.kind === 'none') return 1;
  let steps = 1;
  while ((steps * training.discriminatorSteps) % regularizer.every !== 0) steps++;
  return steps;
}

/** Noise in place of pictures, of each class as many. */
function noisePictures({ image: { size, channels }, classes }: Recipe, count: number): PictureSource {
  const one = Float32Array.from({ length: size * size * channels }, (_, at) => Math.sin(at * at));
  return {
    count,
    ...(classes.length > 0 && { labels: Int32Array.from({ length: count }, (_, at) => at % classes.length) }),
    readInto: (target) => {
      for (let start = 0; start < target.length; start += one.length) target.set(one, start);
    },
  };
}
