import type { Params } from '#shared/contract/api';
import type { RunStatus } from '#shared/contract/types';
import { startChoices } from '../features/train/startChoice.svelte';
import type { Studio } from './studio.svelte';
import { isActive } from './runWords';

export type StartOptions = Omit<Params<'training.start'>, 'projectId'>;

/** Start, pause, resume and stop of the open project's run, from wherever the user asks: top bar, Train room, keyboard. */
export class TrainingControl {
  /** A command under way; buttons show it and wait. */
  busy = $state<'start' | 'pause' | 'resume' | 'stop'>();
  /** Why the last command failed, for the Train room; the status line says it too. */
  error = $state.raw<unknown>();
  readonly #studio: Studio;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  /** What Train does outside its room: a first run starts there at once; after another one the room asks how to go on. */
  begin(): void {
    const { project, run } = this.#studio;
    if (!project) return;
    this.#studio.room = 'train';
    if (run?.run.state === 'none') void this.start(startChoices(project.summary.id).anew);
  }

  /** Saves pending recipe edits, then starts (or continues, where the networks are unchanged and `fresh` is not asked for). */
  start(options: StartOptions = {}): Promise<void> {
    return this.#command('start', async (projectId) => {
      await this.#studio.recipe.flush();
      return this.#studio.client.call('training.start', { projectId, ...options });
    });
  }

  pause(): Promise<void> {
    return this.#command('pause', (projectId) => this.#studio.client.call('training.pause', { projectId }));
  }

  resume(): Promise<void> {
    return this.#command('resume', (projectId) => this.#studio.client.call('training.resume', { projectId }));
  }

  stop(): Promise<void> {
    return this.#command('stop', (projectId) => this.#studio.client.call('training.stop', { projectId }));
  }

  /** What Space does: pauses a run, resumes a paused one. */
  async toggle(): Promise<void> {
    const run = this.#studio.run?.run;
    if (!run || !isActive(run)) return;
    if (run.state === 'training') await this.pause();
    else if (run.state === 'paused') await this.resume();
  }

  async #command(name: 'start' | 'pause' | 'resume' | 'stop', ask: (projectId: string) => Promise<RunStatus>) {
    const projectId = this.#studio.project?.summary.id;
    if (projectId === undefined || this.busy) return;
    this.busy = name;
    this.error = undefined;
    try {
      this.#studio.takeRun(await ask(projectId));
    } catch (thrown) {
      this.error = thrown;
      this.#studio.messages.failed(thrown);
    } finally {
      this.busy = undefined;
    }
  }
}
