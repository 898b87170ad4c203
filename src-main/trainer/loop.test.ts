import { describe, expect, it } from 'vitest';
import { GanvasError, toErrorData } from '#shared/contract/errors';
import type { GanReport, TrainingReport } from '#shared/contract/types';
import { compiled } from '../engine/compiled/engine';
import { eager } from '../engine/eager';
import type { Engine, FormMemory, NetworkState, StepResult, TrainingState } from '../engine/engine';
import { Recipe } from '#shared/recipe/recipe';
import { trialRecipe } from '../engine/trial';
import { initialState } from '../gan/network';
import type { PictureSource } from './pictureView';
import { train, type RunPorts, type RunProgress, type RunStart } from './loop';
import type { RunOrder, TrainerEvent } from './protocol';
import { RunControl } from './runControl';

const recipe = trialRecipe(2);

/** 10 pictures of different greys, so that an epoch is no multiple of a batch. */
const pictures: PictureSource = {
  count: 10,
  readInto(target, indices) {
    const size = target.length / indices.length;
    indices.forEach((picture, row) => target.fill(picture / 5 - 1, row * size, (row + 1) * size));
  },
};

const order = (change: Partial<RunOrder> = {}): RunOrder => ({
  home: '/nowhere',
  projectDir: '/nowhere',
  runId: '0001',
  recipe,
  seed: 7,
  budget: { kind: 'steps', steps: 4 },
  batchSize: 4,
  engine: 'eager',
  provider: 'cpu',
  engineNamed: true,
  cpuProblem: undefined,
  threads: 1,
  untuned: false,
  checkpointEverySeconds: 60,
  sampleEverySeconds: 10,
  reportEveryMs: 0,
  snapshotEveryMs: 1000,
  ...change,
});

/** Each look at the clock takes this long. */
const TICK_MS = 10;

interface Trial {
  readonly events: readonly TrainerEvent[];
  readonly reports: readonly TrainingReport[];
  readonly saved: readonly TrainingState[];
  readonly progress: readonly RunProgress[];
  /** Steps that the logs were cut back to. */
  readonly rewound: readonly number[];
  readonly end: Extract<TrainerEvent, { kind: 'stopped' }>;
}

interface TrialOptions {
  readonly order?: RunOrder;
  readonly start?: RunStart;
  readonly engine?: Engine;
  readonly standby?: Engine;
  readonly forms?: FormMemory;
  /** Called with each event as it is told. */
  readonly onEvent?: (event: TrainerEvent, control: RunControl) => void;
  readonly saveCheckpoint?: (state: TrainingState) => void;
}

const fresh = (): RunStart => ({
  state: initialState(recipe, 7),
  images: 0,
  seconds: 0,
  adaptive: undefined,
  saved: false,
});

async function trial(options: TrialOptions = {}): Promise<Trial> {
  const events: TrainerEvent[] = [];
  const reports: TrainingReport[] = [];
  const saved: TrainingState[] = [];
  const progress: RunProgress[] = [];
  const rewound: number[] = [];
  const control = new RunControl();
  let clock = 0;
  const ports: RunPorts = {
    engine: options.engine ?? eager,
    standby: options.standby ?? eager,
    pictures,
    ...(options.forms && { forms: options.forms }),
    saveCheckpoint: (state, beside) => {
      options.saveCheckpoint?.(state);
      saved.push(state);
      progress.push(beside);
      return Promise.resolve();
    },
    appendReport: (report) => {
      reports.push(report);
      return Promise.resolve();
    },
    rewind: (step) => {
      rewound.push(step);
      return Promise.resolve();
    },
    tell: (event) => {
      events.push(event);
      options.onEvent?.(event, control);
    },
    now: () => (clock += TICK_MS),
  };
  await train(options.order ?? order(), options.start ?? fresh(), ports, control);
  const end = events.at(-1);
  if (end?.kind !== 'stopped') throw new Error('the run did not tell its end');
  return { events, reports, saved, progress, rewound, end };
}

const kinds = (events: readonly TrainerEvent[]) => events.map(({ kind }) => kind);

const network = (size: number, value = 0): NetworkState => ({
  weights: new Float32Array(size).fill(value),
  firstMoment: new Float32Array(size),
  secondMoment: new Float32Array(size),
  running: new Float32Array(1),
});

/** An engine whose steps cost nothing: the results are told beforehand, step by step, from step 1 on. */
function scripted(result: (step: number) => StepResult, weight: (step: number) => number = () => 0): Engine {
  return {
    id: 'eager',
    trainSession: (_recipe, _batch, state) => {
      let { step } = state;
      return Promise.resolve({
        info: { engine: 'eager', provider: 'cpu', device: 'script' },
        step: () => {
          const outcome = result(step + 1);
          step += 1;
          return Promise.resolve(outcome);
        },
        readState: () => Promise.resolve({ generator: network(3, weight(step)), discriminator: network(3), step }),
        readGenerator: () => Promise.resolve({ weights: new Float32Array(3), running: new Float32Array(1), step }),
        close: () => Promise.resolve(),
      });
    },
    generatorSession: () => Promise.reject(new Error('not for training')),
    encoderSession: () => Promise.reject(new Error('not for training')),
  };
}

const healthy: StepResult = { lossD: 1, lossG: 2, dReal: 0.6, dFake: 0.4 };
const steady = scripted(() => healthy);

describe('a run', () => {
  it('trains its steps, reports, and leaves a checkpoint and samples at its end', async () => {
    const { events, reports, saved, end } = await trial();
    expect(end).toMatchObject({ reason: 'goal', step: 4 });
    expect(reports.map(({ step, images }) => [step, images])).toEqual([
      [1, 4],
      [2, 8],
      [3, 12],
      [4, 16],
    ]);
    for (const report of reports) expect(Object.values(report).every(Number.isFinite)).toBe(true);
    expect(saved.map(({ step }) => step)).toEqual([4]);
    expect(events.filter((event) => event.kind === 'generator' && event.keep)).toHaveLength(2);
  });

  it('equals, resumed from a checkpoint, an uninterrupted one bit for bit', async () => {
    const whole = await trial({ order: order({ budget: { kind: 'steps', steps: 6 } }) });
    const half = await trial({ order: order({ budget: { kind: 'steps', steps: 3 } }) });
    const [state] = half.saved;
    if (!state) throw new Error('no checkpoint');
    const start = { state, images: 12, seconds: 1, adaptive: undefined, saved: true };
    const resumed = await trial({ order: order({ budget: { kind: 'steps', steps: 3 } }), start });
    expect(resumed.saved).toEqual(whole.saved);
    const losses = (reports: readonly TrainingReport[]) =>
      (reports as readonly GanReport[]).map(({ lossD, lossG }) => [lossD, lossG]);
    expect(losses(resumed.reports)).toEqual(losses(whole.reports.slice(3)));
  });

  it('equals, resumed, an uninterrupted one bit for bit where augmentation adapts itself', async () => {
    const adaptive = Recipe.parse({
      ...recipe,
      augmentation: { translation: 0.125, cutout: 0.5, adaptive: true, adaptiveTarget: 0, adaptivePictures: 1000 },
      // Sure of the reals from the first step on, so that the probability rises.
      discriminatorNoise: { labels: 0.1, pictures: 0.1, picturesSteps: 6 },
    });
    const steps = (count: number) => order({ recipe: adaptive, budget: { kind: 'steps', steps: count } });
    const whole = await trial({ order: steps(11) });
    const half = await trial({ order: steps(6) });
    const [state] = half.saved;
    const progress = half.progress[0];
    if (!state || !progress) throw new Error('no checkpoint');
    expect(progress.adaptive?.steps).toBe(2);
    const resumed = await trial({ order: steps(5), start: { ...progress, state, saved: true } });
    expect(resumed.saved).toEqual(whole.saved);
    expect(resumed.progress.at(-1)?.adaptive).toEqual(whole.progress.at(-1)?.adaptive);
    const probabilities = (of: Trial) => of.reports.map(({ augmentProbability }) => augmentProbability);
    expect(probabilities(resumed)).toEqual(probabilities(whole).slice(6));
    expect(new Set(probabilities(whole)).size).toBeGreaterThan(1);
  });

  it('says nothing of a probability where augmentation does not adapt itself', async () => {
    expect((await trial({ engine: steady })).reports[0]).not.toHaveProperty('augmentProbability');
  });

  it.each([
    [{ kind: 'goal' }, recipe.training.steps],
    [{ kind: 'steps', steps: 5 }, 5],
    [{ kind: 'images', images: 9 }, 3],
    // Two looks at the clock a step, and two between steps.
    [{ kind: 'minutes', minutes: 0.01 }, undefined],
  ] as const)('ends when its budget %j is used up', async (budget, steps) => {
    const { end, reports } = await trial({ engine: steady, order: order({ budget }) });
    expect(end.reason).toBe('goal');
    if (steps !== undefined) expect(end.step).toBe(steps);
    else expect(reports.at(-1)?.seconds).toBeCloseTo(0.6, 1);
  });

  it('reports means over whole steps, and the time that is left', async () => {
    const engine = scripted((step) => ({ ...healthy, lossD: step }));
    const { events } = await trial({ engine, order: order({ reportEveryMs: 100_000 }) });
    const reports = events.filter((event) => event.kind === 'report');
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({ goal: 4, secondsLeft: 0, report: { lossD: 2.5, step: 4, msPerStep: TICK_MS } });
  });
});

describe('pause and stop', () => {
  it('saves at a pause, waits, and goes on where it was', async () => {
    const { events, saved, end } = await trial({
      engine: steady,
      onEvent: (event, control) => {
        if (event.kind === 'report' && event.report.step === 2) control.pause();
        if (event.kind === 'paused') setTimeout(() => control.resume(), 5);
      },
    });
    expect(end).toMatchObject({ reason: 'goal', step: 4 });
    expect(saved.map(({ step }) => step)).toEqual([2, 4]);
    expect(kinds(events).slice(kinds(events).indexOf('paused'))).toContain('training');
  });

  it('does not count a pause as training time', async () => {
    const withPause = await trial({
      engine: steady,
      onEvent: (event, control) => {
        if (event.kind === 'report' && event.report.step === 2) control.pause();
        if (event.kind === 'paused') control.resume();
      },
    });
    const without = await trial({ engine: steady });
    const seconds = ({ reports }: Trial) => reports.at(-1)?.seconds ?? 0;
    expect(seconds(withPause)).toBeLessThan(seconds(without) + 0.1);
  });

  it.each(['user', 'interrupted'] as const)(
    'stops (%s) after the step in flight, with a checkpoint',
    async (reason) => {
      const { saved, end } = await trial({
        engine: steady,
        order: order({ budget: { kind: 'steps', steps: 100 } }),
        onEvent: (event, control) => {
          if (event.kind === 'report' && event.report.step === 3) control.stop(reason);
        },
      });
      expect(end).toMatchObject({ reason, step: 3 });
      expect(saved.map(({ step }) => step)).toEqual([3]);
    },
  );

  it('stops out of a pause', async () => {
    const { end } = await trial({
      engine: steady,
      onEvent: (event, control) => {
        if (event.kind === 'report') control.pause();
        if (event.kind === 'paused') control.stop('user');
      },
    });
    expect(end).toMatchObject({ reason: 'user', step: 1 });
  });
});

/** An engine that tells several phases of its preparation, and has trained nothing when it is stopped there. */
const preparing = (engine: Engine, opened: string[] = []): Engine => ({
  ...engine,
  async trainSession(recipe, batchSize, state, options, onPhase) {
    for (const phase of ['one', 'two', 'three']) {
      await onPhase?.(phase, 0);
      opened.push(phase);
    }
    return engine.trainSession(recipe, batchSize, state, options);
  },
});

describe('a stop while a run is prepared', () => {
  it.each(['user', 'interrupted'] as const)(
    '(%s) is heard at the next phase, and nothing is trained',
    async (reason) => {
      const opened: string[] = [];
      const { state } = fresh();
      const { end, saved, events } = await trial({
        engine: preparing(steady, opened),
        start: { ...fresh(), state: { ...state, step: 3 }, saved: true },
        onEvent: (event, control) => {
          // As a message that comes while the thread is busy: it is let in before the next phase.
          if (event.kind === 'preparing' && event.phase === 'two') setImmediate(() => control.stop(reason));
        },
      });
      expect(end).toEqual({ kind: 'stopped', reason, step: 3 });
      expect(opened).toEqual(['one', 'two']);
      expect(saved).toEqual([]);
      expect(kinds(events)).not.toContain('training');
    },
  );

  it('ends the looking for the fastest forms between two problems', async () => {
    const forms = { read: () => Promise.resolve(new Map<string, string>()), write: () => Promise.reject(new Error('nothing was found')) }; // prettier-ignore
    const tunings: number[] = [];
    const { end } = await trial({
      engine: compiled,
      forms,
      order: order({ engine: 'compiled' }),
      onEvent: (event, control) => {
        if (event.kind !== 'preparing' || !event.phase.startsWith('Trying')) return;
        tunings.push(event.fraction);
        if (tunings.length === 2) control.stop('user');
      },
    });
    expect(end).toEqual({ kind: 'stopped', reason: 'user', step: 0 });
    expect(tunings).toHaveLength(2);
  });

  it('loses no step of a run whose provider has just failed', async () => {
    const failing = scripted((step) => {
      if (step === 3) throw new GanvasError('engine.unavailable', { engine: 'compiled', provider: 'webgpu', problem: 'gone' }); // prettier-ignore
      return healthy;
    });
    const opened: string[] = [];
    const run = await trial({
      order: order({ engine: 'compiled', provider: 'webgpu', budget: { kind: 'steps', steps: 9 } }),
      engine: preparing(failing, opened),
      onEvent: (event, control) => {
        if (event.kind === 'preparing' && event.phase === 'two' && opened.length > 3) control.stop('user');
      },
    });
    expect(run.end).toMatchObject({ reason: 'user' });
    expect(run.saved.map(({ step }) => step)).toEqual([run.end.step]);
    expect(run.end.step).toBe(2);
    // Once more from the first phase, without being stopped.
    expect(opened.slice(3)).toEqual(['one', 'two', 'one', 'two', 'three']);
  });
});

describe('failures', () => {
  it.each([
    ['lossD', 'the discriminator’s loss'],
    ['lossG', 'the generator’s loss'],
    ['dReal', 'D(x)'],
    ['dFake', 'D(G(z))'],
  ] as const)('stops before saving when %s is no number, and names it', async (figure, term) => {
    const engine = scripted((step) => (step === 3 ? { ...healthy, [figure]: NaN } : healthy));
    const { saved, end, reports } = await trial({ engine });
    expect(end).toMatchObject({ reason: 'error', error: { code: 'training.diverged', facts: { step: 3, term } } });
    expect(saved).toEqual([]);
    expect(reports.at(-1)?.step).toBe(2);
  });

  it('never saves a weight that is no number, though the losses were still fine', async () => {
    const engine = scripted(
      () => healthy,
      (step) => (step === 4 ? Infinity : 0),
    );
    const { saved, end } = await trial({ engine });
    expect(end).toMatchObject({ reason: 'error', error: { code: 'training.diverged', facts: { step: 4 } } });
    expect(saved).toEqual([]);
  });

  it('pauses when the disk is full, and goes on when there is room', async () => {
    let full = true;
    const { events, saved, end } = await trial({
      engine: steady,
      order: order({ checkpointEverySeconds: 0.001 }),
      saveCheckpoint: () => {
        if (full) throw new GanvasError('disk.full', { file: 'state' });
      },
      onEvent: (event, control) => {
        if (event.kind !== 'paused') return;
        full = false;
        control.resume();
      },
    });
    expect(events.find((event) => event.kind === 'warning')).toMatchObject({ error: { code: 'disk.full' } });
    expect(end).toMatchObject({ reason: 'goal', step: 4 });
    expect(saved.at(-1)?.step).toBe(4);
  });

  it('saves what it has when the engine fails', async () => {
    const engine = scripted((step) => {
      if (step === 3)
        throw new GanvasError('engine.unavailable', { engine: 'eager', provider: 'cpu', problem: 'gone' });
      return healthy;
    });
    const { end, saved } = await trial({ engine });
    expect(end).toMatchObject({ reason: 'error', error: { code: 'engine.unavailable' } });
    expect(saved).toHaveLength(1);
  });

  it('tells when the engine cannot even begin', async () => {
    const engine: Engine = {
      ...steady,
      trainSession: () => Promise.reject(new GanvasError('recipe.misfit', { problem: 'x' })),
    };
    expect((await trial({ engine })).end).toMatchObject({ reason: 'error', step: 0, error: { code: 'recipe.misfit' } });
  });
});

/** The eager engine as if it ran on a device, of which a test says when it fails: in the step that it is about to do, or when it is opened. */
function frail(failsAt: (step: number) => boolean, opens: () => boolean = () => true): Engine {
  const failed = (problem: string) =>
    new GanvasError('engine.unavailable', { engine: 'eager', provider: 'webgpu', problem });
  return {
    ...eager,
    async trainSession(recipe, batchSize, state, options) {
      if (!opens()) throw failed('no device');
      const session = await eager.trainSession(recipe, batchSize, state, { ...options, provider: 'cpu' });
      let { step } = state;
      let lost = false;
      const alive = async <Result>(work: () => Promise<Result>): Promise<Result> => {
        if (lost) throw failed('device lost');
        return work();
      };
      return {
        info: { engine: 'eager', provider: 'webgpu', device: 'a frail one' },
        step: (inputs) => {
          lost ||= failsAt(step + 1);
          return alive(async () => {
            const result = await session.step(inputs);
            step += 1;
            return result;
          });
        },
        readState: () => alive(() => session.readState()),
        readGenerator: () => alive(() => session.readGenerator()),
        close: () => session.close(),
      };
    },
  };
}

describe('a provider that fails', () => {
  const onDevice = order({ engine: 'compiled', provider: 'webgpu', budget: { kind: 'steps', steps: 6 } });
  const whole = trial({ order: order({ budget: { kind: 'steps', steps: 6 } }) });
  const warnings = ({ events }: Trial) =>
    events.flatMap((event) => (event.kind === 'warning' ? [[event.error.code, event.error.facts]] : []));
  const lossesOf = ({ reports }: Trial) => {
    const bySteps = new Map((reports as readonly GanReport[]).map(({ step, lossD, lossG }) => [step, [lossD, lossG]]));
    return [...bySteps].sort(([a], [b]) => a - b);
  };

  /** Same last state, and the same losses of every step, whichever were done twice. */
  async function expectAsIfNothingHad(run: Trial): Promise<void> {
    const uninterrupted = await whole;
    expect(run.end).toEqual({ kind: 'stopped', reason: 'goal', step: 6 });
    expect(run.saved.at(-1)).toEqual(uninterrupted.saved.at(-1));
    expect(lossesOf(run)).toEqual(lossesOf(uninterrupted));
  }

  it('once: goes on with it anew from the last copy of the state, and the run is what it would have been', async () => {
    let failures = 0;
    const run = await trial({
      order: { ...onDevice, checkpointEverySeconds: 0.14 },
      engine: frail((step) => step === 5 && failures++ === 0),
    });
    // Each look at the clock takes 10 ms, so a copy was made on the way.
    const copied = run.saved[0]?.step ?? 0;
    expect(copied).toBeGreaterThan(0);
    expect(copied).toBeLessThan(4);
    expect(warnings(run)).toEqual([
      [
        'training.provider-restarted',
        { provider: 'webgpu', problem: 'device lost', step: copied, repeated: 4 - copied },
      ],
    ]);
    expect(run.rewound).toEqual([copied]);
    expect(run.reports.map(({ step }) => step)).toEqual([1, 2, 3, 4, ...[1, 2, 3, 4, 5, 6].slice(copied)]);
    expect(run.reports.map(({ images, step }) => images / step)).toEqual(run.reports.map(() => 4));
    await expectAsIfNothingHad(run);
  });

  it('for ever at the same step: is tried once more, then the CPU takes over', async () => {
    const run = await trial({ order: onDevice, engine: frail((step) => step === 3) });
    expect(warnings(run).map(([code]) => code)).toEqual(['training.provider-restarted', 'training.fell-back']);
    expect(run.rewound).toEqual([0, 0]);
    const engines = run.events.flatMap((event) => (event.kind === 'training' ? [event.engine.provider] : []));
    expect(engines).toEqual(['webgpu', 'webgpu', 'cpu']);
    await expectAsIfNothingHad(run);
  });

  it('again, but further on: is tried once more each time', async () => {
    const failing = new Set([2, 5]);
    const run = await trial({
      order: { ...onDevice, checkpointEverySeconds: 0.001 },
      engine: frail((step) => failing.delete(step)),
    });
    expect(warnings(run)).toMatchObject([
      ['training.provider-restarted', { step: 1, repeated: 0 }],
      ['training.provider-restarted', { step: 4, repeated: 0 }],
    ]);
    expect(run.rewound).toEqual([]);
    await expectAsIfNothingHad(run);
  });

  it('and cannot be opened again: the CPU takes over at once', async () => {
    let opened = 0;
    const run = await trial({ order: onDevice, engine: frail((step) => step === 3, () => opened++ === 0) }); // prettier-ignore
    expect(warnings(run).map(([code]) => code)).toEqual(['training.fell-back']);
    await expectAsIfNothingHad(run);
  });

  it('at once: the CPU trains from the beginning', async () => {
    const run = await trial({ order: onDevice, engine: frail(() => false, () => false) }); // prettier-ignore
    expect(warnings(run)).toEqual([
      ['training.fell-back', { provider: 'webgpu', problem: 'no device', step: 0, repeated: 0 }],
    ]);
    await expectAsIfNothingHad(run);
  });

  it('while the run is paused or being saved: the pause stays, and nothing is lost', async () => {
    let failures = 0;
    const engine = frail((step) => step === 3 && failures++ === 0);
    const run = await trial({
      order: onDevice,
      engine,
      onEvent: (event, control) => {
        if (event.kind === 'report' && event.report.step === 2 && failures === 0) control.pause();
        if (event.kind === 'paused') control.resume();
      },
    });
    expect(warnings(run)).toHaveLength(1);
    await expectAsIfNothingHad(run);
  });

  it('where the CPU has too little memory, is what failed, or the engine was chosen by name: the run ends, saved as far as it can be', async () => {
    const cpuProblem = toErrorData(new GanvasError('training.too-large', { needed: 9, present: 8 }));
    const alone = await trial({ order: { ...onDevice, cpuProblem }, engine: frail((step) => step === 3) });
    expect(alone.end).toMatchObject({ reason: 'error', error: { code: 'engine.unavailable' } });
    const chosen = await trial({ order: { ...onDevice, engine: 'eager' }, engine: frail((step) => step === 3) });
    expect(chosen.end).toMatchObject({ reason: 'error', error: { code: 'engine.unavailable' } });
    const standby = frail((step) => step === 4);
    const onNative = { ...onDevice, engine: 'eager', provider: 'cuda', engineNamed: false } as const;
    const automatic = await trial({ order: onNative, engine: frail((step) => step === 3) });
    expect(warnings(automatic).at(-1)).toMatchObject(['training.fell-back', { provider: 'eager on cuda' }]);
    await expectAsIfNothingHad(automatic);
    const both = await trial({ order: onDevice, engine: frail(() => false, () => false), standby }); // prettier-ignore
    expect(both.end).toMatchObject({ reason: 'error', error: { code: 'engine.unavailable' } });
  });
});
