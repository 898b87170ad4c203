import { fail, fromErrorData, GanvasError, toErrorData } from '#shared/contract/errors';
import type { DoctorReport, StepTime } from '#shared/contract/types';
import type { RunOrder, TrainerEvent, TrainerReply, TrainerRequest } from './protocol';
import type { TimingOrder } from './timing';
import { nodeProcesses } from '../isolation/processes';
import type { StartAnyWorker } from '../isolation/worker';
import { PATIENCE, Watchdog, type Patience } from './watchdog';
import { WorkerLink } from './workerLink';

/** What the program itself runs with (see package.json): pauses for garbage are taken by one thread. */
const FLAGS = ['--single-threaded-gc'];

type OnProgress = (label: string, done: number, total: number) => void;

/** What the worker does beside runs, and who waits for it. */
interface Errand<Outcome> {
  readonly onProgress: OnProgress;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: GanvasError) => void;
}

interface TrainerOptions {
  readonly patience?: Patience;
  /** How the worker is begun where a run shall be in a process of its own. */
  readonly startProcess?: StartAnyWorker | undefined;
}

/** How a run is begun. */
interface StartOptions {
  /** Tries the machine's devices first. */
  readonly examineFirst?: boolean;
  /** In a process of its own, which a native crash ends alone. */
  readonly apart?: boolean;
}

/** The training worker as the main thread sees it: one run at a time, each told by its events, of which `stopped` is the last. */
export class Trainer {
  readonly #thread: WorkerLink<TrainerRequest, TrainerReply>;
  readonly #process: WorkerLink<TrainerRequest, TrainerReply>;
  /** Of the two, the one that is at work. */
  #link: WorkerLink<TrainerRequest, TrainerReply>;
  readonly #tell: (event: TrainerEvent) => void;
  #running = false;
  #step = 0;
  #examination: Errand<DoctorReport> | undefined;
  #timing: Errand<StepTime> | undefined;
  #idle: (() => void)[] = [];
  #untimed: (() => void)[] = [];
  readonly #watchdog: Watchdog;
  #stopping = false;
  /** Whether something was given up that hangs in native code, where a thread cannot be ended: until it comes back nothing else can be begun. */
  #hung = false;

  constructor(
    workerFile: URL,
    tell: (event: TrainerEvent) => void,
    { patience = PATIENCE, startProcess = nodeProcesses(FLAGS) }: TrainerOptions = {},
  ) {
    this.#tell = tell;
    this.#watchdog = new Watchdog((silentMs) => this.#overdue(silentMs), patience);
    const listener = {
      told: (reply: TrainerReply) => this.#told(reply),
      lost: (problem: string) => this.#lost(problem),
    };
    this.#thread = new WorkerLink(workerFile, listener);
    this.#process = new WorkerLink(workerFile, listener, startProcess);
    this.#link = this.#thread;
  }

  /** Whether a run is under way (also prepared, paused or being stopped), or an examination, or a recipe is timed. */
  get busy(): boolean {
    return this.#running || this.#examination !== undefined || this.#timing !== undefined;
  }

  /** Whether the worker hangs, so that the process cannot end by itself. */
  get hung(): boolean {
    return this.#hung;
  }

  start(run: RunOrder, { examineFirst = false, apart = false }: StartOptions = {}): void {
    this.#mustBeFree('training.running');
    this.#link = apart ? this.#process : this.#thread;
    this.#running = true;
    this.#stopping = false;
    this.#step = 0;
    this.#watchdog.begin();
    this.#link.post({ kind: 'start', run, examineFirst });
  }

  pause(): void {
    if (this.#running) this.#link.post({ kind: 'pause' });
  }

  resume(): void {
    if (!this.#running) return;
    this.#watchdog.heard({ resting: false });
    this.#link.post({ kind: 'resume' });
  }

  /**
   * Ends the run after the step in flight, with a checkpoint; resolves once it has ended. One that is silent without reason is given up: as failed, with
   * what its last checkpoint holds. Where it is a process, that is ended.
   */
  async stop(reason: 'user' | 'interrupted'): Promise<void> {
    if (!this.#running) return;
    this.#stopping = true;
    this.#link.post({ kind: 'stop', reason });
    const idle = new Promise<void>((resolve) => this.#idle.push(resolve));
    if (this.#watchdog.isOverdue) this.#giveUp();
    else this.#watchdog.heard({ resting: false });
    await idle;
  }

  /** Tries every engine in the worker, where the native code is loaded; not while a run would be timed along with it. */
  async examine(order: Pick<RunOrder, 'home' | 'threads'>, onProgress: OnProgress): Promise<DoctorReport> {
    this.#mustBeFree('training.running');
    this.#watchdog.begin();
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
    this.#mustBeFree('timing.busy');
    this.#watchdog.begin();
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

  /** Ends a run as interrupted, then the worker; not one that hangs, which nobody can wait for. */
  async close(): Promise<void> {
    this.endExamination();
    await this.endTiming();
    await this.stop('interrupted');
    const closed = Promise.all([this.#thread, this.#process].map((link) => link.close({ kind: 'close' })));
    if (!this.#hung) await closed;
  }

  #mustBeFree(otherwise: 'training.running' | 'timing.busy'): void {
    if (this.#hung) fail('training.hung');
    if (this.busy) fail(otherwise);
  }

  #overdue(silentMs: number): void {
    if (!this.#running || this.#stopping) this.#giveUp();
    else this.#tell({ kind: 'silent', step: this.#step, seconds: Math.round(silentMs / 1000) });
  }

  /** Ends what waits for a worker that hangs; and the worker itself, where it is a process. */
  #giveUp(): void {
    if (this.#link === this.#process) {
      this.#process.kill();
      this.#fail(new GanvasError('training.worker-lost', { problem: 'it hung, and was ended' }));
      return;
    }
    this.#hung = true;
    this.#fail(new GanvasError('training.hung'));
  }

  #told(reply: TrainerReply): void {
    if (this.#hung) return this.#cameBack(reply);
    if (this.#watchdog.isOverdue && this.#running) this.#tell({ kind: 'heardAgain' });
    this.#watchdog.heard({
      ...(reply.kind === 'report' && { msPerStep: reply.report.msPerStep }),
      ...(reply.kind === 'paused' && { resting: true }),
    });
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
    if (event.kind === 'stopped') {
      this.#running = false;
      this.#watchdog.end();
    }
    this.#tell(event);
    if (event.kind === 'stopped') for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** What was given up has come to its end after all: by its own, or, once it was stopped, with a checkpoint. */
  #cameBack({ kind }: TrainerReply): void {
    const ends: readonly TrainerReply['kind'][] = ['stopped', 'examined', 'examinationFailed', 'timed', 'timingFailed'];
    if (ends.includes(kind)) this.#hung = false;
  }

  #lost(problem: string): void {
    this.#hung = false;
    this.#fail(new GanvasError('training.worker-lost', { problem }));
  }

  #fail(error: GanvasError): void {
    this.#endExamination(({ reject }) => reject(error));
    this.#endTimed(({ reject }) => reject(error));
    if (this.#running) {
      this.#toldOfRun({ kind: 'stopped', reason: 'error', step: this.#step, error: toErrorData(error) });
    }
  }

  #endExamination(how: (examination: Errand<DoctorReport>) => void): void {
    const examination = this.#examination;
    this.#examination = undefined;
    this.#watchdog.end();
    if (examination) how(examination);
  }

  #endTimed(how: (timing: Errand<StepTime>) => void): void {
    const timing = this.#timing;
    this.#timing = undefined;
    this.#watchdog.end();
    if (timing) how(timing);
    for (const resolve of this.#untimed.splice(0)) resolve();
  }
}
