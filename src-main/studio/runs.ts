import { availableParallelism } from 'node:os';
import type { CheckedParams } from '#shared/contract/api';
import { fail, fromErrorData, GanvasError, isCancelled, toErrorData, type ErrorData } from '#shared/contract/errors';
import type { Computing, DoctorReport, RunStatus, StepTime } from '#shared/contract/types';
import { oneHot } from '#shared/math/labels';
import { fillRandom, streams } from '#shared/math/random';
import { checkRecipe } from '#shared/recipe/check';
import type { Recipe } from '#shared/recipe/recipe';
import { microBatchSize } from '#shared/recipe/training';
import { sheetPlan } from '#shared/math/sampleSheet';
import type { GeneratorWeights } from '../engine/engine';
import { Serial } from '../engine/serial';
import type { StartAnyWorker } from '../isolation/worker';
import { recordRunEnd } from '../store/runs';
import { saveSampleSheet } from '../store/samples';
import type { Latents, TrainerEvent } from '../trainer/protocol';
import type { Sampler } from '../trainer/sampler';
import { Trainer } from '../trainer/supervisor';
import type { EventHub } from './eventHub';
import type { Generators } from './generators';
import type { Job } from './jobs';
import { endTheHardWay } from './hardEnd';
import type { Machine } from './machine';
import type { OpenProject } from './openProject';
import { brokeOff, checkStart, runToTrain, warningOfStart } from './startRun';
import { checkMemory } from './trainingMemory';

const PACE = {
  checkpointEverySeconds: 60,
  sampleEverySeconds: 10,
  reportEveryMs: 500,
  snapshotEveryMs: 1000,
} as const;

interface RunsOptions {
  readonly home: string;
  readonly machine: Machine;
  readonly worker: URL;
  readonly events: EventHub;
  readonly sampler: Sampler;
  readonly generators: Generators;
  /** How a worker is begun in a process of its own; as Node does it unless told. */
  readonly startProcess?: StartAnyWorker | undefined;
  /** Whether somebody watches: then pictures are drawn of every snapshot, not only of those that are kept. */
  readonly live: boolean;
}

type Ended = Extract<TrainerEvent, { kind: 'stopped' }>;

/** The one run that may be under way, over all projects: begins it, follows it, writes down how it ended. */
export class Runs {
  readonly #options: RunsOptions;
  readonly machine: Machine;
  readonly #trainer: Trainer;
  /** Starts, sheets and ends are done one after the other: two calls never begin two runs, and an end is on disk before the next start. */
  readonly #serial = new Serial();
  #active: OpenProject | undefined;
  /** Whether runs have a process of their own from now on, as something died. */
  #apart = false;

  constructor(options: RunsOptions) {
    this.#options = options;
    this.machine = options.machine;
    this.#trainer = new Trainer(options.worker, (event) => this.#told(event), options);
  }

  start(open: OpenProject, params: CheckedParams<'training.start'>): Promise<RunStatus> {
    return this.#serial.run(async () => {
      await this.#trainer.endTiming();
      if (this.#trainer.busy) fail('training.running');
      const batchSize = params.batchSize ?? open.recipe.training.batchSize;
      checkStart(open, batchSize);
      const known = await this.machine.choose(params);
      const cpuProblem = await problemOf(checkMemory(this.#options.sampler, open.recipe, batchSize));
      if (known?.provider === 'cpu' && cpuProblem) throw fromErrorData(cpuProblem);
      const broken = brokeOff(open);
      this.#apart ||= broken !== undefined;
      const run = await runToTrain(open, params);
      if (!known) await this.machine.beginExamination();
      this.#trainer.start(
        {
          ...PACE,
          home: this.#options.home,
          projectDir: open.project.dir,
          runId: run.id,
          recipe: open.recipe,
          seed: run.seed,
          budget: params.budget,
          batchSize,
          ...(known ?? onCpu(params.engine)),
          engineNamed: params.engine !== 'auto',
          cpuProblem,
          threads: availableParallelism(),
          untuned: run.untuned,
        },
        { examineFirst: !known, apart: this.#apart || params.ownProcess },
      );
      const sameRun = open.run?.id === run.id;
      this.#active = open;
      open.run = run;
      return this.#update(open, {
        runId: run.id,
        run: { state: 'preparing', phase: 'Starting', fraction: 0 },
        seed: run.seed,
        untuned: run.untuned,
        warning: warningOfStart(open, sameRun ? (open.status.checkpointStep ?? 0) : 0, broken),
        secondsLeft: undefined,
        ...(sameRun ? {} : { step: 0, report: undefined, checkpointStep: undefined, trainedOn: undefined }),
      });
    });
  }

  pause(open: OpenProject): RunStatus {
    this.#mustBeActive(open);
    this.#trainer.pause();
    return open.status;
  }

  resume(open: OpenProject): RunStatus {
    this.#mustBeActive(open);
    this.#trainer.resume();
    return open.status;
  }

  /** Ends the run with a checkpoint; answers when that is done. */
  async stop(open: OpenProject): Promise<RunStatus> {
    this.#mustBeActive(open);
    this.#update(open, { run: { state: 'stopping' } });
    await this.#trainer.stop('user');
    await this.#written();
    return open.status;
  }

  /** Times steps of a recipe until the job is cancelled, or a run starts. */
  async time(
    recipe: Recipe,
    batchSize: number,
    choice: Pick<CheckedParams<'recipe.time'>, 'engine' | 'provider'>,
    { progress, signal }: Job,
  ): Promise<StepTime> {
    const { home, sampler } = this.#options;
    const { timing } = await this.#serial.run(async () => {
      if (this.#trainer.busy) fail('timing.busy');
      const [problem] = checkRecipe(recipe).problems;
      if (problem) fail('recipe.misfit', { problem: problem.problem });
      microBatchSize(recipe.training, batchSize);
      const known = await this.machine.choose(choice);
      const cpuProblem = await problemOf(checkMemory(sampler, recipe, batchSize));
      if (known?.provider === 'cpu' && cpuProblem) throw fromErrorData(cpuProblem);
      if (!known) await this.machine.beginExamination();
      const computing = { ...(known ?? onCpu(choice.engine)), engineNamed: choice.engine !== 'auto' };
      const order = { home, recipe, batchSize, ...computing, cpuProblem, threads: availableParallelism() };
      const end = () => void this.#trainer.endTiming();
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) throw new GanvasError('job.cancelled');
      return { timing: this.#trainer.time(order, !known, progress) };
    });
    return timing.catch((error: unknown) => this.#cancelled(error));
  }

  /** Tries every engine until the job is cancelled. */
  async examine({ progress, signal }: Job): Promise<DoctorReport> {
    // Begun between two starts, never amid one that has its run on disk and is about to train it; a start then finds the trainer busy.
    const { examination } = await this.#serial.run(async () => {
      await this.#trainer.endTiming();
      if (this.#trainer.busy) fail('training.running');
      await this.machine.beginExamination();
      signal.addEventListener('abort', () => this.#trainer.endExamination(), { once: true });
      return {
        examination: this.#trainer.examine({ home: this.#options.home, threads: availableParallelism() }, progress),
      };
    });
    const report = await examination.catch((error: unknown) => this.#cancelled(error));
    await this.machine.remember(report);
    return report;
  }

  async #cancelled(error: unknown): Promise<never> {
    if (isCancelled(error)) await this.machine.forgetExamination();
    throw error;
  }

  /** Ends a run as interrupted, and its worker. */
  async close(): Promise<void> {
    await this.#trainer.close();
    await this.#written();
    if (this.#trainer.hung) endTheHardWay();
  }

  #mustBeActive(open: OpenProject): void {
    if (this.#active !== open) fail('training.not-running');
  }

  /** Waits until what the ended run left to be written is on disk. */
  #written(): Promise<void> {
    return this.#serial.run(() => undefined);
  }

  #update(open: OpenProject, change: Parameters<OpenProject['updateStatus']>[0]): RunStatus {
    const status = open.updateStatus(change);
    this.#options.events.emit('training.status', status);
    return status;
  }

  #told(event: TrainerEvent): void {
    const open = this.#active;
    if (event.kind === 'machine') {
      this.#serial
        .run(() => this.machine.remember(event.report))
        .catch((error: unknown) => open && this.#update(open, { warning: toErrorData(error) }));
      return;
    }
    if (!open) return;
    // While it is being stopped it is that to the user, whatever it is still busy with.
    const stopping = open.status.run.state === 'stopping';
    switch (event.kind) {
      case 'preparing': {
        const { phase, fraction } = event;
        if (!stopping) this.#update(open, { run: { state: 'preparing', phase, fraction } });
        return;
      }
      case 'pictures':
        this.#update(open, { trainedOn: event.pictures });
        return;
      case 'training': {
        const { engine, step, goal } = event;
        this.#update(open, { engine, step, goal, ...(!stopping && { run: { state: 'training' } }) });
        return;
      }
      case 'paused':
        if (!stopping) this.#update(open, { step: event.step, run: { state: 'paused' }, secondsLeft: undefined });
        return;
      case 'report': {
        const { report, goal, secondsLeft } = event;
        const runId = open.run?.id ?? '';
        this.#options.events.emit('training.report', { projectId: open.id, runId, report });
        this.#update(open, { report, step: report.step, goal, secondsLeft });
        return;
      }
      case 'generator':
        this.#draw(open, event.generator, event.keep);
        return;
      case 'checkpoint':
        this.#update(open, { checkpointStep: event.step });
        return;
      case 'silent': {
        const { checkpointStep } = open.status;
        const facts = {
          step: event.step,
          seconds: event.seconds,
          ...(checkpointStep !== undefined && { checkpoint: checkpointStep }),
        };
        this.#update(open, { warning: toErrorData(new GanvasError('training.silent', facts)) });
        return;
      }
      case 'heardAgain':
        if (open.status.warning?.code === 'training.silent') this.#update(open, { warning: undefined });
        return;
      case 'warning':
        this.#update(open, { warning: event.error });
        return;
      case 'stopped':
        this.#ended(open, event);
    }
  }

  /** Pictures of the run's fixed latents: for whoever watches, and now and then for keeping. */
  #draw(open: OpenProject, weights: GeneratorWeights, keep: boolean): void {
    const { run } = open;
    const { sampler, generators, live } = this.#options;
    if (!run) return;
    const generator = generators.set(open.id, run.id, open.recipe, weights);
    // A sampler that has other work catches up with the next snapshot.
    if (!keep && (!live || sampler.waiting > 0)) return;
    const draw = async () => {
      const { step, pictures } = await sampler.render(generator, fixedLatents(generator.recipe, run.seed));
      this.#options.events.emit('training.samples', { projectId: open.id, sheet: { runId: run.id, step, pictures } });
      if (keep) await saveSampleSheet(run.dir, step, pictures);
    };
    const drawn = keep ? this.#serial.run(draw) : draw();
    drawn.catch((error: unknown) => this.#update(open, { warning: toErrorData(error) }));
  }

  #ended(open: OpenProject, { reason, step, error }: Ended): void {
    this.#active = undefined;
    const { run } = open;
    // After a failure the run goes on from its checkpoint; what came later is lost.
    const reached = reason === 'error' ? (open.status.checkpointStep ?? 0) : step;
    this.#update(open, {
      run: { state: 'stopped', reason, ...(error && { error }) },
      step: reached,
      secondsLeft: undefined,
    });
    if (!run) return;
    const end = { reason, step: reached, ...(error && { error: { code: error.code, facts: error.facts } }) };
    this.#serial
      .run(async () => {
        open.run = await recordRunEnd(run, end);
        if (reason !== 'error') await this.machine.forgetExamination();
      })
      .catch((failure: unknown) => this.#update(open, { warning: toErrorData(failure) }));
  }
}

/** Until an examination tells more. */
const onCpu = (engine: CheckedParams<'training.start'>['engine']): Computing => ({
  engine: engine === 'auto' ? 'compiled' : engine,
  provider: 'cpu',
});

/** What a check fails with, if it does. */
const problemOf = (check: Promise<void>): Promise<ErrorData | undefined> => check.then(() => undefined, toErrorData);

/** What a run's sample sheets are drawn from: the same in every sheet, and for each class. */
function fixedLatents({ latent, classes }: Recipe, seed: number): Latents {
  const plan = sheetPlan(classes.length);
  const z = fillRandom(new Float32Array(plan.latents * latent.size), latent.distribution, seed, streams.fixedLatents);
  if (classes.length === 0) return { z, count: plan.latents };
  const count = plan.latents * plan.classes.length;
  const again = new Float32Array(count * latent.size);
  for (let start = 0; start < again.length; start += z.length) again.set(z, start);
  const labels = plan.classes.flatMap((number) => new Array<number>(plan.latents).fill(number));
  return { z: again, labels: oneHot(labels, classes.length), count };
}
