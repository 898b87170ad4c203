import type { WeightsChoice } from '#shared/contract/api';
import { fail } from '#shared/contract/errors';
import type { Recipe } from '#shared/recipe/recipe';
import type { GeneratorWeights } from '../engine/engine';
import { loadNewestCheckpoint, newestCheckpointStep } from '../store/checkpoints';
import { latestRun } from '../store/runs';
import type { TrainedGenerator } from '../trainer/sampler';
import type { OpenProject } from './openProject';

/** A project's newest generator, by both of its weights; they are one where the recipe keeps no average. */
type Known = Readonly<Record<WeightsChoice, TrainedGenerator>> & { readonly runId: string };

/** The newest generator of each project: the one that trains, or that of the newest checkpoint. */
export class Generators {
  readonly #newest = new Map<string, Known>();

  /** Takes the generator of a run in progress, and gives it back as pictures are usually made with it: by its average. */
  set(projectId: string, runId: string, recipe: Recipe, weights: GeneratorWeights): TrainedGenerator {
    const known = knownOf(runId, recipe, weights);
    this.#newest.set(projectId, known);
    return known.average;
  }

  /** `training.no-checkpoint` before there is any. */
  async get(open: OpenProject, choice: WeightsChoice = 'average'): Promise<TrainedGenerator> {
    return (await this.#find(open))[choice];
  }

  async #find(open: OpenProject): Promise<Known> {
    // Another program may be training it: what is on disk is all that is known of that.
    if (!open.lock) open.run = await latestRun(open.project);
    const { run } = open;
    if (!run) return fail('training.no-checkpoint');
    const known = this.#newest.get(open.id);
    const { state } = open.status.run;
    const training = state !== 'none' && state !== 'stopped';
    const isNewest = async () => known?.average.weights.step === (await newestCheckpointStep(run.dir));
    if (known?.runId === run.id && (training || (await isNewest()))) return known;
    const { checkpoint } = await loadNewestCheckpoint(run.dir, { readOnly: true });
    if (!checkpoint) return fail('training.no-checkpoint');
    const { generator, encoder, ema, step } = checkpoint.state;
    const newest = { weights: generator.weights, running: generator.running };
    const read = encoder && { encoder: { weights: encoder.weights, running: encoder.running } };
    const weights = { ...(ema ? { ...ema, newest } : newest), ...read, step };
    const loaded = knownOf(run.id, run.recipe, weights);
    this.#newest.set(open.id, loaded);
    return loaded;
  }
}

function knownOf(runId: string, recipe: Recipe, { newest, ...average }: GeneratorWeights): Known {
  const usual = { recipe, weights: average };
  return { runId, average: usual, newest: newest ? { recipe, weights: { ...average, ...newest } } : usual };
}
