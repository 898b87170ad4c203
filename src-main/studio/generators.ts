import { fail } from '#shared/contract/errors';
import { loadNewestCheckpoint, newestCheckpointStep } from '../store/checkpoints';
import { latestRun } from '../store/runs';
import type { TrainedGenerator } from '../trainer/sampler';
import type { OpenProject } from './openProject';

/** The newest generator of each project: the one that trains, or that of the newest checkpoint. */
export class Generators {
  readonly #newest = new Map<string, TrainedGenerator & { readonly runId: string }>();

  /** Takes the generator of a run in progress. */
  set(projectId: string, runId: string, generator: TrainedGenerator): void {
    this.#newest.set(projectId, { runId, ...generator });
  }

  /** `training.no-checkpoint` before there is any. */
  async get(open: OpenProject): Promise<TrainedGenerator> {
    // Another program may be training it: what is on disk is all that is known of that.
    if (!open.lock) open.run = await latestRun(open.project);
    const { run } = open;
    if (!run) return fail('training.no-checkpoint');
    const known = this.#newest.get(open.id);
    const { state } = open.status.run;
    const training = state !== 'none' && state !== 'stopped';
    if (known?.runId === run.id && (training || known.weights.step === (await newestCheckpointStep(run.dir)))) {
      return known;
    }
    const { checkpoint } = await loadNewestCheckpoint(run.dir, { readOnly: true });
    if (!checkpoint) return fail('training.no-checkpoint');
    const { generator, encoder, ema, step } = checkpoint.state;
    const { weights: newest, running } = ema ?? generator;
    const read = encoder && { encoder: { weights: encoder.weights, running: encoder.running } };
    const weights = { weights: newest, running, ...read, step };
    const loaded = { runId: run.id, recipe: run.recipe, weights };
    this.#newest.set(open.id, loaded);
    return loaded;
  }
}
