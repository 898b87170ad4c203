import type { TrainingReport } from '#shared/contract/types';
import type { StepResult } from '../engine/engine';
import { figuresOf } from '../gan/model';

/** Weight of the newest report in the speed that the time left is guessed from. */
const NEWEST_WEIGHT = 0.3;

/** Where a run stood when this start began. */
export interface MeterStart {
  readonly step: number;
  readonly images: number;
  readonly seconds: number;
}

/** Adds up steps between two reports. Times come from a monotonic clock in milliseconds; a pause is simply not counted. */
export class Meter {
  #step: number;
  #images: number;
  #seconds: number;
  /** Of each figure that the model reports. */
  #sums: Record<string, number> = {};
  #steps = 0;
  #imagesSince = 0;
  #stepMs = 0;
  #overheadMs = 0;
  #secondsPerStep: number | undefined;

  constructor(start: MeterStart) {
    this.#step = start.step;
    this.#images = start.images;
    this.#seconds = start.seconds;
  }

  get step(): number {
    return this.#step;
  }

  get images(): number {
    return this.#images;
  }

  /** Training time of the run so far. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Steps since the last report. */
  get pending(): number {
    return this.#steps;
  }

  /** Speed of late with all that happens between steps; undefined before the first report. */
  get secondsPerStep(): number | undefined {
    return this.#secondsPerStep;
  }

  addStep(result: StepResult, images: number, ms: number): void {
    this.#step++;
    this.#steps++;
    this.#images += images;
    this.#imagesSince += images;
    this.#stepMs += ms;
    this.#seconds += ms / 1000;
    for (const [name, value] of Object.entries(result)) this.#sums[name] = (this.#sums[name] ?? 0) + (value as number);
  }

  /** Time spent between steps: reports, snapshots, checkpoints. */
  addOverhead(ms: number): void {
    this.#overheadMs += ms;
    this.#seconds += ms / 1000;
  }

  /** Means since the last report, and begins anew. Only with `pending` > 0. */
  report(): TrainingReport {
    const steps = this.#steps;
    const wholeMs = this.#stepMs + this.#overheadMs;
    const means = Object.entries(this.#sums).map(([name, sum]) => [name, sum / steps] as const);
    const report: TrainingReport = {
      step: this.#step,
      images: this.#images,
      ...figuresOf(means),
      msPerStep: this.#stepMs / steps,
      imagesPerSecond: wholeMs > 0 ? (this.#imagesSince * 1000) / wholeMs : 0,
      seconds: this.#seconds,
    };
    const speed = wholeMs / 1000 / steps;
    this.#secondsPerStep =
      this.#secondsPerStep === undefined ? speed : (1 - NEWEST_WEIGHT) * this.#secondsPerStep + NEWEST_WEIGHT * speed;
    this.#sums = {};
    this.#steps = this.#imagesSince = this.#stepMs = this.#overheadMs = 0;
    return report;
  }
}
