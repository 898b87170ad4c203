import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type {
  CurationSummary,
  DoctorReport,
  MachineInfo,
  ProjectDetail,
  RunStatus,
  SampleSheet,
  TrainingReport,
} from '#shared/contract/types';
import { GanvasError, toErrorData } from '#shared/contract/errors';
import {
  FakeClient,
  PROJECT_ID,
  studioContext,
  testCuration,
  testPictures,
  testProject,
  testRun,
  type Answers,
} from '../../app/fakeClient';
import { Studio } from '../../app/studio.svelte';
import TrainRoom from './TrainRoom.svelte';

const RUN_ID = 'run-1';
const report = (step: number): TrainingReport => ({
  step,
  images: step * 16,
  lossD: 1.1,
  lossG: 0.9,
  dReal: 0.8,
  dFake: 0.2,
  msPerStep: 20,
  imagesPerSecond: 812,
  seconds: step / 50,
});
const sheet = (step: number): SampleSheet => ({ runId: RUN_ID, step, pictures: testPictures(16) });

function enter(run: Partial<RunStatus>, project: Partial<ProjectDetail> = {}, answers: Answers = {}) {
  const client = new FakeClient({
    'datasets.thumbnails': ({ count }) => testPictures(count),
    'training.history': () => ({ runId: RUN_ID, reports: [report(500), report(1000)] }),
    'training.sampleSteps': () => [500, 1000],
    'training.samplesAt': ({ step }) => sheet(step),
    'training.start': () => testRun({ runId: RUN_ID, run: { state: 'preparing', phase: 'Compiling', fraction: 0.2 } }),
    'training.pause': () => testRun({ runId: RUN_ID, run: { state: 'paused' } }),
    'training.stop': () => testRun({ runId: RUN_ID, run: { state: 'stopped', reason: 'user' } }),
    'recipe.set': () => testProject(),
    ...answers,
  });
  const studio = new Studio(client);
  studio.takeProject(testProject({ run: testRun(run), ...project }));
  studio.room = 'train';
  render(TrainRoom, { context: studioContext(studio) });
  return { client, studio };
}
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const trained = { runId: RUN_ID, step: 1000, checkpointStep: 980, continuable: true } as const;

describe('Train room', () => {
  it('without pictures leads to Data', () => {
    const { studio } = enter({}, { dataset: undefined });
    button('Go to Data').click();
    expect(studio.room).toBe('data');
  });

  it('with networks that do not fit says why and leads to Model', () => {
    const project = testProject();
    const recipe = { ...project.recipe, discriminator: project.recipe.discriminator.slice(0, -1) };
    const { studio } = enter({}, { recipe });
    expect(screen.getByText(/discriminator does not fit/)).toBeTruthy();
    button('Go to Model').click();
    expect(studio.room).toBe('model');
  });

  it('says before the start what training takes of the memory', async () => {
    const bytes = { bytes: 253e6, stateBytes: 105e6, stepBytes: 148e6, presentBytes: 25e9 };
    enter({}, {}, { 'recipe.memory': () => ({ batchSize: 16, fits: true, ...bytes }) });
    const memory = await screen.findByRole('region', { name: 'Memory of training' });
    expect(memory.textContent).toMatch(/batches of 16 takes about 253.MB.*this machine has 25.GB/s);
    expect(button('Start training')).toBeTruthy();
  });

  it('starts with the seed and device on screen', async () => {
    const { client } = enter(
      {},
      {},
      { 'training.history': () => ({ runId: undefined, reports: [] }), 'training.sampleSteps': () => [] },
    );
    const seed = Number((screen.getByLabelText('Seed') as HTMLInputElement).value);
    button('Start training').click();
    await screen.findByText('Compiling');
    expect(screen.getByText(/^\d+\s%$/)).toBeTruthy();
    expect(client.paramsOf('training.start')).toEqual([
      { projectId: PROJECT_ID, seed, engine: 'auto', provider: 'auto', ownProcess: false, untuned: false },
    ]);
  });

  it('leaves tuning out of a run whose seed is given', async () => {
    const { client } = enter({});
    const seed = screen.getByLabelText('Seed');
    await fireEvent.input(seed, { target: { value: '5' } });
    await fireEvent.blur(seed);
    expect(screen.getByRole('switch', { name: 'Tune for this machine' }).getAttribute('aria-checked')).toBe('false');
    button('Start training').click();
    await screen.findByText('Compiling');
    expect(client.paramsOf('training.start')).toEqual([
      { projectId: PROJECT_ID, seed: 5, engine: 'auto', provider: 'auto', ownProcess: false },
    ]);
  });

  it.each([
    ['compiled', false, '34129 tuned'],
    ['compiled', true, '34129'],
    ['eager', false, '34129'],
  ] as const)('says of a run whether it was tuned (%s, untuned: %s)', async (engine, untuned, words) => {
    const info = { engine, provider: 'cpu', device: 'CPU' } as const;
    enter({ ...trained, run: { state: 'training' }, engine: info, seed: 34129, untuned });
    const number = (await screen.findByText(/^Seed/, { selector: 'dt' })).nextElementSibling;
    expect(number?.textContent.trim().replace(/\s+/g, ' ')).toBe(words);
  });

  it('hangs the real pictures before there are samples', async () => {
    enter({}, {}, { 'training.history': () => ({ runId: undefined, reports: [] }), 'training.sampleSteps': () => [] });
    expect(await screen.findByRole('img', { name: 'Real pictures' })).toBeTruthy();
  });

  it('hangs those real pictures that are trained on, and hangs them anew when they change', async () => {
    const { client, studio } = enter(
      {},
      { curation: testCuration({ trained: 87, excluded: 241, hash: 'b' }) },
      { 'training.history': () => ({ runId: undefined, reports: [] }), 'training.sampleSteps': () => [] },
    );
    expect(await screen.findByText(/what the generator is to learn, 87 pictures/)).toBeTruthy();
    const asked = { projectId: PROJECT_ID, of: 'trained', from: 0 };
    await waitFor(() => expect(client.paramsOf('datasets.thumbnails')).toEqual([{ ...asked, count: 64 }]));
    studio.takeCuration(PROJECT_ID, testCuration({ revision: 1, trained: 20, excluded: 308, hash: 'c' }));
    expect(await screen.findByText(/what the generator is to learn, 20 pictures/)).toBeTruthy();
    await waitFor(() => expect(client.paramsOf('datasets.thumbnails').at(-1)).toEqual({ ...asked, count: 20 }));
    studio.takeCuration(PROJECT_ID, testCuration({ revision: 2, trained: 20, excluded: 308, hash: 'd' }));
    await waitFor(() => expect(client.paramsOf('datasets.thumbnails')).toHaveLength(3));
  });

  it('of networks that look at classes counts the pictures that have one', async () => {
    const recipe = { ...testProject().recipe, classes: ['cats'] };
    const curation = testCuration({ classes: [{ name: 'cats', pictures: 40 }] });
    enter({}, { recipe, curation }, { 'training.sampleSteps': () => [] });
    expect(await screen.findByText(/40 pictures/)).toBeTruthy();
  });

  it('while training shows what is on disk, then what comes live', async () => {
    const { client } = enter({ ...trained, run: { state: 'training' } });
    expect(await screen.findByRole('img', { name: /^Samples at step 1\u202f000/ })).toBeTruthy();
    expect(await screen.findByText('The discriminator leads')).toBeTruthy();
    client.tell({ event: 'training.samples', data: { projectId: PROJECT_ID, sheet: sheet(1200) } });
    client.tell({
      event: 'training.report',
      data: { projectId: PROJECT_ID, runId: RUN_ID, report: { ...report(1200), dReal: 0.999, dFake: 0.001 } },
    });
    expect(await screen.findByRole('img', { name: /^Samples at step 1\u202f200/ })).toBeTruthy();
    expect(await screen.findByText('The discriminator is far ahead')).toBeTruthy();
  });

  it('hears nothing of other projects', async () => {
    const { client } = enter({ ...trained, run: { state: 'training' } });
    await screen.findByRole('img', { name: /^Samples at step/ });
    client.tell({ event: 'training.samples', data: { projectId: 'another', sheet: sheet(7777) } });
    await Promise.resolve();
    expect(screen.queryByRole('img', { name: /7\u202f777/ })).toBeNull();
  });

  it('shows the losses as a table too', async () => {
    enter({ ...trained, run: { state: 'paused' } });
    (await screen.findByRole('button', { name: 'Losses as a table' })).click();
    const table = await screen.findByRole('region', { name: 'Losses, table' });
    expect([...table.querySelectorAll('tbody tr')].map((row) => row.textContent)).toEqual([
      expect.stringContaining('1\u202f000'),
      expect.stringContaining('500'),
    ]);
  });

  it('pauses and stops', async () => {
    const { client } = enter({ ...trained, run: { state: 'training' } });
    button('Pause').click();
    await waitFor(() => expect(button('Resume')).toBeTruthy());
    button('Stop').click();
    await screen.findByRole('heading', { name: 'Stopped' });
    expect(client.calls.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['training.pause', 'training.stop']),
    );
  });

  it('resumes an interrupted run from its checkpoint, keeping its seed', async () => {
    const { client } = enter({ ...trained, run: { state: 'stopped', reason: 'interrupted' } });
    button(/Resume from step 980/).click();
    await waitFor(() => expect(client.paramsOf('training.start')).toHaveLength(1));
    expect(client.paramsOf('training.start')[0]).toEqual({
      projectId: PROJECT_ID,
      budget: { kind: 'goal' },
      engine: 'auto',
      provider: 'auto',
      ownProcess: false,
    });
  });

  it('at the goal raises it, as the learning rates go by it', async () => {
    const { client } = enter({
      ...trained,
      step: 5000,
      checkpointStep: 5000,
      run: { state: 'stopped', reason: 'goal' },
    });
    button(/^Train 5\u202f000 more steps/).click();
    await waitFor(() => expect(client.paramsOf('training.start')[0]?.budget).toEqual({ kind: 'goal' }));
    expect(client.paramsOf('recipe.set')[0]?.recipe.training.steps).toBe(10_000);
  });

  it('after a change of the networks offers only a new run, and says so', () => {
    enter({ ...trained, continuable: false, run: { state: 'stopped', reason: 'user' } });
    expect(screen.getByText(/Only a new run is possible/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Resume/ })).toBeNull();
  });

  it('asks before a new run takes the place of one that could go on', async () => {
    const { client } = enter({ ...trained, run: { state: 'stopped', reason: 'user' } });
    button('Start a new run').click();
    await screen.findByRole('alertdialog', { name: 'Start a new run?' });
    expect(client.paramsOf('training.start')).toHaveLength(0);
  });

  describe('after the pictures were changed', () => {
    const stopped = { ...trained, run: { state: 'stopped', reason: 'user' } } as const;
    const trainedOn = { hash: 'old', count: 87 };
    const stale = toErrorData(new GanvasError('training.pictures-changed', { now: 105, before: 87, step: 184 }));
    const now = (change: Partial<CurationSummary>) => ({ curation: testCuration(change) });
    const asIfNever = () => screen.queryByText(/as if it had\s+never\s+stopped/);

    it('says what they are now, never what they were when the run began', async () => {
      const { studio } = enter({ ...stopped, trainedOn, warning: stale }, now({ trained: 222, hash: 'new' }));
      expect(screen.getByText(/changed since step 980/)).toBeTruthy();
      expect(screen.getByText(/There were 87, now 222 pictures would be trained on/)).toBeTruthy();
      expect(screen.queryByText(/105/)).toBeNull();
      expect(screen.queryByText('training.pictures-changed')).toBeNull();
      expect(screen.queryByRole('alert')).toBeNull();
      expect(asIfNever()).toBeNull();
      studio.takeCuration(PROJECT_ID, testCuration({ revision: 1, trained: 87, hash: 'old' }));
      await waitFor(() => expect(asIfNever()).toBeTruthy());
      expect(screen.queryByText(/changed since/)).toBeNull();
    });

    it('is put away until they change again, and even then nothing says that it never stopped', async () => {
      const { studio } = enter({ ...stopped, trainedOn }, now({ trained: 105, hash: 'put away' }));
      button('Dismiss').click();
      await waitFor(() => expect(screen.queryByText(/changed since/)).toBeNull());
      expect(asIfNever()).toBeNull();
      studio.takeCuration(PROJECT_ID, testCuration({ revision: 1, trained: 106, hash: 'again' }));
      expect(await screen.findByText(/now 106 pictures/)).toBeTruthy();
    });

    it('during a run says which ones it goes on with', () => {
      enter({ ...trained, run: { state: 'training' }, trainedOn }, now({ trained: 105, hash: 'new' }));
      expect(screen.getByText(/began with: 87 pictures, not the 105 of now/)).toBeTruthy();
      expect(screen.queryByRole('alert')).toBeNull();
    });

    it('keeps silent where a resumed run took the new ones', () => {
      const taken = { hash: 'new', count: 105 };
      const run = { ...trained, run: { state: 'training' }, trainedOn: taken, warning: stale } as const;
      enter(run, now({ trained: 105, hash: 'new' }));
      expect(screen.queryByText(/pictures were changed|no longer those/)).toBeNull();
    });
  });

  it('names the error that ended a run, and what to do', () => {
    const error = toErrorData(new GanvasError('training.diverged', { step: 900, term: 'lossG' }));
    enter({ ...trained, run: { state: 'stopped', reason: 'error', error } });
    expect(screen.getByRole('alert').textContent).toContain('Training diverged at step 900');
  });

  it('scrubs back to kept samples and forward to the newest', async () => {
    enter({ ...trained, run: { state: 'training' } });
    await screen.findByRole('img', { name: /^Samples at step 1\u202f000/ });
    const slider = screen.getByRole('slider', { name: 'Samples by step' });
    slider.focus();
    slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }));
    expect(await screen.findByRole('img', { name: /^Samples at step 500/ })).toBeTruthy();
    button('Newest').click();
    expect(await screen.findByRole('img', { name: /^Samples at step 1\u202f000/ })).toBeTruthy();
  });
});

describe('the devices of the machine', () => {
  const none = { 'training.history': () => ({ runId: undefined, reports: [] }), 'training.sampleSteps': () => [] };
  const examined: MachineInfo = {
    automatic: { engine: 'compiled', provider: 'webgpu' },
    unfinished: false,
    report: {
      node: 'v20',
      platform: 'linux x64',
      cores: 8,
      best: { engine: 'compiled', provider: 'webgpu' },
      findings: [
        {
          engine: 'compiled',
          provider: 'cpu',
          device: 'CPU, 8 threads',
          status: 'right',
          msPerStep: 41,
          difference: 0,
        },
        {
          engine: 'compiled',
          provider: 'webgpu',
          device: 'GPU, WebGPU',
          status: 'right',
          msPerStep: 9,
          difference: 1e-6,
        },
        { engine: 'compiled', provider: 'cuda', device: 'GPU, CUDA', status: 'unavailable', problem: 'no CUDA 12' },
        { engine: 'eager', provider: 'cpu', device: 'JavaScript', status: 'wrong', difference: 0.2 },
      ],
    },
  };

  it('are unknown at first, and a table of findings after the examination', async () => {
    let known: MachineInfo = { automatic: undefined, unfinished: false, report: undefined };
    const { client, studio } = enter({}, {}, {
      ...none,
      'app.machine': () => known,
      'app.doctor': () => {
        known = examined;
        return examined.report as DoctorReport;
      },
    }); // prettier-ignore
    await studio.machine.load();
    button('Devices of this machine').click();
    await screen.findByText(/first start tries what computes fastest/);
    button('Examine this machine').click();
    await screen.findByText(/Automatic takes GPU \(WebGPU\)/);
    expect(client.paramsOf('app.doctor')).toHaveLength(1);
    const rows = screen.getAllByRole('row').map((row) => [...row.children].map((cell) => cell.textContent).join(' '));
    expect(rows).toEqual([
      expect.stringMatching(/^CPU right 41.ms a step$/),
      expect.stringMatching(/^GPU \(WebGPU\) right 9.ms a step$/),
      'GPU (CUDA) not here no CUDA 12',
      'CPU, TensorFlow.js wrong differs from the CPU by 2.0e-1',
    ]);
    expect(button('Examine again')).toBeTruthy();
  });

  it('keep to the CPU, and say so, after an examination in which the program ended', async () => {
    const { studio } = enter({}, {}, {
      ...none,
      'app.machine': () => ({
        automatic: { engine: 'compiled', provider: 'cpu' },
        unfinished: true, report: undefined }),
    }); // prettier-ignore
    await studio.machine.load();
    button('Devices of this machine').click();
    await screen.findByText(/ended amid the last examination/);
  });
});
