import { untrack } from 'svelte';
import type { WeightsChoice } from '#shared/contract/api';
import type { Rendering } from '#shared/contract/types';
import type { LatentPoint } from '#shared/math/latent';
import type { Client } from '../../transport/client';
import { RenderScheduler } from './renderScheduler';

/** Pictures of a project's latent space, for every surface of a room. Whoever makes it closes it. */
export class LatentSource {
  /** Step of the generator that pictures are to be by; an effect that reads it draws again when training went on. */
  generation = $state(0);
  /** Why the last render failed; undefined after one that did not. */
  error = $state.raw<unknown>();
  readonly projectId: string;
  /** Whose pictures are drawn; an effect that asks for some draws again when it changes. */
  weights = $state<WeightsChoice>('average');
  /** Pictures that the project has. */
  pictures = $state(0);
  readonly #scheduler: RenderScheduler;
  readonly #endListening: () => void;
  #follow = true;
  #newest = 0;
  #hasShown = false;

  constructor(client: Client, projectId: string) {
    this.projectId = projectId;
    this.#scheduler = new RenderScheduler((points) =>
      client.call('latent.render', { projectId, points: [...points], weights: untrack(() => this.weights) }),
    );
    // A sheet of samples was drawn by the new generator, so renders asked from now on are by it too.
    this.#endListening = client.on('training.samples', ({ projectId: of, sheet }) => {
      if (of !== projectId) return;
      this.#newest = sheet.step;
      // A first run has no generator yet when it is first asked; then the next one is waited for in any case.
      if (this.#follow || !this.#hasShown) this.generation = sheet.step;
    });
  }

  /** Whether pictures are drawn again when training made a new generator. */
  set follow(follow: boolean) {
    this.#follow = follow;
    if (follow && this.#newest > 0) this.generation = this.#newest;
  }

  /** Asks for a surface's pictures; see {@link RenderScheduler}. */
  request(surface: string, points: readonly LatentPoint[], show: (rendering: Rendering) => void): void {
    void this.weights;
    this.#scheduler.request(surface, points, {
      show: (rendering) => {
        this.error = undefined;
        this.#hasShown = true;
        show(rendering);
      },
      fail: (error) => (this.error = error),
    });
  }

  drop(surface: string): void {
    this.#scheduler.drop(surface);
  }

  close(): void {
    this.#endListening();
    this.#scheduler.close();
  }
}
