import { fail, GanvasError, isCancelled, toErrorData } from '#shared/contract/errors';
import type { TrainingReport } from '#shared/contract/types';
import { adapted, adaptiveStart, type AdaptiveState } from '#shared/recipe/adaptive';
import { learningRatesAt } from '#shared/recipe/recipe';
import { emaKept } from '#shared/recipe/training';
import type { Engine, FormMemory, TrainingState } from '../engine/engine';
import { isAdaptive } from '../gan/augment';
import { BatchSource } from './batches';
import type { PictureSource } from './pictureView';
import { goalOf, type Goal } from './budget';
import { nonFiniteLoss, nonFiniteState } from './finite';
import { LastingSession, type RunPoint } from './lastingSession';
import { Meter } from './meter';
import type { RunOrder, TrainerEvent } from './protocol';
import type { RunControl } from './runControl';
import { Timer } from './timer';

/** Where a run begins: a fresh state, or the one of a checkpoint. */
export interface RunStart extends RunPoint {
  /** Whether that state is on disk already. */
  readonly saved: boolean;
}

/** What a checkpoint says beside the state. */
export type RunProgress = Omit<RunPoint, 'state'>;

/** All that a run touches outside of itself, so that a test can stand in for each. */
export interface RunPorts {
  readonly engine: Engine;
  readonly forms?: FormMemory;
  /** What takes over, on the CPU, when the order's provider keeps failing. */
  readonly standby: Engine;
  readonly pictures: PictureSource;
  readonly saveCheckpoint: (state: TrainingState, progress: RunProgress) => Promise<void>;
  readonly appendReport: (report: TrainingReport) => Promise<void>;
  /** Cuts off what was written of steps after this one, which are about to be done anew. */
  readonly rewind: (step: number) => Promise<void>;
  readonly tell: (event: TrainerEvent) => void;
  /** A monotonic clock, milliseconds. */
  readonly now: () => number;
}

/** Sheets are kept more rarely as a run gets longer, so that a day of training keeps some two hundred, not ten thousand. */
const KEPT_SHEET_GROWTH = 1.05;

type EndReason = 'goal' | 'user' | 'interrupted';

/**
 * Trains until the budget is used up or the user stops it, and tells how it ended; it never rejects. Nothing interrupts a step: pauses,
 * stops and snapshots happen between two; before the first, a stop ends the preparations. The session is closed here, after the last step.
 */
export async function train(order: RunOrder, start: RunStart, ports: RunPorts, control: RunControl): Promise<void> {
  let session: LastingSession | undefined;
  let run: Run | undefined;
  let end:
    { readonly reason: EndReason } | { readonly reason: 'error'; readonly error: ReturnType<typeof toErrorData> };
  try {
    session = await LastingSession.open(order, start, { ...ports, control });
    run = new Run(order, start, ports, control, session);
    end = { reason: await run.toItsEnd() };
  } catch (error) {
    await run?.rescue(error);
    const { stopReason } = control;
    end = stopReason && isCancelled(error) ? { reason: stopReason } : { reason: 'error', error: toErrorData(error) };
  }
  await session?.close();
  ports.tell({ kind: 'stopped', step: run?.step ?? start.state.step, ...end });
}

class Run {
  readonly #order: RunOrder;
  readonly #ports: RunPorts;
  readonly #control: RunControl;
  readonly #session: LastingSession;
  readonly #batches: BatchSource;
  readonly #goal: Goal;
  #meter: Meter;
  readonly #reportTimer: Timer;
  readonly #snapshotTimer: Timer;
  readonly #checkpointTimer: Timer;
  #savedStep: number | undefined;
  /** Where the recipe has augmentation that adapts itself. */
  #adaptive: AdaptiveState | undefined;
  #nextSheetSeconds: number;
  /** End of the last thing that was timed. */
  #mark: number;

  constructor(order: RunOrder, start: RunStart, ports: RunPorts, control: RunControl, session: LastingSession) {
    this.#order = order;
    this.#ports = ports;
    this.#control = control;
    this.#session = session;
    this.#batches = new BatchSource(ports.pictures, order.recipe, order.seed, order.batchSize);
    const progress = { step: start.state.step, images: start.images, seconds: start.seconds };
    this.#goal = goalOf(order.budget, progress, this.#batches.images, order.recipe.training.steps);
    this.#meter = new Meter(progress);
    this.#reportTimer = new Timer(order.reportEveryMs, ports.now);
    this.#snapshotTimer = new Timer(order.snapshotEveryMs, ports.now);
    this.#checkpointTimer = new Timer(order.checkpointEverySeconds * 1000, ports.now);
    this.#adaptive = isAdaptive(order.recipe) ? (start.adaptive ?? adaptiveStart) : undefined;
    this.#savedStep = start.saved ? start.state.step : undefined;
    this.#nextSheetSeconds = start.seconds;
    this.#mark = ports.now();
  }

  get step(): number {
    return this.#meter.step;
  }

  async toItsEnd(): Promise<EndReason> {
    let begun = false;
    for (;;) {
      try {
        if (!begun) await this.#begin();
        begun = true;
        const end = await this.#turn();
        if (end) return end;
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  async #begin(): Promise<void> {
    this.#tellTraining();
    await this.#snapshot();
  }

  /** One step and what is due after it, or a pause, or the end. */
  async #turn(): Promise<EndReason | undefined> {
    await this.#control.messages();
    const { stopReason } = this.#control;
    if (stopReason || this.#goal.reached(this.#meter)) {
      await this.#report();
      await this.#save();
      await this.#snapshot('keep');
      return stopReason ?? 'goal';
    }
    if (this.#control.paused) {
      await this.#pause();
      return undefined;
    }
    await this.#oneStep();
    // A full disk pauses the run; what was saved before is intact, and the user may make room.
    await this.#pauseIfDiskFails(async () => {
      if (this.#reportTimer.due()) await this.#report();
      if (this.#checkpointTimer.due()) await this.#save();
    });
    if (this.#snapshotTimer.due()) await this.#snapshot();
    return undefined;
  }

  /** After a failed provider: goes back to the last state that was kept on the host. Any other failure is thrown on. */
  async #recover(error: unknown): Promise<void> {
    const { step, images, seconds } = this.#meter;
    const point = await this.#session.recover(error, { step, images, seconds, adaptive: this.#adaptive });
    if (point.state.step < step) {
      await this.#ports.rewind(point.state.step).catch((failure: unknown) => this.#warn(failure));
      this.#meter = new Meter({ ...point, step: point.state.step });
      this.#adaptive = this.#adaptive && (point.adaptive ?? adaptiveStart);
    }
    this.#mark = this.#ports.now();
    if (!this.#control.paused) this.#tellTraining();
  }

  async #oneStep(): Promise<void> {
    const { now } = this.#ports;
    const began = now();
    this.#meter.addOverhead(began - this.#mark);
    const { recipe } = this.#order;
    const { images } = this.#batches;
    const result = await this.#session.step({
      ...this.#batches.after(this.#meter.images, this.#adaptive?.probability),
      learningRates: learningRatesAt(recipe, this.step),
      emaKept: emaKept(recipe.training, images, this.#meter.images + images),
    });
    this.#mark = now();
    const term = nonFiniteLoss(result);
    if (term) fail('training.diverged', { step: this.step + 1, term });
    this.#meter.addStep(result, images, this.#mark - began);
    if (this.#adaptive && 'signs' in result && result.signs !== undefined) {
      this.#adaptive = adapted(this.#adaptive, recipe.augmentation, result.signs, images);
    }
  }

  async #report(): Promise<void> {
    if (this.#meter.pending === 0) return;
    const augmented = this.#adaptive && { augmentProbability: this.#adaptive.probability };
    const report = { ...this.#meter.report(), ...augmented };
    const { secondsPerStep } = this.#meter;
    const goal = this.#goal.step(this.#meter, secondsPerStep);
    const secondsLeft = secondsPerStep === undefined ? undefined : Math.max(0, goal - this.step) * secondsPerStep;
    this.#ports.tell({ kind: 'report', report, goal, secondsLeft });
    await this.#ports.appendReport(report);
  }

  /** Saves the state, unless that very step is on disk. A state with a number that is none is never saved: losses show it a step late. */
  async #save(): Promise<void> {
    if (this.#savedStep === this.step) return;
    await this.#report();
    const { images, seconds } = this.#meter;
    const progress: RunProgress = { images, seconds, adaptive: this.#adaptive };
    const state = await this.#session.readState(progress);
    const term = nonFiniteState(state);
    if (term) fail('training.diverged', { step: this.step, term });
    await this.#ports.saveCheckpoint(state, progress);
    this.#savedStep = this.step;
    this.#ports.tell({ kind: 'checkpoint', step: this.step });
  }

  /** Hands the generator out; from time to time (and at the end) as one whose pictures are to be kept. */
  async #snapshot(keep?: 'keep'): Promise<void> {
    const sheet = keep !== undefined || this.#meter.seconds >= this.#nextSheetSeconds;
    if (sheet) {
      const { seconds } = this.#meter;
      this.#nextSheetSeconds = Math.max(seconds + this.#order.sampleEverySeconds, seconds * KEPT_SHEET_GROWTH);
    }
    this.#ports.tell({ kind: 'generator', generator: await this.#session.readGenerator(), keep: sheet });
  }

  async #pause(): Promise<void> {
    await this.#report();
    await this.#save().catch((error: unknown) => this.#warn(error));
    this.#ports.tell({ kind: 'paused', step: this.step });
    await this.#snapshot();
    await this.#control.whilePaused();
    this.#mark = this.#ports.now();
    if (!this.#control.stopReason) this.#tellTraining();
  }

  async #pauseIfDiskFails(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#warn(error);
      this.#control.pause();
    }
  }

  /** Tells of a failed disk and goes on; anything else is thrown on. */
  #warn(error: unknown): void {
    if (!(error instanceof GanvasError) || !error.code.startsWith('disk.')) throw error;
    this.#ports.tell({ kind: 'warning', error: toErrorData(error) });
  }

  #tellTraining(): void {
    const goal = this.#goal.step(this.#meter, this.#meter.secondsPerStep);
    this.#ports.tell({ kind: 'training', engine: this.#session.info, step: this.step, goal });
  }

  /** After a failure: saves what can still be saved. The failure itself is what the user is told, so a second one here is not. */
  async rescue(cause: unknown): Promise<void> {
    if (cause instanceof GanvasError && (cause.code === 'training.diverged' || cause.code.startsWith('disk.'))) return;
    await this.#save().catch(() => undefined);
  }
}
