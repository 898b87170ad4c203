import { fail, fromErrorData, GanvasError, toErrorData } from '#shared/contract/errors';
import type { DoctorReport, StepTime } from '#shared/contract/types';
import type { RunOrder, TrainerEvent, TrainerReply, TrainerRequest } from './protocol';
import type { TimingOrder } from './timing';
import { WorkerLink } from './workerLink';

type OnProgress = (label: string, done: number, total: number) => void;

/** What the worker does beside runs, and who waits for it. */
interface Errand<Outcome> {
  readonly onProgress: OnProgress;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: GanvasError) => void;
}

/** The training worker as the main thread sees it: one run at a time, each told by its events, of which `stopped` is the last. */
export class Trainer {
  readonly #link: WorkerLink<TrainerRequest, TrainerReply>;
  readonly #tell: (event: TrainerEvent) => void;
  #running = false;
  #step = 0;
  #examination: Errand<DoctorReport> | undefined;
  #timing: Errand<StepTime> | undefined;
  #idle: (() => void)[] = [];
  #untimed: (() => void)[] = [];

  constructor(workerFile: URL, tell: (event: TrainerEvent) => void) {
    this.#tell = tell;
    this.#link = new WorkerLink(workerFile, {
      told: (reply) => this.#told(reply),
      lost: (problem) => this.#lost(problem),
    });
  }

  /** Whether a run is under way (also prepared, paused or being stopped), or an examination, or a recipe is timed. */
  get busy(): boolean {
    return this.#running || this.#examination !== undefined || this.#timing !== undefined;
  }

  /** Begins a run, after trying the machine's devices where `examineFirst` says so. */
  start(run: RunOrder, examineFirst = false): void {
    if (this.busy) fail('training.running');
    this.#running = true;
    this.#step = 0;
    this.#link.post({ kind: 'start', run, examineFirst });
  }

  pause(): void {
    if (this.#running) this.#link.post({ kind: 'pause' });
  }

  resume(): void {
    if (this.#running) this.#link.post({ kind: 'resume' });
  }

  /** Ends the run after the step in flight, with a checkpoint; resolves once it has ended. */
  async stop(reason: 'user' | 'interrupted'): Promise<void> {
    if (!this.#running) return;
    this.#link.post({ kind: 'stop', reason });
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Tries every engine in the worker, where the native code is loaded; not while a run would be timed along with it. */
  async examine(order: Pick<RunOrder, 'home' | 'threads'>, onProgress: OnProgress): Promise<DoctorReport> {
    if (this.busy) fail('training.running');
    return new Promise((resolve, reject) => {
      this.#examination = { onProgress, resolve, reject };
      this.#link.post({ kind: 'examine', ...order });
    });
  }

  /** Ends the examination soon, as cancelled. */
  endExamination(): void {
    if (this.#examination) this.#link.post({ kind: 'endExamination' });
  }

  /** Times steps of a recipe, after trying the machine's devices where `examineFirst` says so; not beside a run, which would slow both down. */
  async time(order: TimingOrder, examineFirst: boolean, onProgress: OnProgress): Promise<StepTime> {
    if (this.busy) fail('timing.busy');
    return new Promise((resolve, reject) => {
      this.#timing = { onProgress, resolve, reject };
      this.#link.post({ kind: 'time', order, examineFirst });
    });
  }

  /** Ends the timing after the step in flight, as cancelled; resolves once it has ended. */
  async endTiming(): Promise<void> {
    if (!this.#timing) return;
    this.#link.post({ kind: 'endTiming' });
    await new Promise<void>((resolve) => this.#untimed.push(resolve));
  }

  /** Ends a run as interrupted, then the worker. */
  async close(): Promise<void> {
    this.endExamination();
    await this.endTiming();
    await this.stop('interrupted');
    await this.#link.close({ kind: 'close' });
  }

  #told(reply: TrainerReply): void {
    switch (reply.kind) {
      case 'examining':
        this.#examination?.onProgress(reply.label, reply.done, reply.total);
        return;
      case 'examined':
        this.#endExamination(({ resolve }) => resolve(reply.report));
        return;
      case 'examinationFailed':
        this.#endExamination(({ reject }) => reject(fromErrorData(reply.error)));
        return;
      case 'timing':
        this.#timing?.onProgress(reply.label, reply.done, reply.total);
        return;
      case 'timed':
        this.#endTimed(({ resolve }) => resolve(reply.time));
        return;
      case 'timingFailed':
        this.#endTimed(({ reject }) => reject(fromErrorData(reply.error)));
        return;
      default:
        this.#toldOfRun(reply);
    }
  }

  #toldOfRun(event: TrainerEvent): void {
    if ('step' in event) this.#step = event.step;
    if (event.kind === 'report') this.#step = event.report.step;
    if (event.kind === 'stopped') this.#running = false;
    this.#tell(event);
    if (event.kind === 'stopped') for (const resolve of this.#idle.splice(0)) resolve();
  }

  #lost(problem: string): void {
    const error = new GanvasError('training.worker-lost', { problem });
    this.#endExamination(({ reject }) => reject(error));
    this.#endTimed(({ reject }) => reject(error));
    if (this.#running) {
      this.#toldOfRun({ kind: 'stopped', reason: 'error', step: this.#step, error: toErrorData(error) });
    }
  }

  #endExamination(how: (examination: Errand<DoctorReport>) => void): void {
    const examination = this.#examination;
    this.#examination = undefined;
    if (examination) how(examination);
  }

  #endTimed(how: (timing: Errand<StepTime>) => void): void {
    const timing = this.#timing;
    this.#timing = undefined;
    if (timing) how(timing);
    for (const resolve of this.#untimed.splice(0)) resolve();
  }
}
