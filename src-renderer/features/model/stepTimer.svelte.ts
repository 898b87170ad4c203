import { GanvasError } from '#shared/contract/errors';
import type { StepTime } from '#shared/contract/types';
import type { Recipe } from '#shared/recipe/recipe';
import { Job } from '../../app/jobs.svelte';
import { perProject } from '../../app/perProject';
import type { Client } from '../../transport/client';

/** How fast a project's recipe trains on the machine that computes: measured when asked for, and kept until it is measured again. */
class StepTimer {
  /** The measuring under way. */
  job = $state.raw<Job<'recipe.time'>>();
  time = $state.raw<StepTime>();
  /** Why the last measuring failed. */
  error = $state.raw<unknown>();
  #timed: string | undefined;

  /** Whether what was measured is another recipe's than this. */
  isStale(recipe: Recipe): boolean {
    return this.time !== undefined && this.#timed !== whatTakesTime(recipe);
  }

  async measure(client: Client, recipe: Recipe): Promise<void> {
    if (this.job) return;
    this.error = undefined;
    this.job = new Job(client, 'recipe.time', { recipe });
    try {
      const time = await this.job.result;
      this.#timed = whatTakesTime(recipe);
      this.time = time;
    } catch (thrown) {
      if (!(thrown instanceof GanvasError && thrown.code === 'job.cancelled')) this.error = thrown;
    }
    this.job = undefined;
  }
}

/** A recipe without what a step takes no time for. */
const whatTakesTime = ({ training, ...recipe }: Recipe): string =>
  JSON.stringify({ ...recipe, preset: '', training: { ...training, steps: 0 } });

export const stepTimer = perProject(() => new StepTimer());
