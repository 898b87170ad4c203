import type { Computing, DoctorFinding, DoctorReport, ProviderId } from '#shared/contract/types';
import { GanvasError, isCancelled } from '#shared/contract/errors';
import { presetRecipe } from '#shared/recipe/presets';
import type { Recipe } from '#shared/recipe/recipe';
import { availableParallelism } from 'node:os';
import { deviceOf } from './device';
import { initialState } from '../gan/network';
import { fastest } from './fastest';
import { findNativePackages } from './nativePackages';
import type { FormMemory, NetworkState, StepResult, TrainingState, TrainSession } from './engine';
import { detectProviders, engineFor } from './engines';
import { trialBatch, trialRecipe } from './trial';

/**
 * Progress of an examination: what is tried now, and how many trials of how many are done. Told again and again, and waited for; `job.cancelled` from it
 * ends the examination.
 */
export type OnExamined = (trying: string, done: number, total: number) => void | Promise<void>;

const TRIAL_SEED = 1;
const TRIAL_FILTERS = 16;
const TRIAL_BATCH = 4;
const TRIAL_STEPS = 3;
/** Largest difference of any loss or weight: GPUs round otherwise, and ten times as much is still a right step at this learning rate. */
const TOLERANCE = 1e-3;

/** What the speed is measured with; the trial's network is too small to keep a GPU busy. */
const TIMED_PRESET = 'dcgan-32';
const TIMED_BATCH = 16;
const TIMED_STEPS = 8;
/** No step is begun after so long: TensorFlow.js's JavaScript takes seconds for one, and that one tells enough. */
const TIMED_MS = 3000;
/** A trial step that takes longer says enough: native code needs a tenth of it, and the timed network has thirty times the work. */
const TOO_SLOW_MS = 100;

/**
 * Tries each engine and provider with real training steps. The compiled engine on the CPU is compared with the eager one, everything else with the
 * compiled engine on the CPU; what is right and fast enough to train with is timed, one after the other, in the forms that are fastest there.
 */
export async function examine(onProgress: OnExamined, forms?: FormMemory): Promise<DoctorReport> {
  const candidates: Computing[] = [
    ...(await compiledCandidates()),
    { engine: 'eager', provider: 'cpu' },
    { engine: 'eager', provider: 'cuda' },
  ];
  const trials: Trial[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const tell = async () => onProgress(`${candidate.engine}, ${candidate.provider}`, index, candidates.length);
    trials.push(await tryOut(candidate, tell, forms));
  }
  await onProgress('done', candidates.length, candidates.length);
  return reportOf(trials.map((trial) => judge(trial, trials)));
}

/**
 * The same for a first start, which does not want to wait: on the devices beside the CPU, and with TensorFlow's native library where it is installed; and the
 * compiled engine on the CPU, to compare with, where one of them took a step.
 */
export async function examineDevices(onProgress: OnExamined, forms?: FormMemory): Promise<DoctorReport> {
  const compiled = await compiledCandidates();
  const others = [...compiled.filter(({ provider }) => provider !== 'cpu'), ...nativeCandidates()];
  const candidates = [...others, ...compiled.filter(({ provider }) => provider === 'cpu')];
  const trials: Trial[] = [];
  for (const candidate of candidates) {
    if (!others.includes(candidate) && trials.every(({ outcome }) => 'problem' in outcome)) continue;
    const tell = async () => onProgress(`${candidate.engine}, ${candidate.provider}`, trials.length, candidates.length);
    trials.push(await tryOut(candidate, tell, forms));
  }
  await onProgress('done', candidates.length, candidates.length);
  return reportOf(trials.map((trial) => judge(trial, trials)));
}

const compiledCandidates = async (): Promise<Computing[]> =>
  (await detectProviders().catch((): ProviderId[] => ['cpu'])).map((provider) => ({ engine: 'compiled', provider }));

/** The eager engine where a native library makes it fast, on what that is made for. */
const nativeCandidates = (): Computing[] =>
  [...new Set(findNativePackages().map(({ name }) => (name === 'tfjs-node-gpu' ? 'cuda' : 'cpu')))].map((provider) => ({
    engine: 'eager',
    provider,
  }));

const reportOf = (findings: readonly DoctorFinding[]): DoctorReport => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cores: availableParallelism(),
  findings,
  best: fastest(findings) ?? { engine: 'compiled', provider: 'cpu' },
});

/** What a trial came to: the numbers after it, or why there are none. */
interface Trial extends Computing {
  readonly device: string;
  readonly outcome:
    { readonly steps: readonly StepResult[]; readonly state: TrainingState } | { readonly problem: string };
  readonly msPerStep?: number;
}

/** `tell` is called before each piece of work. */
async function tryOut(candidate: Computing, tell: () => Promise<void>, forms?: FormMemory): Promise<Trial> {
  const recipe = trialRecipe(TRIAL_FILTERS);
  let session: TrainSession | undefined;
  try {
    await tell();
    session = await open(candidate, recipe, TRIAL_BATCH, tell);
    const steps: StepResult[] = [];
    const times: number[] = [];
    for (let step = 0; step < TRIAL_STEPS; step++) {
      await tell();
      const began = performance.now();
      steps.push(await session.step(trialBatch(recipe, TRIAL_BATCH, step)));
      times.push(performance.now() - began);
    }
    const outcome = { steps, state: await session.readState() };
    const { device } = session.info;
    await session.close();
    session = undefined;
    // The first steps of a GPU compile its programs; the fastest is the one that tells.
    if (Math.min(...times) > TOO_SLOW_MS) return { ...candidate, device, outcome };
    return { ...candidate, device, outcome, msPerStep: await timeSteps(candidate, tell, forms) };
  } catch (error) {
    if (isCancelled(error)) throw error;
    const problem = error instanceof GanvasError ? String(error.facts['problem'] ?? error.message) : String(error);
    return {
      ...candidate,
      device: session?.info.device ?? deviceOf(candidate.provider, availableParallelism()),
      outcome: { problem },
    };
  } finally {
    await session?.close();
  }
}

function open(
  { engine, provider }: Computing,
  recipe: Recipe,
  batchSize: number,
  tell: () => Promise<void>,
  forms?: FormMemory,
): Promise<TrainSession> {
  const options = { provider, threads: availableParallelism(), ...(forms && { forms }) };
  return engineFor(engine).trainSession(recipe, batchSize, initialState(recipe, TRIAL_SEED), options, tell);
}

/** Median milliseconds of a D+G step of the timed preset; a first step, of warming up, counts only where it takes up all the time. */
async function timeSteps(candidate: Computing, tell: () => Promise<void>, forms?: FormMemory): Promise<number> {
  const recipe = presetRecipe(TIMED_PRESET, 3);
  const session = await open(candidate, recipe, TIMED_BATCH, tell, forms);
  try {
    const inputs = trialBatch(recipe, TIMED_BATCH, 0);
    const begin = performance.now();
    await session.step(inputs);
    const warmUpMs = performance.now() - begin;
    const times: number[] = [];
    while (times.length < TIMED_STEPS && performance.now() - begin < TIMED_MS) {
      await tell();
      const began = performance.now();
      await session.step(inputs);
      times.push(performance.now() - began);
    }
    return times.sort((a, b) => a - b)[times.length >> 1] ?? warmUpMs;
  } finally {
    await session.close();
  }
}

function judge(trial: Trial, trials: readonly Trial[]): DoctorFinding {
  const { engine, provider, device, outcome, msPerStep } = trial;
  const finding = { engine, provider, device };
  if ('problem' in outcome) return { ...finding, status: 'unavailable', problem: outcome.problem };
  const timed = msPerStep === undefined ? {} : { msPerStep };
  const isReference = engine === 'compiled' && provider === 'cpu';
  const other = trials.find((candidate) => candidate.provider === 'cpu' && candidate.engine === (isReference ? 'eager' : 'compiled')); // prettier-ignore
  // Without the eager engine there is nothing that the reference could be held against; it is what tests prove.
  if (isReference && !other) return { ...finding, ...timed, status: 'right' };
  if (!other || 'problem' in other.outcome) {
    return { ...finding, status: 'unavailable', problem: 'there is nothing to compare it with' };
  }
  const difference = largestDifference(outcome, other.outcome);
  if (difference === Infinity) return { ...finding, status: 'wrong', problem: 'it gives what is no number' };
  return { ...finding, ...timed, difference, status: difference <= TOLERANCE ? 'right' : 'wrong' };
}

type Numbers = Exclude<Trial['outcome'], { readonly problem: string }>;

/** Of any loss, probability, weight, moment or running statistic. Not-a-number differs infinitely. */
function largestDifference(a: Numbers, b: Numbers): number {
  const flat = ({ steps, state }: Numbers): Float64Array => {
    const vectors = ({ weights, firstMoment, secondMoment, running }: NetworkState) => [
      ...weights,
      ...firstMoment,
      ...secondMoment,
      ...running,
    ];
    const { generator, discriminator, encoder } = state;
    const networks = [generator, discriminator, encoder].filter((network) => network !== undefined);
    const figures = steps.flatMap((result) => Object.values(result) as number[]);
    return Float64Array.from([...figures, ...networks.flatMap(vectors)]);
  };
  const others = flat(b);
  return flat(a).reduce((worst, value, index) => {
    const difference = Math.abs(value - (others[index] as number));
    return Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
  }, 0);
}
