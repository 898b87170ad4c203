/** How long a worker may be silent. */
export interface Patience {
  /** While something is prepared, or a first step is done: a driver may compile for minutes. */
  readonly startMs: number;
  /** Once a step's time is known: so many steps, but never less than so long. */
  readonly steps: number;
  readonly leastMs: number;
  /** How often it is looked. */
  readonly tickMs: number;
}

export const PATIENCE: Patience = { startMs: 300_000, steps: 30, leastMs: 60_000, tickMs: 1000 };

/**
 * Notices that nothing was heard for longer than there is reason to be silent. It counts its own ticks: a machine that slept, or a process that was halted,
 * was not silent for so long.
 */
export class Watchdog {
  readonly #patience: Patience;
  readonly #overdue: (silentMs: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #silentMs = 0;
  #msPerStep: number | undefined;
  #resting = false;

  /** `overdue` is called once for each silence. */
  constructor(overdue: (silentMs: number) => void, patience: Patience) {
    this.#overdue = overdue;
    this.#patience = patience;
  }

  /** Whether the silence of now is longer than there is reason for. */
  get isOverdue(): boolean {
    return this.#timer !== undefined && !this.#resting && this.#silentMs > this.#limitMs;
  }

  /** Watches from now on, over something of which no step's time is known. */
  begin(): void {
    this.end();
    this.#msPerStep = undefined;
    this.heard({ resting: false });
    const { tickMs } = this.#patience;
    let before = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#wait(Math.min(now - before, 2 * tickMs));
      before = now;
    }, tickMs);
    this.#timer.unref();
  }

  /** Something was heard, or asked for. `resting`: from here on it has nothing to say by itself, until that is taken back. */
  heard({ msPerStep, resting }: { readonly msPerStep?: number; readonly resting?: boolean } = {}): void {
    this.#silentMs = 0;
    this.#resting = resting ?? this.#resting;
    this.#msPerStep = msPerStep ?? this.#msPerStep;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  get #limitMs(): number {
    const { startMs, steps, leastMs } = this.#patience;
    return this.#msPerStep === undefined ? startMs : Math.max(leastMs, steps * this.#msPerStep);
  }

  #wait(ms: number): void {
    const before = this.isOverdue;
    this.#silentMs += ms;
    if (!before && this.isOverdue) this.#overdue(this.#silentMs);
  }
}
