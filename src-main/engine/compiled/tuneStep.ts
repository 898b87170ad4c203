import { createHash } from 'node:crypto';
import type { Recipe } from '#shared/recipe/recipe';
import { canJudgeTogether } from '../../gan/judging';
import { initialState, type Judging, type Networks } from '../../gan/network';
import { takenUp } from '../../gan/optimizerStart';
import type { EngineOptions, FormMemory } from '../engine';
import { trialBatch } from '../trial';
import type { KnownForms } from './forms';
import { inputTensors } from './inputTensors';
import { onnxRuntime } from './runtime';
import type { StepMemory, Tensors, Vectors } from './stepMemory';
import { stateVectors, tunedStepModel, type StepModel, type StepTarget } from './stepModel';
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
  const tuned = (judging: Judging, forms: KnownForms, progress: OnTuning) =>
    tunedStepModel({ ...networks, judging }, batchSize, target, options, forms, progress);
  const remember = (forms: KnownForms, ...choice: (readonly [string, Judging])[]) =>
    memory.write(options.provider, new Map([...forms, ...choice]));

  const key = judgingKey(networks.recipe, batchSize);
  const before = canJudgeTogether(networks) ? known.get(key) : undefined;
  if (before === 'apart' || before === 'together') {
    const { model, forms } = await tuned(before, known, onTuning);
    await remember(forms, [key, before]);
    return model;
  }
  if (!canJudgeTogether(networks)) {
    const { model, forms } = await tuned('apart', known, onTuning);
    await remember(forms);
    return model;
  }
  const apart = await tuned('apart', known, (done, total) => onTuning(done, 2 * total));
  const together = await tuned('together', apart.found, (done, total) => onTuning(total + done, 2 * total));
  const timed = ({ model }: typeof apart) => trial(model, networks, batchSize, options, open);
  const isFaster = await isFasterInEachTurn(timed, together, apart, () => onTuning(1, 1));
  const judging = isFaster ? 'together' : 'apart';
  const chosen = isFaster ? together : apart;
  await remember(chosen.forms, [key, judging]);
  return chosen.model;
}

/** Whether something new is clearly better than the usual; where it is not so in the first turn there is no second one. */
async function isFasterInEachTurn<T>(
  timed: (one: T) => Promise<Trial | undefined>,
  fresh: T,
  usual: T,
  onTurn: () => void | Promise<void>,
): Promise<boolean> {
  const ofFresh: (Trial | undefined)[] = [];
  const ofUsual: (Trial | undefined)[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    await onTurn();
    ofFresh.push(await timed(fresh));
    ofUsual.push(await timed(usual));
    if (!isBetter(faster(ofFresh), faster(ofUsual))) return false;
  }
  return true;
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

/** Undefined where the provider cannot run it. */
async function trial(
  model: StepModel,
  networks: Networks,
  batchSize: number,
  options: EngineOptions,
  open: Open,
): Promise<Trial | undefined> {
  const { recipe } = networks;
  const state = takenUp(recipe, initialState(recipe, 1));
  const ort = await onnxRuntime();
  const batch = trialBatch(recipe, batchSize, 1);
  let memory: StepMemory | undefined;
  try {
    memory = await open(model, stateVectors(networks, state), options);
    const inputsAt = (step: number) => inputTensors(ort, networks, batchSize, batch, { ...state, step });
    // Lazy penalties have their turn in the first step, and not in the next.
    const figures = [...(await memory.step(inputsAt(0), 0))];
    const penalised = await least(memory, inputsAt(0));
    const share = penalisedShare(recipe);
    const ms = share < 1 ? share * penalised + (1 - share) * (await least(memory, inputsAt(1))) : penalised;
    return { ms, figures };
  } catch {
    return undefined;
  } finally {
    await memory?.close();
  }
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
