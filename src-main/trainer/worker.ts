import { availableParallelism } from 'node:os';
import type { Computing } from '#shared/contract/types';
import { fromErrorData, isCancelled, toErrorData, type ErrorData } from '#shared/contract/errors';
import { openPort } from '../isolation/port';
import { examine, examineDevices } from '../engine/doctor';
import { engineFor, runtimeVersion } from '../engine/engines';
import { fastest } from '../engine/fastest';
import { formMemory, runFormMemory } from '../store/forms';
import { runDir } from '../store/runs';
import { train } from './loop';
import { openRun } from './openRun';
import type { RunOrder, TrainerEvent, TrainerReply, TrainerRequest } from './protocol';
import { RunControl } from './runControl';
import { timeRecipe } from './timing';

/** The training worker, in a thread or a process: one for the program's life, one run after the other. It ends by closing its port, never amid a step. */
const port = openPort<TrainerRequest, TrainerReply>();

type StartRequest = Extract<TrainerRequest, { kind: 'start' }>;
type ExamineRequest = Extract<TrainerRequest, { kind: 'examine' }>;
type TimeRequest = Extract<TrainerRequest, { kind: 'time' }>;

const tell = (reply: TrainerReply): void => port.reply(reply);
let control: RunControl | undefined;
let timing: RunControl | undefined;
let examining: RunControl | undefined;
let work: Promise<void> = Promise.resolve();

port.listen((request) => {
  switch (request.kind) {
    case 'start': {
      const own = new RunControl();
      control = own;
      work = work.then(() => run(request, own));
      return;
    }
    case 'pause':
      return control?.pause();
    case 'resume':
      return control?.resume();
    case 'stop':
      return control?.stop(request.reason);
    case 'examine': {
      const own = new RunControl();
      examining = own;
      work = work.then(() => examination(request, own));
      return;
    }
    case 'endExamination':
      return examining?.stop('user');
    case 'time': {
      const own = new RunControl();
      timing = own;
      work = work.then(() => time(request, own));
      return;
    }
    case 'endTiming':
      return timing?.stop('user');
    case 'close':
      timing?.stop('user');
      examining?.stop('interrupted');
      control?.stop('interrupted');
      void work.then(() => port.close());
  }
});

const now = () => performance.now();
const formsOf = ({ home, threads }: Pick<RunOrder, 'home' | 'threads'>) =>
  formMemory(home, { cores: availableParallelism(), threads, runtime: runtimeVersion });

/** The forms that a run keeps to; undefined: the usual ones, which no timing has a part in. */
const runFormsOf = (order: RunOrder, warn: (error: ErrorData) => void) =>
  order.untuned
    ? undefined
    : runFormMemory(runDir({ dir: order.projectDir }, order.runId), formsOf(order), runtimeVersion, warn);

async function run({ run: order, examineFirst }: StartRequest, own: RunControl): Promise<void> {
  const tellEvent = (event: TrainerEvent): void => tell(event);
  try {
    const onProgress = (phase: string, done: number, total: number) =>
      tell({ kind: 'preparing', phase, fraction: done / total });
    // One that was stopped by then ends where every run does, and says at which step.
    const found = examineFirst ? await unlessStopped(fastestHere(order, onProgress, own)) : order;
    const { engine, provider } = found ?? order;
    tell({ kind: 'preparing', phase: 'Opening the pictures', fraction: 0 });
    const opened = await openRun(order, tellEvent);
    try {
      const engines = { engine: engineFor(engine), standby: engineFor('compiled') };
      const forms = runFormsOf(order, (error) => tellEvent({ kind: 'warning', error }));
      const ports = { ...opened.ports, ...engines, ...(forms && { forms }), tell: tellEvent, now };
      await train({ ...order, engine, provider }, opened.start, ports, own);
    } finally {
      await opened.close();
    }
  } catch (error) {
    tell({ kind: 'stopped', reason: 'error', step: 0, error: toErrorData(error) });
  }
}

async function time({ order, examineFirst }: TimeRequest, own: RunControl): Promise<void> {
  const onProgress = (label: string, done: number, total: number) => tell({ kind: 'timing', label, done, total });
  try {
    // It comes before all that is counted.
    const onExamined = (label: string) => onProgress(label, 0, 1);
    const { engine, provider } = examineFirst ? await fastestHere(order, onExamined, own) : order;
    const timed = await timeRecipe({ ...order, engine, provider }, { forms: formsOf(order), onProgress, now }, own);
    tell({ kind: 'timed', time: timed });
  } catch (error) {
    tell({ kind: 'timingFailed', error: toErrorData(error) });
  }
}

/** What a first start computes with: the fastest that takes right steps, with the engine that was named, if one was. */
async function fastestHere(
  order: Pick<RunOrder, 'home' | 'threads' | 'engine' | 'engineNamed' | 'cpuProblem'>,
  onProgress: (label: string, done: number, total: number) => void,
  own: RunControl,
): Promise<Computing> {
  const report = await examineDevices(async (trying, done, total) => {
    await own.heed();
    onProgress(`Trying what computes fastest here: ${trying}`, done, total);
  }, formsOf(order));
  tell({ kind: 'machine', report });
  const { engine, engineNamed, cpuProblem } = order;
  const named = report.findings.filter((finding) => finding.engine === engine);
  const best = engineNamed ? (fastest(named) ?? { engine, provider: 'cpu' }) : report.best;
  if (best.provider === 'cpu' && cpuProblem) throw fromErrorData(cpuProblem);
  return best;
}

const unlessStopped = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: unknown) => {
    if (isCancelled(error)) return undefined;
    throw error;
  });

async function examination({ home, threads }: ExamineRequest, own: RunControl): Promise<void> {
  try {
    const report = await examine(async (label, done, total) => {
      await own.heed();
      tell({ kind: 'examining', label, done, total });
    }, formsOf({ home, threads }));
    tell({ kind: 'examined', report });
  } catch (error) {
    tell({ kind: 'examinationFailed', error: toErrorData(error) });
  }
}
