import { createHash } from 'node:crypto';
import type { Recipe } from '#shared/recipe/recipe';
import { mayJudgeTogether } from '../../gan/judging';
import { initialState, type Judging, type Networks } from '../../gan/network';
import { takenUp } from '../../gan/optimizerStart';
import type { EngineOptions, FormMemory } from '../engine';
import { trialBatch } from '../trial';
import type { KnownForms } from './forms';
import { inputTensors } from './inputTensors';
import { onnxRuntime } from './runtime';
import type { StepMemory, Tensors, Vectors } from './stepMemory';
import { stateVectors, stepModel, tunedStepModel, type StepModel, type StepTarget } from './stepModel';
import type { OnTuning } from './tune';

/** Both are timed by turns, so that whatever else the machine does hits both; one at a time, for the memory is that of one. */
const TURNS = 2;
/** Steps of a turn that count at least, and the time after which enough were. */
const RUNS = 2;
const ENOUGH_MS = 150;
/** D looks at reals and fakes together only where a step then needs at most this part of its time: a step's times differ less than those of single operators. */
const CLEARLY_FASTER = 0.95;
/** How far the figures of a first step may lie apart, where they are above 1 as a fraction: a provider may get one of them plainly wrong. */
const TOLERANCE = 1e-3;

/** Puts a model and a state where it is trained. */
type Open = (model: StepModel, vectors: Vectors, options: EngineOptions) => Promise<StepMemory>;

interface Trying {
  readonly open: Open;
  readonly onTuning: OnTuning;
}

/**
 * The step as this machine is fastest with it: its operators in their fastest forms, and D's look at reals and fakes in one pass where that gives the same
 * and is faster. What is not known yet is timed; what the step is written in is remembered.
 */
export async function fastestStepModel(
  networks: Networks,
  batchSize: number,
  target: StepTarget,
  options: EngineOptions,
  memory: FormMemory,
  { open, onTuning }: Trying,
): Promise<StepModel> {
  const known = await memory.read(options.provider);
  const key = mayJudgeTogether(networks) ? judgingKey(networks.recipe, batchSize) : undefined;
  // In the forms that are known by now, or usual: to find those of both would take twice as long, and tells the same.
  const modelOf = (judging: Judging) => stepModel({ ...networks, judging }, batchSize, target, known);
  const find = async (): Promise<Judging> => {
    const timed = await trialOf(networks, batchSize, options, open);
    return fasterJudging({ together: modelOf('together'), apart: modelOf('apart') }, timed, onTuning);
  };
  const judging = key === undefined ? 'apart' : (judgingIn(known, key) ?? (await find()));
  const { model, forms } = await tunedStepModel({ ...networks, judging }, batchSize, target, options, known, onTuning);
  await memory.write(options.provider, key === undefined ? forms : new Map([...forms, [key, judging]]));
  return model;
}

function judgingIn(known: KnownForms, key: string): Judging | undefined {
  const judging = known.get(key);
  return judging === 'apart' || judging === 'together' ? judging : undefined;
}

/** One pass where it is clearly better by the best of all turns, in each; where it is not so after the first there is no second one. */
async function fasterJudging(
  models: Readonly<Record<Judging, StepModel>>,
  timed: (model: StepModel) => Promise<Trial | undefined>,
  onTuning: OnTuning,
): Promise<Judging> {
  const trials: Record<Judging, (Trial | undefined)[]> = { together: [], apart: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    for (const judging of ['together', 'apart'] as const) {
      await onTuning(0, 1);
      trials[judging].push(await timed(models[judging]));
    }
    if (!isBetter(faster(trials.together), faster(trials.apart))) return 'apart';
  }
  return 'together';
}

/** All that decides what a step computes, as the name of the problem: not how long a run is. */
function judgingKey({ preset: _, training, optimizers, ...recipe }: Recipe, batchSize: number): string {
  const { discriminatorSteps, microBatches } = training;
  const kinds = Object.values(optimizers).map((settings) => settings?.kind);
  const step = JSON.stringify([recipe, discriminatorSteps, microBatches, kinds]);
  return `Discriminator(apart|together) ${batchSize} ${createHash('sha256').update(step).digest('hex')}`;
}

interface Trial {
  /** Of a step in the mean, some with a lazy penalty and some without. */
  readonly ms: number;
  readonly figures: readonly number[];
}

/** How a model is tried, all from one state and batch: undefined comes of one that the provider cannot run. */
async function trialOf(networks: Networks, batchSize: number, options: EngineOptions, open: Open) {
  const { recipe } = networks;
  const ort = await onnxRuntime();
  const state = takenUp(recipe, initialState(recipe, 1));
  const vectors = stateVectors(networks, state);
  const batch = trialBatch(recipe, batchSize, 1);
  // Lazy penalties have their turn in the first step, and not in the next.
  const [first, next] = [0, 1].map((step) => inputTensors(ort, networks, batchSize, batch, { ...state, step })) as [Tensors, Tensors]; // prettier-ignore
  const share = penalisedShare(recipe);
  return async (model: StepModel): Promise<Trial | undefined> => {
    let memory: StepMemory | undefined;
    try {
      memory = await open(model, vectors, options);
      const figures = [...(await memory.step(first, 0))];
      const penalised = await least(memory, first);
      const ms = share < 1 ? share * penalised + (1 - share) * (await least(memory, next)) : penalised;
      return { ms, figures };
    } catch {
      return undefined;
    } finally {
      await memory?.close();
    }
  };
}

/** In how many of the steps the penalty has its turn. */
const penalisedShare = ({ regularizer, training }: Recipe): number =>
  regularizer.kind === 'none' ? 1 : Math.min(1, training.discriminatorSteps / regularizer.every);

/** Milliseconds of the fastest step. */
async function least(memory: StepMemory, inputs: Tensors): Promise<number> {
  let ms = Infinity;
  const began = performance.now();
  for (let run = 0; run < RUNS || performance.now() - began < ENOUGH_MS; run++) {
    const start = performance.now();
    await memory.step(inputs, 0);
    ms = Math.min(ms, performance.now() - start);
  }
  return ms;
}

/** Undefined where one failed. */
const faster = (trials: readonly (Trial | undefined)[]): Trial | undefined =>
  trials.reduce((best, trial) => best && trial && (trial.ms < best.ms ? trial : best));

const isBetter = (trial: Trial | undefined, usual: Trial | undefined): boolean =>
  trial !== undefined &&
  usual !== undefined &&
  trial.ms < CLEARLY_FASTER * usual.ms &&
  usual.figures.every((figure, at) => Math.abs((trial.figures[at] ?? NaN) - figure) <= TOLERANCE * Math.max(1, Math.abs(figure))); // prettier-ignore
