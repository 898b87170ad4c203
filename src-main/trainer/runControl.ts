import { setImmediate } from 'node:timers/promises';
import { GanvasError } from '#shared/contract/errors';

/** What the user asked of the run in progress. The loop looks between steps, never amid one. */
export class RunControl {
  #stop: 'user' | 'interrupted' | undefined;
  #paused = false;
  #wake: (() => void) | undefined;

  get stopReason(): 'user' | 'interrupted' | undefined {
    return this.#stop;
  }

  get paused(): boolean {
    return this.#paused && !this.#stop;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#wake?.();
  }

  stop(reason: 'user' | 'interrupted'): void {
    this.#stop ??= reason;
    this.#wake?.();
  }

  /** Lets the messages that came during the last step in: a step blocks its thread from beginning to end. */
  async messages(): Promise<void> {
    await setImmediate();
  }

  /** Lets messages in, and throws `job.cancelled` once one of them was a stop: for work that has nothing to save, between two pieces of it. */
  async heed(): Promise<void> {
    await this.messages();
    if (this.#stop) throw new GanvasError('job.cancelled');
  }

  /** Waits until the pause is over, by a resume or a stop. */
  async whilePaused(): Promise<void> {
    while (this.paused) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
  }
}
